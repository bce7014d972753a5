"""Skills that come from a job held or a diploma, joined to those of a text for a match.

One rule: the text wins. What it shows keeps its own level, what it denies or only wishes for is not brought back by a title.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from matching.directions.person_to_jobs import PersonMatch
from matching.origins.answers import Equivalence
from matching.origins.explanations import say_reason
from matching.origins.weighing import Brought
from matching.reading.extraction import Extraction, FoundSkill
from matching.referential import Referential
from matching.scoring import RequirementResult

FOUND_BY_ORIGIN = "origin"


def origin_skills(
    equivalences: Iterable[Equivalence], extraction: Extraction, referential: Referential, language: str
) -> tuple[FoundSkill, ...]:
    """What the titles bring that the text neither shows nor sets aside: of several titles, the one that brings most."""
    said = {skill.code for skill in (*extraction.skills, *extraction.set_aside)}
    best: dict[str, tuple[Brought, Equivalence]] = {}
    for equivalence in equivalences:
        for one in equivalence.skills:
            known = best.get(one.skill)
            if one.skill not in said and (known is None or _order(one) < _order(known[0])):
                best[one.skill] = (one, equivalence)
    return tuple(
        FoundSkill(
            code=code,
            label_fr=referential.label(code, "fr"),
            label_en=referential.label(code, "en"),
            level=one.level,
            quote=equivalence.origin.title(language),
            start=None,
            end=None,
            found_by=FOUND_BY_ORIGIN,
            probability=None,
        )
        for code, (one, equivalence) in best.items()
    )


def _order(one: Brought) -> tuple[int, int]:
    return -one.level, one.doubts


def with_origin_reasons(
    match: PersonMatch, skills: Iterable[FoundSkill], equivalences: Sequence[Equivalence], language: str
) -> PersonMatch:
    """The match with, after the reason of each requirement that a title covers, the title it comes from."""
    kinds = {one.origin.title(language): one.origin.is_job for one in equivalences}
    said = {skill.code: say_reason(kinds[skill.quote], skill.quote, language) for skill in skills}

    def explained(result: RequirementResult) -> RequirementResult:
        more = said.get(result.covered_by or "")
        return replace(result, reason=f"{result.reason} {more}") if more else result

    jobs = (
        replace(job, requirements=tuple(explained(result) for result in job.requirements))
        for job in match.jobs
    )
    return replace(match, jobs=tuple(jobs))
