"""Text to skills with the passage that shows each of them.

One rule: a skill is answered when its probability reaches the floor, whatever speaks for it (a label, an acronym, the meaning
or the words of a passage: see `matching.reading.weighing`); under the floor it is no answer (`maybe`).
"""

import logging
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum

from django.conf import settings

from matching.expecting import Likely
from matching.reading.lexicon import Mention
from matching.reading.passage_model import Floats
from matching.reading.reader import Evidence, Reading, Refusal, read_text
from matching.reading.reader_model import ReaderModel, reader_model
from matching.reading.seniority import guess_level, level_reason
from matching.reading.texts import check_text
from matching.reading.weighing import Candidate, candidates
from matching.referential import Referential, load_referential
from matching.scoring import Held
from search.embeddings import embedder
from search.errors import EmbeddingUnavailable
from skills.gender import in_one_gender

logger = logging.getLogger(__name__)
LEAST_MAYBE = 0.2  # probability from which a skill is worth asking about

_NO_MODEL = {
    "fr": "Aucun modèle de langue ne répond : les passages sont comparés par leurs mots seulement.",
    "en": "No language model answers: passages are compared by their words only.",
}
_OTHER_MODEL = {
    "fr": "Le modèle de langue n'est pas celui pour lequel la lecture a été réglée (build_reader) : les passages sont comparés "
    "par leurs mots seulement.",
    "en": "The language model is not the one that reading was tuned for (build_reader): passages are compared "
    "by their words only.",
}


class Part(Enum):
    """What may speak for a skill; the evaluation leaves one out to see what it is worth."""

    LABELS = "labels"
    PASSAGES = "passages"


EVERY_PART = frozenset(Part)


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill held. `level_sign` are the words the level was read from, empty for the default level, and `level_reason` says so
    in a sentence. A skill that does not come from the text (see `matching.origins.held`) has no place in it and no probability.
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
    level_reason: str = ""

    def label(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_fr

    def as_dict(self) -> dict[str, object]:
        names = ("code", "label_fr", "label_en", "level", "quote", "start", "end", "found_by", "probability")
        names += ("level_reason",)
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
    """`notice` says, when not empty, that part of the method could not run. `maybe` are skills under the floor: no answer, but
    something to ask about; `passages` the vectors of what the text says of the person, one row a passage, None without a model.
    """

    skills: tuple[FoundSkill, ...]
    set_aside: tuple[SetAside, ...]
    notice: str = ""
    maybe: tuple[FoundSkill, ...] = ()
    passages: Floats | None = field(default=None, repr=False, compare=False)

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(Held(skill.code, skill.level) for skill in self.skills)

    @property
    def likely(self) -> tuple[Likely, ...]:
        """What is answered and what is under the floor, as far as each is likely."""
        return tuple(
            Likely(one.code, one.level, 1.0 if one.probability is None else one.probability)
            for one in (*self.skills, *self.maybe)
        )


def extract_skills(
    text: str,
    language: str = "fr",
    referential: Referential | None = None,
    *,
    parts: AbstractSet[Part] = EVERY_PART,
) -> Extraction:
    """The skills of a text. Raises TextRefused for what is no readable text. No engine takes part."""
    check_text(text, settings.MATCH_TEXT_LIMIT)
    referential = referential or load_referential()
    reading = read_text(text, referential.lexicon, language)
    if parts == {Part.LABELS}:
        return _by_labels(text, reading, referential, language)
    if parts == {Part.PASSAGES}:
        reading = replace(reading, held=(), mentions=())
    model = reader_model()
    vectors, notice = _vectors(text, reading, model, language)
    judge = model.by_words if vectors is None else model.by_meaning
    scores = model.passages.scores(reading.units, vectors)
    proposed = candidates(model.passages, model.kinds, reading, scores, referential.replaced)
    weighed = {one.code: one for one in proposed if one.code in referential.labels}
    probabilities = judge.probabilities(list(weighed.values()), model.company)
    found = [
        evidence
        for one, probability in zip(weighed.values(), probabilities, strict=True)
        if probability >= LEAST_MAYBE
        and not _is_new(one.mention, model, reading)
        and (evidence := _evidence(one, probability, reading))
    ]
    maybe = [one for one in found if one.probability < judge.floor]
    found = [one for one in found if one.probability >= judge.floor]
    # A skill or a name that the model never met keeps what its kind of label is worth.
    found += [
        one
        for one in reading.held
        if (one.code not in weighed or _is_new(weighed[one.code].mention, model, reading))
        and one.probability >= judge.floor
    ]
    found.sort(key=lambda one: (one.start, one.end, one.code))
    return Extraction(
        tuple(_found(text, evidence, referential, language) for evidence in found),
        tuple(_set_aside(text, refusal, referential) for refusal in reading.refused),
        notice,
        tuple(_found(text, evidence, referential, language) for evidence in maybe),
        vectors,
    )


def _by_labels(text: str, reading: Reading, referential: Referential, language: str) -> Extraction:
    """Every label that is held, without looking at what the passage is about."""
    return Extraction(
        tuple(_found(text, one, referential, language) for one in reading.held),
        tuple(_set_aside(text, one, referential) for one in reading.refused),
    )


def _is_new(mention: Mention | None, model: ReaderModel, reading: Reading) -> bool:
    """Whether the label that was found has a word that the model never met."""
    return mention is not None and not model.passages.knows(reading.keys(mention))


def _vectors(text: str, reading: Reading, model: ReaderModel, language: str) -> tuple[Floats | None, str]:
    """The vectors of the passages, or none and the reason why only words are compared."""
    said = "en" if language == "en" else "fr"
    encoder = embedder()
    if encoder is None:
        return None, _NO_MODEL[said]
    if encoder.recipe.fingerprint != model.passages.encoder:
        return None, _OTHER_MODEL[said]
    if not reading.units:
        return None, ""
    try:
        # In one gender, whoever speaks.
        said_of = [in_one_gender(text[unit.start : unit.end]) for unit in reading.units if not unit.clauses]
        return encoder.encode(said_of), ""
    except EmbeddingUnavailable as error:
        logger.warning("matching: passages are compared by their words alone: %s", error)
        return None, _NO_MODEL[said]


def _evidence(candidate: Candidate, probability: float, reading: Reading) -> Evidence | None:
    """The candidate with the passage that shows it: its label, or the passage nearest to it."""
    named = next((one for one in reading.held if one.code == candidate.code), None)
    if named is not None:
        return replace(named, probability=probability)
    if candidate.unit is None:
        return None
    unit = candidate.unit
    words = " ".join(unit.keys)
    return Evidence(candidate.code, unit.start, unit.end, "semantic", probability, guess_level(words, words))


def _found(text: str, evidence: Evidence, referential: Referential, language: str) -> FoundSkill:
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
        level_reason(evidence.level, language),
    )


def _set_aside(text: str, refusal: Refusal, referential: Referential) -> SetAside:
    return SetAside(
        refusal.code,
        referential.label(refusal.code, "fr"),
        referential.label(refusal.code, "en"),
        text[refusal.start : refusal.end],
        refusal.reason,
    )
