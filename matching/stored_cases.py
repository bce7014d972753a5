"""The cases of the database, read and run.

One rule: a case is read with the very function that answers people; a retired skill stands for the one that replaced it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from matching.evaluation.cases import Case, Expectation, Problem, problems_of
from matching.models import MatchCase, MatchCaseSkill
from matching.reading.extraction import extract_skills
from matching.referential import Referential


@dataclass(frozen=True, slots=True)
class Outcome:
    """`notice` says, when not empty, that part of the method could not run."""

    case: Case
    problems: tuple[Problem, ...]
    notice: str = ""

    @property
    def passes(self) -> bool:
        return not self.problems


def stored_cases(referential: Referential, only: int | None = None) -> list[Case]:
    """Every case, or one, in the order in which they were made. Two queries."""
    expected = Prefetch("skills", MatchCaseSkill.objects.select_related("skill").order_by("pk"))
    rows = MatchCase.objects.prefetch_related(expected).order_by("pk")
    rows = rows if only is None else rows.filter(pk=only)
    return [Case(str(row), row.language, row.text, _expected(row.skills.all(), referential)) for row in rows]


def _expected(rows: Iterable[MatchCaseSkill], referential: Referential) -> tuple[Expectation, ...]:
    """Of two skills merged since, the one expected first counts."""
    found: dict[str, Expectation] = {}
    for row in rows:
        code = referential.replaced.get(row.skill.code, row.skill.code)
        found.setdefault(code, Expectation(code, row.stance, row.level, row.quote))
    return tuple(found.values())


def run_case(case: Case, referential: Referential) -> Outcome:
    """Raises TextRefused."""
    extraction = extract_skills(case.text, case.language, referential)
    held = {skill.code: skill.level for skill in extraction.skills}
    return Outcome(case, problems_of(case, held), extraction.notice)
