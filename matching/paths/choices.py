"""What may be chosen under given limits: options with the days they may begin. Pure: no Django, no engine.

One rule: a choice meets every limit that concerns it alone. What is left to decide is which go together.
"""

from dataclasses import dataclass, fields, replace
from enum import IntFlag

import numpy as np

from matching.paths.problem import ConstraintName, Constraints
from matching.paths.table import CENTS, MODES, NEVER, Integers, Mask, Numbers, Sets, Table


class Waiver(IntFlag):
    """What a choice is allowed in spite of a limit."""

    MODES = 1
    SEATS = 2
    NEEDS = 4
    REGISTRATION = 8


NO_WAIVER = Waiver(0)


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """The constraints in whole units, some of them relaxed: `waived` are those that may be waived, choice by choice."""

    starts_from: int
    latest_end: int
    budget: int | None
    cpf: int
    weekly_hours: float
    within_km: Numbers  # by mode, in the order of `MODES`
    modes: Mask
    more_hours: float = 0.0  # than `weekly_hours`
    further_km: float = 0.0  # than `within_km`, whatever the mode
    waived: Waiver = NO_WAIVER

    @classmethod
    def of(cls, constraints: Constraints) -> "Limits":
        return cls(
            starts_from=constraints.starts_from.toordinal(),
            latest_end=constraints.latest_end.toordinal() if constraints.latest_end else NEVER,
            budget=None if constraints.budget_eur is None else round(constraints.budget_eur * CENTS),
            cpf=round(constraints.cpf_eur * CENTS),
            weekly_hours=np.inf if constraints.weekly_hours is None else constraints.weekly_hours,
            within_km=np.array([constraints.within_km.get(mode, np.inf) for mode in MODES]),
            modes=np.array([mode in constraints.modes for mode in MODES]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Options that may be chosen, each beginning on a day from `first` to `last`; `opens` and `closes` are the days of the
    window of which a choice is one day. An option may be there several times: at other days, or with and without a waiver.
    """

    table: Table
    option: Integers
    first: Integers
    last: Integers
    opens: Integers
    closes: Integers
    waivers: Integers

    def __len__(self) -> int:
        return len(self.option)

    def take(self, chosen: Integers | Mask) -> "Choices":
        changes = {one.name: getattr(self, one.name)[chosen] for one in fields(self) if one.name != "table"}
        return replace(self, **changes)

    @property
    def days(self) -> Integers:
        return self.table.days[self.option]

    @property
    def training(self) -> Integers:
        return self.table.training[self.option]

    @property
    def soonest(self) -> Integers:
        """The earliest last day."""
        return self.first + self.days - 1

    @property
    def price(self) -> Integers:
        return self.table.price[self.option]

    @property
    def own(self) -> Integers:
        return self.table.own[self.option]

    @property
    def travel(self) -> Integers:
        return self.table.travel[self.option]

    def brings(self) -> Sets:
        return self.table.brings.take(self.option)

    def asks(self) -> Sets:
        """What must be brought before: nothing where the needs are waived."""
        asks = self.table.asks.take(self.option)
        waived = (self.waivers & Waiver.NEEDS) > 0
        if not waived.any():
            return asks
        sizes = np.where(waived, 0, asks.sizes())
        kept = np.repeat(~waived, asks.sizes())
        return Sets(asks.tokens[kept], np.concatenate(([0], np.cumsum(sizes))))

    def until(self, day: int) -> "Choices":
        """Those that can end by this day, with what is left of their windows."""
        left = self.take(self.soonest <= day)
        last = day - left.days + 1
        return replace(left, last=np.minimum(left.last, last), closes=np.minimum(left.closes, last))

    def by_day(self, windows: Mask) -> "Choices":
        """These windows replaced by one choice a day."""
        times = np.where(windows, self.last - self.first + 1, 1)
        spread = self.take(np.repeat(np.arange(len(self)), times))
        begins = np.cumsum(times) - times
        offset = np.arange(len(spread)) - np.repeat(begins, times)
        first = spread.first + offset
        return replace(spread, first=first, last=np.where(np.repeat(windows, times), first, spread.last))


def choices_under(table: Table, limits: Limits) -> Choices:
    """Every option that meets the limits that concern it alone, with the waivers that this takes."""
    waived = limits.waived
    refused = ~limits.modes[table.mode]
    within = table.distance_km - limits.within_km[table.mode] <= limits.further_km
    kept = within & (table.weekly_hours - limits.weekly_hours <= limits.more_hours)
    if not waived & Waiver.MODES:
        kept &= ~refused
    if not waived & Waiver.SEATS:
        kept &= ~table.full
    first = np.maximum(table.earliest, limits.starts_from)
    last = np.minimum(table.latest, limits.latest_end - table.days + 1)
    flags = refused * Waiver.MODES.value + table.full * Waiver.SEATS.value
    parts = [_choices(table, kept, first, np.minimum(last, table.registration_ends), flags)]
    if waived & Waiver.REGISTRATION:
        after = np.maximum(first, table.registration_ends + 1)
        parts.append(_choices(table, kept, after, last, flags + Waiver.REGISTRATION.value))
    if waived & Waiver.NEEDS:
        parts += [_without_needs(part) for part in list(parts)]
    return _joined(parts)


def _choices(table: Table, kept: Mask, first: Integers, last: Integers, flags: Integers) -> Choices:
    option = np.flatnonzero(kept & (first <= last))
    first, last = first[option], last[option]
    return Choices(table, option, first, last, first, last, flags[option].astype(np.int64))


def _without_needs(choices: Choices) -> Choices:
    waiving = choices.take(choices.table.asks.sizes()[choices.option] > 0)
    return replace(waiving, waivers=waiving.waivers | Waiver.NEEDS.value)


def _joined(parts: list[Choices]) -> Choices:
    joined = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts])
        for one in fields(Choices)
        if one.name != "table"
    }
    return Choices(parts[0].table, **joined)


WAIVERS = {
    ConstraintName.MODES: Waiver.MODES,
    ConstraintName.SEATS: Waiver.SEATS,
    ConstraintName.NEEDS: Waiver.NEEDS,
    ConstraintName.REGISTRATION: Waiver.REGISTRATION,
}
