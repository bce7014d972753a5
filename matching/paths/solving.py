"""The best learning paths of a problem, proven; or what to relax when there is none. Pure: no Django, no engine.

One rule: every answer is exact, and the same each time. What cannot be proven in time raises `PathUnproven`.
"""

from dataclasses import dataclass

from matching.paths.answering import NO_PATH, path_of
from matching.paths.choices import Limits, choices_under
from matching.paths.forms import COST, Cap
from matching.paths.minimising import Question
from matching.paths.ordered import best
from matching.paths.pareto import front
from matching.paths.problem import Answer, Objective, ParetoPaths, Problem
from matching.paths.pruning import able
from matching.paths.relaxing import relaxations
from matching.paths.table import Table, read_table, targets_of, unbrought

MOST_PATHS = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    unbrought: frozenset[str]
    table: Table
    limits: Limits

    @classmethod
    def of(cls, problem: Problem) -> "_Asked":
        missing = unbrought(problem)
        return cls(
            missing, read_table(problem, targets_of(problem) - missing), Limits.of(problem.constraints)
        )

    @property
    def question(self) -> Question:
        choices = able(choices_under(self.table, self.limits))
        return Question(choices, self.limits.cpf, self.limits.starts_from, self.limits.latest_end)

    @property
    def caps(self) -> list[Cap]:
        return [] if self.limits.budget is None else [Cap(COST, self.limits.budget)]


def best_path(problem: Problem, objective: Objective) -> Answer:
    """The best path for this objective; among equals, see `ordered`. Without a path, what to relax."""
    asked = _Asked.of(problem)
    if not asked.table.targets:
        return Answer(NO_PATH, unbrought=asked.unbrought)
    found = best(asked.question, objective, asked.caps)
    if found is None:
        return Answer(None, relaxations(asked.table, asked.limits), asked.unbrought)
    return Answer(path_of(found), unbrought=asked.unbrought)


def pareto_paths(problem: Problem, most: int = MOST_PATHS) -> ParetoPaths:
    """At most so many of the paths that none beats on cost, end and distance at once; without any, what to relax."""
    asked = _Asked.of(problem)
    if not asked.table.targets:
        return ParetoPaths((NO_PATH,), is_complete=True, unbrought=asked.unbrought)
    found = front(asked.question, asked.caps, most)
    if not found.found:
        return ParetoPaths((), True, relaxations(asked.table, asked.limits), asked.unbrought)
    return ParetoPaths(
        tuple(path_of(one) for one in found.found), found.is_complete, unbrought=asked.unbrought
    )
