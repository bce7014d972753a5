"""Every path of a small problem, one by one. It shares nothing with the optimiser but the data classes.

One rule: obvious rather than fast. Every set of options, every day on which each may begin; what breaks a constraint is
measured, so that the same list tells the best paths and what to relax.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from matching.paths.problem import ConstraintName, Option, Problem

N = ConstraintName
NOTHING = float("inf")  # no change of this constraint would do


@dataclass(frozen=True)
class Placed:
    """Options with their first days, what they come to, and the change of each constraint that would allow them."""

    starts: tuple[tuple[Option, int], ...]
    cost: int  # cents
    end: int
    distance: int  # decametres
    changes: dict[ConstraintName, float]

    @property
    def point(self) -> tuple[int, int, int]:
        return self.cost, self.end, self.distance

    def is_allowed(self, *relaxed: ConstraintName) -> bool:
        """Whether the constraints are met, these ones apart. Too high a price can be met by the budget or by the account."""
        money = not {N.BUDGET, N.CPF} & set(relaxed) and self.changes[N.BUDGET] > 0
        others = any(
            change > 0 for name, change in self.changes.items() if name not in (*relaxed, N.BUDGET, N.CPF)
        )
        return not money and not others and all(self.changes[name] < NOTHING for name in relaxed)


def wanted(problem: Problem) -> set[str]:
    """The targets that are missing and that something brings."""
    brought = set().union(*(option.brings for option in problem.options))
    return brought & problem.targets - problem.held


def every_path(problem: Problem) -> list[Placed]:
    """Every set of options that reaches the targets, on every day, whatever the constraints."""
    targets, found = wanted(problem), []
    for size in range(1, len(problem.options) + 1):
        for chosen in itertools.combinations(problem.options, size):
            if len({option.training for option in chosen}) < size:
                continue
            if not targets <= frozenset().union(*(option.brings for option in chosen)):
                continue
            found += [_placed(problem, chosen, days) for days in _days(chosen)]
    return found


def _days(chosen: tuple[Option, ...]) -> Iterator[tuple[int, ...]]:
    """Every choice of first days without two of these on one day."""
    ranges = [range(option.earliest.toordinal(), option.latest.toordinal() + 1) for option in chosen]
    for days in itertools.product(*ranges):
        taken = sorted((day, day + option.days - 1) for day, option in zip(days, chosen, strict=True))
        if all(one[1] < other[0] for one, other in itertools.pairwise(taken)):
            yield days


def _placed(problem: Problem, chosen: tuple[Option, ...], days: tuple[int, ...]) -> Placed:
    limits = problem.constraints
    ends = [day + option.days - 1 for day, option in zip(days, chosen, strict=True)]
    account = round(limits.cpf_eur * 100)
    prices = [round(option.price_eur * 100) for option in chosen]
    own = [price - _payable(option, price) for option, price in zip(chosen, prices, strict=True)]
    cost = sum(prices) - min(account, sum(prices) - sum(own))
    changes = dict.fromkeys(ConstraintName, 0.0)
    if limits.budget_eur is not None:
        budget = round(limits.budget_eur * 100)
        changes[N.BUDGET] = max(0, cost - budget) / 100
        changes[N.CPF] = max(0, sum(prices) - account - budget) / 100 if sum(own) <= budget else NOTHING
    if limits.latest_end:
        changes[N.LATEST_END] = max(0, max(ends) - limits.latest_end.toordinal())
    changes[N.START] = max(0, limits.starts_from.toordinal() - min(days))
    if limits.weekly_hours is not None:
        changes[N.WEEKLY_HOURS] = max(0.0, *(option.weekly_hours - limits.weekly_hours for option in chosen))
    changes[N.DISTANCE] = max(
        0.0,
        *(option.distance_km - limits.within_km.get(option.mode, NOTHING) for option in chosen),
    )
    changes[N.MODES] = sum(option.mode not in limits.modes for option in chosen)
    changes[N.SEATS] = sum(option.seats == 0 for option in chosen)
    changes[N.REGISTRATION] = sum(
        bool(option.registration_ends) and day > option.registration_ends.toordinal()
        for day, option in zip(days, chosen, strict=True)
    )
    changes[N.NEEDS] = sum(
        not all(
            need in problem.held
            or any(need in other.brings and end < day for other, end in zip(chosen, ends, strict=True))
            for need in option.needs
        )
        for day, option in zip(days, chosen, strict=True)
    )
    distance = sum(round(option.distance_km * option.trips * 200) for option in chosen)
    return Placed(tuple(zip(chosen, days, strict=True)), cost, max(ends), distance, changes)


def _payable(option: Option, price: int) -> int:
    """Cents that the account may pay of a price."""
    if option.cpf is None:
        return 0
    payable = max(0, price - round(option.cpf.share_eur * 100))
    ceiling = option.cpf.ceiling_eur
    return payable if ceiling is None else min(payable, round(ceiling * 100))


def front(points: set[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """The points that no other one beats."""
    return {
        point
        for point in points
        if not any(
            other != point and all(a <= b for a, b in zip(other, point, strict=True)) for other in points
        )
    }
