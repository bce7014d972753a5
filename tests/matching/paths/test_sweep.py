"""The day before which no path ends, against the list of every path."""

import datetime as dt
from dataclasses import replace

import pytest

from matching.paths.choices import Limits, choices_under
from matching.paths.problem import Constraints, Option, Problem
from matching.paths.sweep import no_sooner_than
from matching.paths.table import NEVER, read_table
from tests.matching.paths.brute_force import every_path, wanted
from tests.matching.paths.cases import small_problem

MONDAY = dt.date(2031, 1, 6)


def swept(problem: Problem) -> int:
    limits = Limits.of(problem.constraints)
    choices = choices_under(read_table(problem, frozenset(wanted(problem))), limits)
    return no_sooner_than(choices, limits.starts_from)


def test_no_path_ends_sooner_and_some_end_that_day():
    exact = 0
    for seed in range(150):
        problem = small_problem(seed)
        if not wanted(problem):
            continue
        ends = [one.end for one in every_path(problem) if one.is_allowed()]
        if ends:
            assert swept(problem) <= min(ends), seed
            exact += swept(problem) == min(ends)
    assert exact >= 50, "a bound that is nearly never reached bounds little"


def session(name: str, first: int, days: int, *brings: str, until: int | None = None) -> Option:
    begins = MONDAY + dt.timedelta(days=first)
    latest = MONDAY + dt.timedelta(days=first if until is None else until)
    return Option(name, name, begins, latest, days, frozenset(brings))


def problem(*options: Option) -> Problem:
    targets = frozenset(token for option in options for token in option.brings)
    return Problem(targets, options, Constraints(MONDAY))


def test_a_window_goes_on_after_what_ends_within_it():
    two = problem(session("a", 3, 4, "x"), session("b", 0, 5, "y", until=30))
    assert swept(two) == MONDAY.toordinal() + 11  # a takes days 3 to 6, b days 7 to 11


def test_sessions_on_the_same_days_never_reach_both():
    two = problem(session("a", 3, 4, "x"), session("b", 4, 5, "y"))
    assert swept(two) == NEVER


@pytest.mark.parametrize("start", [0, 5])
def test_days_are_counted_from_the_first_one_possible(start):
    one = problem(session("a", 0, 2, "x", until=60))
    later = replace(one, constraints=Constraints(MONDAY + dt.timedelta(days=start)))
    assert swept(later) == MONDAY.toordinal() + start + 1
