"""The optimiser against the list of every path, on random small problems."""

import itertools

import pytest

from matching.paths.answering import NO_PATH
from matching.paths.problem import ConstraintName, Mode, Objective, Path, Problem, Relaxation
from matching.paths.solving import best_path, pareto_paths
from tests.matching.paths.brute_force import NOTHING, Placed, every_path, front, wanted
from tests.matching.paths.cases import small_problem

CASES, A_TEST = 480, 20
KEYS = {
    Objective.COST: lambda one: (one.cost, one.distance, one.end, len(one.starts)),
    Objective.DISTANCE: lambda one: (one.distance, one.cost, one.end, len(one.starts)),
    Objective.END: lambda one: (one.end, one.cost, one.distance, len(one.starts)),
}


def point(path: Path) -> tuple[int, int, int]:
    assert path.ends_on is not None
    return round(path.cost_eur * 100), path.ends_on.toordinal(), round(path.distance_km * 100)


def as_listed(path: Path, paths: list[Placed]) -> Placed:
    """The path as the list has it, which shows that it is one and what it comes to."""
    steps = {(step.option.code, step.starts_on.toordinal()) for step in path.steps}
    (same,) = [one for one in paths if {(option.code, start) for option, start in one.starts} == steps]
    return same


def check_best(problem: Problem, paths: list[Placed]) -> None:
    allowed = [one for one in paths if one.is_allowed()]
    for objective, key in KEYS.items():
        answer = best_path(problem, objective)
        if not allowed:
            assert answer.path is None
            continue
        assert answer.path is not None
        best = min(allowed, key=key)
        listed = as_listed(answer.path, allowed)
        assert key(listed) == key(best)
        assert point(answer.path) == listed.point
        assert sum(step.pays_eur for step in answer.path.steps) == pytest.approx(answer.path.cost_eur)
        assert sum(step.cpf_eur for step in answer.path.steps) <= problem.constraints.cpf_eur + 1e-9
        assert answer.relaxations == ()


def check_front(problem: Problem, paths: list[Placed]) -> None:
    expected = front({one.point for one in paths if one.is_allowed()})
    found = pareto_paths(problem, most=1000)
    assert found.is_complete
    assert [point(path) for path in found.paths] == sorted(expected)
    few = pareto_paths(problem, most=2)
    assert len(few.paths) == min(2, len(expected))
    assert {point(path) for path in few.paths} <= expected
    assert not few.is_complete or len(few.paths) == len(expected)


def measure(problem: Problem, name: ConstraintName) -> float:
    limits = problem.constraints
    days = (limits.latest_end - limits.starts_from).days + 1 if limits.latest_end else 0
    return {
        ConstraintName.BUDGET: max(100.0, limits.budget_eur or 0),
        ConstraintName.CPF: max(100.0, limits.cpf_eur),
        ConstraintName.WEEKLY_HOURS: max(5.0, limits.weekly_hours or 0),
        ConstraintName.DISTANCE: max(10.0, min(limits.within_km.get(mode, NOTHING) for mode in Mode)),
        ConstraintName.LATEST_END: max(30, days),
        ConstraintName.START: max(30, days),
    }.get(name, 1.0)


def check_relaxations(problem: Problem, paths: list[Placed]) -> None:
    for count in (1, 2):
        expected = {}
        for names in itertools.combinations(ConstraintName, count):
            able = [one for one in paths if one.is_allowed(*names)]
            if able:
                expected[names] = min(size(problem, one, names) for one in able)
        if expected:
            break
    found = best_path(problem, Objective.COST).relaxations
    assert {tuple(one.amounts) for one in found} == set(expected)
    sizes = [check_relaxation(problem, paths, one, expected) for one in found]
    assert sizes == sorted(sizes)


def size(problem: Problem, one: Placed, names: tuple[ConstraintName, ...]) -> float:
    return sum(one.changes[name] / measure(problem, name) for name in names)


def check_relaxation(
    problem: Problem,
    paths: list[Placed],
    relaxation: Relaxation,
    expected: dict[tuple[ConstraintName, ...], float],
) -> float:
    names = tuple(relaxation.amounts)
    listed = as_listed(relaxation.path, paths)
    assert listed.is_allowed(*names)
    for name, amount in relaxation.amounts.items():
        assert amount == pytest.approx(listed.changes[name]), name
        if name in relaxation.allowed:
            assert len(relaxation.allowed[name]) == amount
    assert size(problem, listed, names) == pytest.approx(expected[names], rel=1e-3)
    if ConstraintName.CPF not in names:
        within = [
            one
            for one in paths
            if one.is_allowed(*names) and all(one.changes[n] <= relaxation.amounts[n] + 1e-9 for n in names)
        ]
        assert round(relaxation.path.cost_eur * 100) == min(one.cost for one in within)
    return size(problem, listed, names)


@pytest.mark.parametrize("first", range(0, CASES, A_TEST))
def test_every_answer_is_that_of_the_list_of_every_path(first):
    for seed in range(first, first + A_TEST):
        problem = small_problem(seed)
        paths = every_path(problem)
        if not wanted(problem):
            assert best_path(problem, Objective.COST).path == NO_PATH
            continue
        check_best(problem, paths)
        check_front(problem, paths)
        if not any(one.is_allowed() for one in paths):
            check_relaxations(problem, paths)


def test_the_cases_are_of_every_kind():
    kinds = {"possible": 0, "single": 0, "pair": 0, "never": 0}
    names = set()
    for seed in range(CASES):
        answer = best_path(small_problem(seed), Objective.COST)
        changed = {len(one.amounts) for one in answer.relaxations}
        names |= {name for one in answer.relaxations for name in one.amounts}
        kinds[
            "possible" if answer.path else "single" if 1 in changed else "pair" if 2 in changed else "never"
        ] += 1
    assert min(kinds.values()) >= 10, kinds
    assert names == set(ConstraintName)


def answers(problem: Problem) -> list[tuple[object, ...]]:
    found = [best_path(problem, objective) for objective in Objective]
    return [
        tuple((step.option.code, step.starts_on) for step in answer.path.steps) if answer.path else ()
        for answer in found
    ]


@pytest.mark.parametrize("first", range(0, 120, A_TEST))
def test_equals_left_to_the_integer_program_give_the_same_answers(first, monkeypatch):
    problems = [small_problem(seed) for seed in range(first, first + A_TEST)]
    gone_through = [answers(problem) for problem in problems]
    monkeypatch.setattr("matching.paths.equals.MOST_BRANCHES", 0)
    assert [answers(problem) for problem in problems] == gone_through
