"""What to relax when nothing is possible: the least change of one constraint, else of two, that makes a path possible. Pure: no
Django, no engine.

One rule: a change is as large as the part it is of what was asked for. Fifty euros more on a budget of five hundred are as
much as six days later in a search of sixty; each thing allowed against a constraint counts like doubling it. The smallest
change comes first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import combinations

import numpy as np

from matching.paths.answering import path_of
from matching.paths.choices import WAIVERS, Limits, Waiver, choices_under
from matching.paths.forms import COST, Cap, Form
from matching.paths.minimising import Optimum, Question, minimise
from matching.paths.ordered import best, possible
from matching.paths.problem import ConstraintName, Objective, Relaxation
from matching.paths.table import CENTS, NEVER, Numbers, Table

WHOLE = 10**9  # the size of doubling what was asked for, so that sizes are whole numbers
WAIVED_CENTS = 10  # what a cent weighs beside it where it only shows where to look
SLIGHT = 0.5
# What a change is compared with at least: a budget of nothing cannot be a measure.
LEAST_EURO, LEAST_DAYS, LEAST_HOURS, LEAST_KM = 100.0, 30.0, 5.0, 10.0


def relaxations(table: Table, limits: Limits) -> tuple[Relaxation, ...]:
    """The least relaxation of each single constraint that makes a path possible, the smallest first; those of pairs only when
    no single one does.
    """
    names = [name for name in ConstraintName if _may_help(name, table, limits)]
    for count in (1, 2):
        found = [_Relaxing(table, limits, several).least() for several in combinations(names, count)]
        sized = [one for one in found if one is not None]
        if sized:
            return tuple(relaxation for _, relaxation in sorted(sized, key=lambda one: one[0]))
    return ()


def _may_help(name: ConstraintName, table: Table, limits: Limits) -> bool:
    if name in LEVELS:
        return len(LEVELS[name](table, limits)) > 0
    helps = {
        ConstraintName.BUDGET: limits.budget is not None,
        ConstraintName.CPF: limits.budget is not None and bool((table.own < table.price).any()),
        ConstraintName.MODES: not limits.modes[table.mode].all(),
        ConstraintName.SEATS: bool(table.full.any()),
        ConstraintName.NEEDS: len(table.asks.tokens) > 0,
        ConstraintName.REGISTRATION: bool((table.latest > table.registration_ends).any()),
    }
    return helps[name]


def _later(table: Table, limits: Limits) -> Numbers:
    last = int((table.latest + table.days - 1).max(initial=0))
    return np.arange(1, last - limits.latest_end + 1, dtype=np.float64)


def _earlier(table: Table, limits: Limits) -> Numbers:
    first = int(table.earliest.min(initial=NEVER))
    return np.arange(1, limits.starts_from - first + 1, dtype=np.float64)


def _more_hours(table: Table, limits: Limits) -> Numbers:
    more = np.unique(table.weekly_hours) - limits.weekly_hours
    return more[more > 0]


def _further(table: Table, limits: Limits) -> Numbers:
    further = np.unique(table.distance_km - limits.within_km[table.mode])
    return further[further > 0]


# The constraints of which one value holds for the whole path, and by how much it may have to change.
LEVELS: dict[ConstraintName, Callable[[Table, Limits], Numbers]] = {
    ConstraintName.LATEST_END: _later,
    ConstraintName.START: _earlier,
    ConstraintName.WEEKLY_HOURS: _more_hours,
    ConstraintName.DISTANCE: _further,
}


def _relaxed(limits: Limits, name: ConstraintName, level: float) -> Limits:
    if name == ConstraintName.LATEST_END:
        return replace(limits, latest_end=limits.latest_end + int(level))
    if name == ConstraintName.START:
        return replace(limits, starts_from=limits.starts_from - int(level))
    if name == ConstraintName.WEEKLY_HOURS:
        return replace(limits, more_hours=level)
    return replace(limits, further_km=level)


def _measure(name: ConstraintName, limits: Limits) -> float:
    """What doubling this constraint adds, in its unit."""
    if name in WAIVERS:
        return 1.0
    asked = {
        ConstraintName.BUDGET: (LEAST_EURO, (limits.budget or 0) / CENTS),
        ConstraintName.CPF: (LEAST_EURO, limits.cpf / CENTS),
        ConstraintName.WEEKLY_HOURS: (LEAST_HOURS, limits.weekly_hours),
        ConstraintName.DISTANCE: (LEAST_KM, float(limits.within_km.min())),
    }
    days = limits.latest_end - limits.starts_from + 1 if limits.latest_end < NEVER else 0
    return max(asked.get(name, (LEAST_DAYS, float(days))))


@dataclass(frozen=True, slots=True)
class _Found:
    """The size of a change, the level of each constraint that has one, and the value of what adds up over the steps."""

    size: float
    levels: dict[ConstraintName, float]
    value: int = 0


class _Relaxing:
    """These constraints relaxed together, the others kept."""

    def __init__(self, table: Table, limits: Limits, names: Sequence[ConstraintName]) -> None:
        self.table, self.names = table, names
        self.limits = replace(
            limits, waived=sum((WAIVERS[one] for one in names if one in WAIVERS), Waiver(0))
        )
        self.form, self.caps, self.free = self._summed()

    def _summed(self) -> tuple[Form | None, list[Cap], int]:
        """The change that adds up over the steps as a form, of which so much is free, and the caps that are left."""
        budget, account = self.limits.budget, self.limits.cpf
        waivers = WHOLE if self.limits.waived else 0
        caps = [] if budget is None else [Cap(COST, budget)]
        form, free = Form(waivers=waivers, waiver=self.limits.waived), 0
        for name in self.names:
            weight = round(WHOLE / CENTS / _measure(name, self.limits))
            if name == ConstraintName.BUDGET and budget is not None:
                form, caps, free = replace(form, cost=weight), [], weight * budget
            elif name == ConstraintName.CPF and budget is not None:
                form, caps = replace(form, price=weight), [Cap(Form(own=1), budget)]
                free = weight * (budget + account)
        return (None if form == Form() else form), caps, free

    def least(self) -> tuple[float, Relaxation] | None:
        """The size of the least change, with the cheapest path that it makes possible."""
        found = self._least(self.limits, [name for name in self.names if name in LEVELS], np.inf)
        if found is None:
            return None
        limits, caps = self.limits, list(self.caps)
        for name, level in found.levels.items():
            limits = _relaxed(limits, name, level)
        if self.form is not None:
            caps.append(Cap(self.form, found.value))
        question = self._question(limits)
        more = 0
        if ConstraintName.CPF in self.names:
            lowest = minimise(question, Form(price=1), caps)
            more = 0 if lowest is None else lowest.value - limits.cpf - (limits.budget or 0)
            question = replace(question, account=limits.cpf + more)
        path = best(question, Objective.COST, caps)
        return None if path is None else (found.size, self._relaxation(path, found, more))

    def _relaxation(self, found: Optimum, change: _Found, more: int) -> Relaxation:
        path = path_of(found)
        amounts, allowed = dict(change.levels), {}
        for name in self.names:
            if name in WAIVERS:
                waived = found.path.option[(found.path.waivers & WAIVERS[name]) > 0]
                allowed[name] = tuple(self.table.options[one].code for one in sorted(waived.tolist()))
                amounts[name] = float(len(waived))
            elif name == ConstraintName.CPF:
                amounts[name] = more / CENTS
            elif name == ConstraintName.BUDGET:
                amounts[name] = path.cost_eur - (self.limits.budget or 0) / CENTS
        return Relaxation({name: amounts[name] for name in self.names}, path, allowed)

    def _question(self, limits: Limits) -> Question:
        return Question(choices_under(self.table, limits), limits.cpf, limits.starts_from, limits.latest_end)

    def _least(self, limits: Limits, levelled: Sequence[ConstraintName], at_most: float) -> _Found | None:
        """The least change of at most this size, of what has levels and of what adds up."""
        if not levelled:
            return self._least_summed(limits, at_most)
        name, *others = levelled
        per = WHOLE / _measure(name, self.limits)
        levels = LEVELS[name](self.table, self.limits)

        def at(level: float, most: float) -> _Found | None:
            found = self._least(_relaxed(limits, name, level), others, most)
            return found and replace(
                found, size=found.size + per * level, levels={name: level, **found.levels}
            )

        return least_level(levels[per * levels <= at_most], per, at, at_most)

    def _least_summed(self, limits: Limits, at_most: float) -> _Found | None:
        question = self._question(limits)
        if self.form is None:
            return None if possible(question, self.caps) is None else _Found(0.0, {})
        guide = None if self.form.cost or self.form.price else replace(self.form, cost=WAIVED_CENTS)
        found = minimise(question, self.form, self.caps, guide, at_most + self.free)
        return found and _Found(float(found.value - self.free), {}, found.value)


def least_level(
    levels: Numbers, per: float, at: Callable[[float, float], _Found | None], at_most: float
) -> _Found | None:
    """The least change over levels, `per` being the size of one unit. `at` gives the least change at a level, provided that
    what it adds to the level is of at most a given size; a higher level never needs more besides.
    """
    if not len(levels):
        return None
    highest = at(float(levels[-1]), at_most - per * levels[0])
    if highest is None:
        return None
    best, waiting = highest, [(highest.size - per * levels[-1] + per * levels[0], 0, len(levels) - 1)]
    while waiting:
        bound, low, high = heappop(waiting)
        if low >= high or bound >= best.size - SLIGHT:
            continue
        middle = (low + high - 1) // 2
        beside = bound - per * levels[low]  # the least that must be added to a level of this part
        found = at(float(levels[middle]), best.size - per * levels[low])
        if middle + 1 < high:
            heappush(waiting, (beside + per * levels[middle + 1], middle + 1, high))
        if found is not None:
            best = min(best, found, key=lambda one: one.size)
            heappush(waiting, (found.size - per * levels[middle] + per * levels[low], low, middle))
    return best
