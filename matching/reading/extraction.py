"""Text to skills with the passage that shows each of them.

One rule: labels speak first; the meaning of a passage is asked only where no label was found, and abstains
under its floor (a probability: see `matching.calibration`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from matching.calibration import SEMANTIC_LEAD, SEMANTIC_LEAST_PROBABILITY, semantic_probability
from matching.candidates import NearSkill, nearest_skills
from matching.reading.reader import Evidence, Reading, Refusal, read_text
from matching.reading.seniority import guess_level
from matching.reading.sentences import Span
from matching.reading.texts import check_text
from matching.reading.tokens import tokenize
from matching.referential import Referential, load_referential
from matching.scoring import Held

# Passages compared by meaning, at most: the first ones of the text.
MOST_PASSAGES = 120
LONGEST_PASSAGE = 300  # characters

_NO_MODEL = {
    "fr": "Aucun modèle de langue ne répond : seuls les libellés et les sigles du référentiel sont reconnus.",
    "en": "No language model answers: only labels and acronyms of the referential are recognised.",
}


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill held. `level_sign` are the words the level was read from, empty for the default level. A skill that does not come
    from the text (see `matching.origins.held`) has no place in it and no probability.
    """

    code: str
    label_fr: str
    label_en: str
    level: int
    quote: str
    start: int | None
    end: int | None
    found_by: str
    probability: float | None
    level_sign: str = ""

    def label(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_fr

    def as_dict(self) -> dict[str, object]:
        names = ("code", "label_fr", "label_en", "level", "quote", "start", "end", "found_by", "probability")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A skill named but not held (denied, or wished for)."""

    code: str
    label_fr: str
    label_en: str
    quote: str
    reason: str

    def label(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_fr

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "quote": self.quote, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Extraction:
    """`notice` says, when not empty, that part of the method could not run."""

    skills: tuple[FoundSkill, ...]
    set_aside: tuple[SetAside, ...]
    notice: str = ""

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(Held(skill.code, skill.level) for skill in self.skills)


def extract_skills(
    text: str, language: str = "fr", referential: Referential | None = None, engine: str = ""
) -> Extraction:
    """The skills of a text. Raises TextRefused for what is no readable text."""
    check_text(text, settings.MATCH_TEXT_LIMIT)
    referential = referential or load_referential()
    reading = read_text(text, referential.lexicon, language)
    by_meaning, notice = _by_meaning(text, reading, language, engine)
    evidences = sorted([*reading.held, *by_meaning], key=lambda one: (one.start, one.end, one.code))
    return Extraction(
        tuple(_found(text, evidence, referential) for evidence in evidences),
        tuple(_set_aside(text, refusal, referential) for refusal in reading.refused),
        notice,
    )


def _found(text: str, evidence: Evidence, referential: Referential) -> FoundSkill:
    return FoundSkill(
        evidence.code,
        referential.label(evidence.code, "fr"),
        referential.label(evidence.code, "en"),
        evidence.level.level,
        text[evidence.start : evidence.end],
        evidence.start,
        evidence.end,
        evidence.found_by,
        evidence.probability,
        evidence.level.sign,
    )


def _set_aside(text: str, refusal: Refusal, referential: Referential) -> SetAside:
    return SetAside(
        refusal.code,
        referential.label(refusal.code, "fr"),
        referential.label(refusal.code, "en"),
        text[refusal.start : refusal.end],
        refusal.reason,
    )


def _by_meaning(text: str, reading: Reading, language: str, engine: str) -> tuple[list[Evidence], str]:
    """Skills near the passages without labels, and a notice when they could not be asked for as usual."""
    passages = [span for span in reading.silent if span.end - span.start <= LONGEST_PASSAGE][:MOST_PASSAGES]
    near = nearest_skills([text[span.start : span.end] for span in passages], engine)
    if near.by_text is None:
        no_model = _NO_MODEL["en" if language == "en" else "fr"]
        return [], " ".join(filter(None, (near.notice, no_model)))
    known = {one.code for one in (*reading.held, *reading.refused)}
    best: dict[str, Evidence] = {}
    for span, found in zip(passages, near.by_text, strict=True):
        evidence = _nearest_evidence(text, span, found)
        if evidence is None or evidence.code in known:
            continue
        if evidence.code not in best or evidence.probability > best[evidence.code].probability:
            best[evidence.code] = evidence
    return list(best.values()), near.notice


def _nearest_evidence(text: str, span: Span, neighbours: Sequence[NearSkill]) -> Evidence | None:
    """The nearest skill, when it is likely and stands out from the second."""
    if not neighbours or neighbours[0].probability < SEMANTIC_LEAST_PROBABILITY:
        return None
    if len(neighbours) > 1 and neighbours[0].similarity - neighbours[1].similarity < SEMANTIC_LEAD:
        return None
    best = neighbours[0]
    words = " ".join(token.key for token in tokenize(text[span.start : span.end]))
    level = guess_level(words, words)
    return Evidence(
        best.code, span.start, span.end, "semantic", semantic_probability(best.probability), level
    )
