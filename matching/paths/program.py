"""The rows of the integer program over choices. Pure: no Django, no engine.

One rule: a variable says whether a choice is taken, one more what the path costs, and every row is `a sum <= a number`.
Rows may be left out, which makes a bound weaker and never wrong; who takes an integer solution checks it against all of
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.paths.choices import Choices
from matching.paths.forms import Cap, Form
from matching.paths.table import CENTS, Integers, Numbers

TIME_LIMIT_S = 30.0  # of one call of HiGHS
LARGEST = 1000.0  # every form is scaled so that this is its largest coefficient: HiGHS feels differences of a millionth


@dataclass(slots=True, eq=False)
class Rows:
    """Sparse rows, each at most a number."""

    rows: list[Integers] = field(default_factory=list)
    columns: list[Integers] = field(default_factory=list)
    values: list[Numbers] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.most)

    def add(self, columns: Integers, values: Numbers | float, most: float) -> None:
        self.rows.append(np.full(len(columns), len(self.most)))
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(values, dtype=np.float64), len(columns)))
        self.most.append(most)

    def add_all(self, rows: Integers, columns: Integers, value: float, most: float, count: int) -> None:
        """So many rows at once, with one value everywhere."""
        self.rows.append(rows + len(self.most))
        self.columns.append(columns)
        self.values.append(np.full(len(columns), value))
        self.most += [most] * count

    def join(self, rows: Integers, columns: Integers, value: float) -> None:
        """A variable more in rows that are there."""
        self.rows.append(rows)
        self.columns.append(columns)
        self.values.append(np.full(len(columns), value))

    def matrix(self, width: int) -> Any:
        from scipy import sparse

        places = np.concatenate(self.rows), np.concatenate(self.columns)
        return sparse.csc_array((np.concatenate(self.values), places), shape=(len(self), width))


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A form over all choices, divided by `scale`: `weights` of the choices and `cost`, that of a euro of the path's cost."""

    weights: Numbers
    cost: float
    scale: float

    @classmethod
    def of(cls, form: Form, choices: Choices) -> "Scaled":
        weights = form.weights(choices)
        largest = int(np.abs(weights).max(initial=1))
        if form.cost:
            largest = max(largest, form.cost * int(choices.price.max(initial=0)))
        scale = max(largest, 1) / LARGEST
        return cls(weights / scale, form.cost * CENTS / scale, scale)


@dataclass(frozen=True, slots=True, eq=False)
class ScaledCap:
    """A cap in the units of its form's scale. Values are whole numbers, so that half a unit more lets nothing else through."""

    weights: Numbers
    cost: float
    most: float

    @classmethod
    def of(cls, cap: Cap, choices: Choices) -> "ScaledCap":
        scaled = Scaled.of(cap.form, choices)
        return cls(scaled.weights, scaled.cost, (cap.most + 0.5) / scaled.scale)


class Program:
    """The choices of one question, with what their rows are made of. `account` is what the personal training account holds, in
    cents, `span` the days from the first one to the latest end.
    """

    def __init__(self, choices: Choices, account: int, span: int | None = None) -> None:
        self.choices = choices
        self.account = account
        self.span = span
        self.targets = choices.table.targets
        brings = choices.brings()
        self.covering, self.covered = brings.pairs_below(self.targets)
        self.length, self.training = choices.days, choices.training
        self.price, self.own = choices.price / CENTS, choices.own / CENTS
        # A choice surely takes the days that it takes wherever it begins; a window may have none.
        self.from_day, self.to_day = choices.last, choices.soonest
        asks = choices.asks()
        self.asking, self.asked = asks.rows(), asks.tokens
        order = np.argsort(brings.tokens, kind="stable")
        self._bringing, self._brought = brings.rows()[order], brings.tokens[order]
        kind = self.training[self.asking] * len(choices.table.tokens) + self.asked
        self._alike = np.argsort(kind, kind="stable")
        self._kind = kind
        self._kinds = kind[self._alike]
        self._sides: dict[int, tuple[Integers, Integers]] = {}

    def __len__(self) -> int:
        return len(self.choices)

    def sides(self, ask: int) -> tuple[Integers, Integers]:
        """The two sides of the row of an ask, the first at most the second: the choices of its training that ask the same and
        begin no later, of which one at most is taken, and the choices of other trainings that bring it in time.
        """
        known = self._sides.get(ask)
        if known is None:
            token, one, kind = self.asked[ask], self.asking[ask], self._kind[ask]
            begin, end = np.searchsorted(self._kinds, (kind, kind + 1))
            alike = self.asking[self._alike[begin:end]]
            begin, end = np.searchsorted(self._brought, (token, token + 1))
            able = self._bringing[begin:end]
            known = (
                alike[self.from_day[alike] <= self.from_day[one]],
                able[(self.to_day[able] < self.from_day[one]) & (self.training[able] != self.training[one])],
            )
            self._sides[ask] = known
        return known

    def asks_of(self, taken: Integers) -> Integers:
        inside = np.zeros(len(self), dtype=np.bool_)
        inside[taken] = True
        return np.flatnonzero(inside[self.asking])

    def rows(
        self,
        taken: Integers,
        caps: Sequence["ScaledCap"],
        days: Integers,
        trainings: Integers,
        asks: Integers,
    ) -> Rows:
        """The rows over these choices, whose variables come first, then the cost's: the targets, the account, the caps, the
        span, then these days, trainings and asks, in that order.
        """
        size = len(taken)
        place = np.full(len(self), -1)
        place[taken] = np.arange(size)
        rows = Rows()
        covering = place[self.covering]
        inside = covering >= 0
        rows.add_all(self.covered[inside], covering[inside], -1.0, -1.0, self.targets)
        every = np.arange(size + 1)
        rows.add(every, np.append(self.price[taken], -1.0), self.account / CENTS)
        rows.add(every, np.append(self.own[taken], -1.0), 0.0)
        for cap in caps:
            rows.add(every, np.append(cap.weights[taken], cap.cost), cap.most)
        if self.span is not None:
            rows.add(every[:-1], self.length[taken].astype(np.float64), float(self.span))
        from_day, to_day, training = self.from_day[taken], self.to_day[taken], self.training[taken]
        busy, on = np.nonzero((from_day <= days[:, None]) & (to_day >= days[:, None]))
        rows.add_all(busy, on, 1.0, 1.0, len(days))
        of, on = np.nonzero(training == trainings[:, None])
        rows.add_all(of, on, 1.0, 1.0, len(trainings))
        for ask in asks.tolist():
            asking, able = (place[side] for side in self.sides(ask))
            asking, able = asking[asking >= 0], able[able >= 0]
            values = np.repeat((1.0, -1.0), (len(asking), len(able)))
            rows.add(np.concatenate((asking, able)), values, 0.0)
        return rows

    def busiest(self, taken: Integers) -> Integers:
        """The days of which the rows say that no two of these overlap: before each end, the last day on which one begins."""
        sure = taken[self.from_day[taken] <= self.to_day[taken]]
        begins = np.unique(self.from_day[sure])
        places = np.unique(np.searchsorted(begins, self.to_day[sure], side="right")) - 1
        return begins[places]
