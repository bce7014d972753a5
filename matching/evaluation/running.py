"""Running the evaluation: each annotated text through reading, each judged person and need through the directions.

One rule: what is measured is what is served; a variant leaves one part out, to show what that part is worth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum

from matching.directions.person_to_jobs import match_person
from matching.directions.person_to_trainings import trainings_for_person
from matching.directions.requirements_to_trainings import programmes_for_requirements
from matching.evaluation.annotated_set import AnnotatedSet, AnnotatedText
from matching.evaluation.extraction_figures import Found, TextFigures, text_figures
from matching.evaluation.ranked_set import PEOPLE, RankedSet, RankedText
from matching.evaluation.ranking_figures import RankingFigures, figures_of
from matching.expecting import NO_HINTS, Hints
from matching.hints import hints_of
from matching.reading.extraction import Extraction, Part, extract_skills
from matching.referential import Referential
from matching.scoring import Held, SkillGraph
from matching.told_needs import read_need
from matching.trade import NO_TRADE

SHOWN = 20
HIGHEST_LEVEL = 4


class Variant(Enum):
    """The whole, or the whole without one of its parts."""

    FULL = "full"
    LEXICON_ONLY = "lexicon only"
    EMBEDDINGS_ONLY = "embeddings only"
    WITHOUT_LEVELS = "without levels"
    WITHOUT_GRAPH = "without graph"
    WITHOUT_HINTS = "without hints"
    WITHOUT_TRADE = "without trade"


OF_READING = (Variant.FULL, Variant.LEXICON_ONLY, Variant.EMBEDDINGS_ONLY)
_PARTS = {
    Variant.LEXICON_ONLY: frozenset({Part.LABELS}),
    Variant.EMBEDDINGS_ONLY: frozenset({Part.PASSAGES}),
}


def read_texts(
    annotated: AnnotatedSet, texts: Sequence[AnnotatedText], variant: Variant, referential: Referential
) -> Iterator[TextFigures]:
    for text in texts:
        extraction = _extract(text.text, text.lang, variant, referential)
        held = {skill.code: skill.level for skill in extraction.skills}
        yield text_figures(annotated, text, Found(held, [one.code for one in extraction.set_aside]))


def rank_all(
    ranked: RankedSet,
    texts: Sequence[RankedText],
    variant: Variant,
    referential: Referential,
    engine: str = "",
) -> Iterator[RankingFigures]:
    """For each person the jobs, and the trainings towards the target; for each need the nearest job and the trainings.

    Raises SearchUnavailable when the engine is named.
    """
    if variant is Variant.WITHOUT_GRAPH:
        referential = replace(referential, graph=SkillGraph(labels=referential.graph.labels))
    for text in texts:
        extraction = _extract(text.text, text.lang, variant, referential)
        if variant is Variant.WITHOUT_LEVELS:
            extraction = _at_the_highest_level(extraction)
        with_hints = variant is not Variant.WITHOUT_HINTS
        hints = hints_of(text.text, extraction, engine) if with_hints else NO_HINTS
        trainings = (
            _for_person(text, extraction.held, hints, variant, referential, engine)
            if text.kind == PEOPLE
            else _for_need(text, extraction, with_hints, referential, engine)
        )
        yield figures_of(ranked, text, _jobs(extraction.held, hints, referential, engine), trainings)


def _extract(text: str, lang: str, variant: Variant, referential: Referential) -> Extraction:
    language = "en" if lang == "en" else "fr"
    return extract_skills(text, language, referential, parts=_PARTS.get(variant, frozenset(Part)))


def _at_the_highest_level(extraction: Extraction) -> Extraction:
    skills, maybe = (
        tuple(replace(one, level=HIGHEST_LEVEL) for one in found)
        for found in (extraction.skills, extraction.maybe)
    )
    return replace(extraction, skills=skills, maybe=maybe)


def _jobs(held: Sequence[Held], hints: Hints, referential: Referential, engine: str) -> list[str]:
    match = match_person(held, hints=hints, jobs_limit=SHOWN, engine=engine, referential=referential)
    return [job.code for job in match.jobs]


def _for_person(
    text: RankedText,
    held: Sequence[Held],
    hints: Hints,
    variant: Variant,
    referential: Referential,
    engine: str,
) -> list[str]:
    found = trainings_for_person(
        held,
        text.target,
        hints=hints,
        trade=NO_TRADE if variant is Variant.WITHOUT_TRADE else None,
        limit=SHOWN,
        engine=engine,
        referential=referential,
    )
    return [one.training for one in found.improvements]


def _for_need(
    text: RankedText, extraction: Extraction, with_hints: bool, referential: Referential, engine: str
) -> list[str]:
    need = read_need(text.text, extraction, engine)
    found = programmes_for_requirements(
        need.requirements,
        told=need if with_hints else None,
        limit=SHOWN,
        engine=engine,
        referential=referential,
    )
    return [one.training for one in found.matches]
