"""The linear bound: what no path can beat, and how far each choice is from being part of one. Pure: no Django, no engine.

One rule: any prices of the rows that are not positive prove a bound over all choices and whatever rows were left out (weak
duality), so that a handful of choices and days is solved, and what it proves is summed here, not taken from the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.errors import PathUnproven
from matching.paths.forms import Cap, Form
from matching.paths.program import LARGEST, TIME_LIMIT_S, Program, Rows, Scaled, ScaledCap
from matching.paths.table import Integers, Numbers

MISSING = 100 * LARGEST  # what leaving a target uncovered costs while choices are still lacking
TAKEN_FIRST, TAKEN_AFTER = 12, 150  # choices a target to begin with; choices that join at a time
ROUNDS = 60
SLIGHT = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """No path has a value below `value`, nor below `value + reduced[i]` with choice i. `apart` is what each choice costs when
    what its targets are worth is left out, and `base` the bound without them. `scale` is the size of the units it was
    computed in.
    """

    value: float
    reduced: Numbers
    base: float
    apart: Numbers
    scale: float


class Bounding:
    """The linear program of a program, which remembers the choices, days and trainings that have proved useful."""

    def __init__(self, program: Program, days: Sequence[int] = (), trainings: Sequence[int] = ()) -> None:
        self.program = program
        self.days = list(days)
        self.trainings = list(trainings)
        self.taken: Integers = np.array([], dtype=np.int64)
        self.promise: Numbers = np.array(
            []
        )  # how far each choice is from the path looked for: the least, the nearest

    def bound(self, form: Form, caps: Sequence[Cap], guide: Form | None = None) -> Bound | None:
        """None when not even the linear program has a solution. With a guide, the rows are those that matter to it: a form
        that is nothing for most choices does not say which.
        """
        guiding = self._grown(guide or form, caps, with_rows=True)
        if guiding is None:
            return None
        self.promise = guiding.reduced
        self.days, self.trainings = guiding.binding()
        linear = guiding if guide is None else self._grown(form, caps, with_rows=False)
        return None if linear is None else linear.bound()

    def _grown(self, form: Form, caps: Sequence[Cap], *, with_rows: bool) -> "_Linear | None":
        scaled = Scaled.of(form, self.program.choices)
        if not len(self.taken):
            self.taken = self._first(scaled)
        for _ in range(ROUNDS):
            linear = _Linear(self, scaled, caps, self.taken)
            joining = linear.worth_taking()
            grown = with_rows and self._take_rows(linear)
            if not len(joining) and not grown:
                break
            self.taken = np.union1d(self.taken, joining)
        if not linear.misses:
            return linear
        everything = np.arange(len(self.program))
        whole = _Linear(self, scaled, caps, everything, may_miss=False)
        return None if whole.is_infeasible else whole

    def _first(self, scaled: Scaled) -> Integers:
        """The cheapest choices of each target."""
        program = self.program
        weights = scaled.weights + scaled.cost * program.own
        order = np.lexsort((weights[program.covering], program.covered))
        target = program.covered[order]
        place = np.arange(len(order)) - np.searchsorted(target, target)
        return np.unique(program.covering[order][place < TAKEN_FIRST])

    def _take_rows(self, linear: "_Linear") -> bool:
        """The days and the trainings that the solution takes more than once."""
        program = self.program
        some = linear.x > SLIGHT / 10
        used, x = linear.taken[some], linear.x[some]
        days = np.unique(program.from_day[used])
        load = ((program.from_day[used] <= days[:, None]) & (program.to_day[used] >= days[:, None])) @ x
        full = [int(day) for day in days[load > 1 + SLIGHT] if day not in self.days]
        trainings, place = np.unique(program.training[used], return_inverse=True)
        times = np.bincount(place, weights=x)
        twice = [int(one) for one in trainings[times > 1 + SLIGHT] if one not in self.trainings]
        self.days += full
        self.trainings += twice
        return bool(full or twice)


class _Linear:
    """One linear program over some choices, solved."""

    def __init__(
        self,
        bounding: Bounding,
        scaled: Scaled,
        caps: Sequence[Cap],
        taken: Integers,
        *,
        may_miss: bool = True,
    ) -> None:
        self.program, self.scaled, self.taken = bounding.program, scaled, taken
        self.caps = [ScaledCap.of(cap, self.program.choices) for cap in caps]
        self.days = np.array(sorted(bounding.days), dtype=np.int64)
        self.trainings = np.array(sorted(bounding.trainings), dtype=np.int64)
        self.asks = self.program.asks_of(taken)
        rows = self.program.rows(taken, self.caps, self.days, self.trainings, self.asks)
        self.most = np.array(rows.most)
        self._solve(rows, self.program.targets if may_miss else 0)

    def _solve(self, rows: Rows, missing: int) -> None:
        """With so many targets that may be missing, at a price."""
        from scipy.optimize import linprog

        size = len(self.taken)
        rows.join(np.arange(missing), np.arange(missing) + size + 1, -1.0)
        costs = np.concatenate(
            (self.scaled.weights[self.taken], [self.scaled.cost], np.full(missing, MISSING))
        )
        upper = np.concatenate((np.ones(size), np.full(1 + missing, np.inf)))
        solved = linprog(
            costs,
            A_ub=rows.matrix(len(costs)),
            b_ub=self.most,
            bounds=np.column_stack((np.zeros(len(costs)), upper)),
            method="highs-ds",
            options={"time_limit": TIME_LIMIT_S},
        )
        self.is_infeasible = solved.status == 2
        self.misses = self.is_infeasible
        if self.is_infeasible:
            return
        if solved.status != 0:
            raise PathUnproven(f"HiGHS stopped without an answer: {solved.message}")
        self.x: Numbers = solved.x[:size]
        self.misses = bool((solved.x[size + 1 :] > SLIGHT).any())
        self._price(np.minimum(solved.ineqlin.marginals, 0.0))

    def _price(self, prices: Numbers) -> None:
        """What every choice, taken or not, costs beyond what it is worth in the rows that there are."""
        program, targets, caps = self.program, self.program.targets, len(self.caps)
        of_targets, (gross, own), rest = (
            prices[:targets],
            prices[targets : targets + 2],
            prices[targets + 2 :],
        )
        of_caps, rest = rest[:caps], rest[caps:]
        # The cost is no choice and has no upper end: the prices of its two rows may not exceed what it is worth.
        worth = self.scaled.cost - sum(
            price * cap.cost for price, cap in zip(of_caps, self.caps, strict=True)
        )
        if -(gross + own) > worth:
            gross, own = (gross * worth / -(gross + own), own * worth / -(gross + own))
        apart = self.scaled.weights - gross * program.price - own * program.own
        for price, cap in zip(of_caps, self.caps, strict=True):
            apart -= price * cap.weights
        if program.span is not None:
            apart -= rest[0] * program.length
            rest = rest[1:]
        self.of_days, rest = rest[: len(self.days)], rest[len(self.days) :]
        self.of_trainings = rest[: len(self.trainings)]
        apart -= self._worth_of_days(self.of_days)
        by_training = np.zeros(len(program.choices.table.options) + 1)
        by_training[self.trainings] = self.of_trainings
        apart -= by_training[program.training]
        for ask, price in zip(self.asks.tolist(), rest[len(self.trainings) :].tolist(), strict=True):
            if price:
                asking, able = program.sides(ask)
                apart[asking] -= price
                apart[able] += price
        worth_of_targets = np.bincount(program.covering, of_targets[program.covered], len(program))
        self.apart, self.reduced = apart, apart + worth_of_targets
        changed = np.concatenate(([gross, own], prices[targets + 2 :]))
        self.base = float(changed @ self.most[targets:])
        self.of_targets = of_targets

    def _worth_of_days(self, prices: Numbers) -> Numbers:
        program = self.program
        summed = np.concatenate(([0.0], np.cumsum(prices)))
        begin = np.searchsorted(self.days, program.from_day)
        end = np.searchsorted(self.days, program.to_day, side="right")
        return summed[np.maximum(end, begin)] - summed[begin]

    def binding(self) -> tuple[list[int], list[int]]:
        """The days and the trainings whose rows have a price."""
        days, trainings = self.of_days < 0, self.of_trainings < 0
        return self.days[days].tolist(), self.trainings[trainings].tolist()

    def worth_taking(self) -> Integers:
        """The choices that would lower the value most, beyond those taken."""
        if self.is_infeasible:
            return np.array([], dtype=np.int64)
        reduced = self.reduced.copy()
        reduced[self.taken] = 0.0
        lower = np.flatnonzero(reduced < -SLIGHT)
        if len(lower) <= TAKEN_AFTER:
            return lower
        return lower[np.argpartition(reduced[lower], TAKEN_AFTER)[:TAKEN_AFTER]]

    def bound(self) -> Bound:
        scale = self.scaled.scale
        value = self.base - self.of_targets.sum() + np.minimum(self.reduced, 0.0).sum()
        return Bound(
            float(value) * scale,
            np.maximum(self.reduced, 0.0) * scale,
            self.base * scale,
            self.apart * scale,
            scale,
        )
