"""The texts that the reading of passages is trained on, each with its skill and how much it counts.

One rule: of the annotated texts, only the tuning half and the training texts are read; the holdout never.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.models import JobRequirement
from matching.evaluation.annotated_set import (
    ANNOTATED_FOLDER,
    AnnotatedSet,
    AnnotatedText,
    read_annotated_set,
    read_annotations,
    read_texts,
)
from search.evaluation.golden_files import TUNING, GoldenSetError
from skills.models import Skill, SkillLabel
from skills.sayings import read_sayings

FOLDER = Path(__file__).parent
TRAINING_TEXTS = FOLDER / "texts"

# How much a text counts, by what it is: a label says less of how people tell a skill than a passage does.
WEIGHTS = {"passage": 1.0, "expression": 0.4, "label": 1.0, "definition": 0.5, "other_label": 0.3}
SURE_QUOTE, ARGUABLE_QUOTE = 1.0, 0.5
SHORTEST_QUOTE = 4  # characters


@dataclass(frozen=True, slots=True)
class Example:
    """A text that shows a skill. `source` is the annotated text it is quoted from, empty for what comes from nowhere."""

    text: str
    code: str
    weight: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class JudgedText:
    """An annotated text with what may and what must be found in it."""

    id: str
    text: str
    lang: str
    acceptable: frozenset[str]
    required: frozenset[str]
    is_tuning: bool


def kinds_of_skills() -> dict[str, str]:
    """Kind of skill by code, of every published one, in the order of codes. One query."""
    return dict(Skill.objects.published().order_by("code").values_list("code", "kind"))


def job_profiles() -> list[frozenset[str]]:
    """The skills that each published job asks for. One query."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    rows = JobRequirement.objects.filter(page__live=True)
    for job, skill in rows.values_list("page__code", "skill__code"):
        asked[job].add(skill)
    return [frozenset(asked[job]) for job in sorted(asked)]


def referential_examples(codes: Iterable[str]) -> Iterator[Example]:
    """Labels and definitions. Two queries."""
    known = frozenset(codes)
    rows = Skill.objects.published().order_by("code")
    for code, *texts in rows.values_list("code", "label_fr", "label_en", "definition_fr", "definition_en"):
        for text, kind in zip(texts, ("label", "label", "definition", "definition"), strict=True):
            if text:
                yield Example(text, code, WEIGHTS[kind])
    labels = (
        SkillLabel.objects.exclude(kind="acronym")
        .filter(skill__code__in=known)
        .order_by("skill__code", "text")
    )
    for code, text in labels.values_list("skill__code", "text").distinct():
        yield Example(text, code, WEIGHTS["other_label"])


def sayings(codes: Iterable[str]) -> Iterator[Example]:
    """Raises SayingsError for a line that cannot be read; skills that are gone are left out."""
    known = frozenset(codes)
    for one in read_sayings():
        if one.code in known:
            yield from (Example(text, one.code, WEIGHTS["passage"]) for text in one.passages)
            yield from (Example(text, one.code, WEIGHTS["expression"]) for text in one.expressions)


# --- Annotated texts
def judged_texts() -> list[JudgedText]:
    """The training texts, then the tuning half of the annotated ones. Raises GoldenSetError."""
    annotated = read_annotated_set(ANNOTATED_FOLDER)
    tuning = [_judged(annotated, text) for text in annotated.half(TUNING)]
    return [*_training_texts(), *tuning]


def _judged(annotated: AnnotatedSet, text: AnnotatedText) -> JudgedText:
    return JudgedText(
        text.id, text.text, text.lang, annotated.acceptable(text.id), annotated.required(text.id), True
    )


def _training_texts() -> Iterator[JudgedText]:
    """Annotated once, by who wrote them: what is sure must be found, what is arguable may."""
    problems: list[str] = []
    texts = read_texts(TRAINING_TEXTS / "texts.jsonl", problems)
    found = read_annotations(TRAINING_TEXTS / "annotations.jsonl", texts, problems)
    if problems:
        raise GoldenSetError("\n".join(problems))
    for text in texts.values():
        held = found[text.id].held
        sure = frozenset(code for code, one in held.items() if one.is_sure)
        yield JudgedText(text.id, text.text, text.lang, frozenset(held), sure, False)


def quotes(texts: Iterable[JudgedText], codes: Iterable[str]) -> Iterator[Example]:
    """The passages that annotators quoted, each with the text that holds it."""
    wanted, known = {text.id for text in texts}, frozenset(codes)
    paths = [ANNOTATED_FOLDER / f"annotations-{name}.jsonl" for name in ("a", "b")]
    for path in (*paths, TRAINING_TEXTS / "annotations.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            content = json.loads(line)
            if content["id"] not in wanted:
                continue
            for code, one in content["held"].items():
                if code in known and len(one["quote"]) >= SHORTEST_QUOTE:
                    weight = SURE_QUOTE if one["sure"] else ARGUABLE_QUOTE
                    yield Example(one["quote"], code, weight, content["id"])
