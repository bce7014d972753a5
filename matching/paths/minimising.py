"""The least value of a form over the paths there are, with its proof. Pure: no Django, no engine.

One rule: a choice is left out only by a proof. A path found among the most promising choices says what a better one may be
worth at most; the bounds say which choices could be part of such a one; the integer program over these has the last word. A
window is one choice, thought to fit wherever it may, until a path shows that it does not: it is then one choice a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np

from matching.paths.choices import Choices
from matching.paths.cover import MOST_TARGETS, least_with, masks_of
from matching.paths.equals import Allowance
from matching.paths.forms import Cap, Form, value_of
from matching.paths.integer import solve
from matching.paths.linear import Bounding
from matching.paths.program import Program
from matching.paths.schedule import pieces, schedule
from matching.paths.table import NEVER, Integers

FEW, TIMES = 250, 4  # choices tried first, and how many times more when there is no path among them
SMALL = 80  # choices that need no bounds
SLIGHT = 1e-6


@dataclass(slots=True, eq=False)
class Memory:
    """What one search leaves to the next over the same options: the days and trainings whose rows were of use, and the options
    whose windows had to be told apart by day.
    """

    days: list[int] = field(default_factory=list)
    trainings: list[int] = field(default_factory=list)
    by_day: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What may be chosen from, between the first day and the latest end."""

    choices: Choices
    account: int
    starts_from: int
    latest_end: int = NEVER
    memory: Memory = field(default_factory=Memory)

    def until(self, day: int) -> "Question":
        return replace(self, choices=self.choices.until(day), latest_end=day)

    def told_apart(self) -> "Question":
        """With the windows by day of which it is known that their days matter."""
        windows = self.choices.first < self.choices.last
        if self.memory.by_day:
            windows &= np.isin(self.choices.option, list(self.memory.by_day))
            if windows.any():
                return replace(self, choices=self.choices.by_day(windows))
        return self

    def program(self) -> Program:
        span = None if self.latest_end == NEVER else self.latest_end - self.starts_from + 1
        return Program(self.choices, self.account, span)


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The least value of a form, a path that has it, and the question narrowed to the choices that such a path may have."""

    form: Form
    value: int
    path: Choices
    starts: tuple[int, ...]
    question: Question = field(repr=False)
    promise: Allowance | None = None  # what the bounds say of every path of at most this value

    @property
    def end(self) -> int:
        return max(start + days - 1 for start, days in zip(self.starts, self.path.days.tolist(), strict=True))


class _Unplaced(Exception):
    """The path found does not fit in time: the windows of these options are to be told apart by day."""

    def __init__(self, options: Sequence[int]) -> None:
        self.options = options


def minimise(
    question: Question,
    form: Form,
    caps: Sequence[Cap] = (),
    guide: Form | None = None,
    at_most: float = np.inf,
) -> Optimum | None:
    """None when there is no path, or none of a value of at most `at_most`. `guide` decides where to look when the form is
    nothing for most choices.
    """
    while True:
        try:
            return _Search(question.told_apart(), form, caps, guide, at_most).optimum()
        except _Unplaced as unplaced:
            question.memory.by_day.update(unplaced.options)


def surely_none(question: Question, form: Form, caps: Sequence[Cap], at_most: float) -> bool:
    """Whether the bounds alone say that no path has a value of at most `at_most`."""
    if len(question.choices) <= SMALL:
        return False  # it is as quick to look for one
    return not _Search(question.told_apart(), form, caps, None, at_most).may_have_any()


class _Search:
    def __init__(
        self, question: Question, form: Form, caps: Sequence[Cap], guide: Form | None, at_most: float
    ) -> None:
        self.question, self.form, self.caps = question, form, caps
        self.guide, self.at_most = guide, at_most
        self.program = question.program()
        self.bounding = Bounding(self.program, question.memory.days, question.memory.trainings)

    def may_have_any(self) -> bool:
        bound = self.bounding.bound(self.form, self.caps, self.guide)
        self.question.memory.days = self.bounding.days
        self.question.memory.trainings = self.bounding.trainings
        if bound is None:
            return False
        self.least = bound.value + bound.reduced
        self.slight = SLIGHT * bound.scale
        self.bound = bound
        if self._whole(bound.value) > self.at_most:
            return False
        return self.at_most == np.inf or self._tightened(self.at_most) <= self.at_most + self.slight

    def _whole(self, value: float) -> int:
        """The least whole number that is not below this bound."""
        return ceil(value - self.slight)

    def _within(self, most: float) -> Integers:
        """The choices that a path of at most this value may have."""
        return np.flatnonzero(self.least <= most + self.slight)

    def _tightened(self, most: float) -> float:
        """The least that a path of at most this value can have, now that covers are counted exactly, time left aside. What is
        then known of the choices holds for such paths only.
        """
        within = self._within(most)
        program, bound = self.program, self.bound
        if program.targets <= MOST_TARGETS and len(within):
            masks = masks_of(program.covering, program.covered, len(program))[within]
            apart = bound.apart[within]
            freely = bound.base + np.minimum(apart, 0.0).sum()
            least = freely + least_with(masks, np.maximum(apart, 0.0), program.targets)
            self.least[within] = np.maximum(self.least[within], least)
        return float(self.least[within].min(initial=np.inf))

    def optimum(self) -> Optimum | None:
        if len(self.program) <= SMALL:
            return self._directly()
        if not self.may_have_any():
            return None
        found = self._first_path()
        if found is None:
            return None
        tried, chosen, starts = found
        value = self._value(chosen)
        if value > self._whole(self.bound.value):
            better = self._better(min(value - 1, self.at_most), tried)
            if better is not None:
                chosen, starts = better
                value = self._value(chosen)
        if value > self.at_most:
            return None
        choices, within = self.question.choices, self._within(value)
        narrowed = replace(self.question, choices=choices.take(within))
        return Optimum(self.form, value, choices.take(chosen), starts, narrowed, self._promise(value, within))

    def _promise(self, value: int, within: Integers) -> Allowance:
        apart = self.bound.apart[within]
        freely = self.bound.base + np.minimum(apart, 0.0).sum()
        return Allowance(np.maximum(apart, 0.0), float(value + self.slight - freely))

    def _directly(self) -> Optimum | None:
        """Without bounds, which would take longer than the integer program over so few choices."""
        chosen = solve(self.program, np.arange(len(self.program)), self.form, self.caps)
        if chosen is None or self._value(chosen) > self.at_most:
            return None
        chosen = self._stripped(chosen)
        starts = self._placed(chosen)
        path = self.question.choices.take(chosen)
        return Optimum(self.form, self._value(chosen), path, starts, self.question)

    def _first_path(self) -> tuple[Integers, Integers, tuple[int, ...]] | None:
        """A path among the most promising choices, or among more of them; with the choices it was the best of, for the
        guide."""
        size = FEW
        while True:
            within = self._within(self.at_most)
            tried = within
            if len(within) > size:
                tried = within[np.argsort(self.bounding.promise[within], kind="stable")[:size]]
            chosen = solve(
                self.program, np.sort(tried), self.guide or self.form, self.caps, self.bounding.days
            )
            if chosen is not None:
                chosen = self._stripped(chosen)
                return tried, chosen, self._placed(chosen)
            if len(tried) == len(within):
                return None
            size *= TIMES

    def _better(self, most: float, tried: Integers) -> tuple[Integers, tuple[int, ...]] | None:
        """The best path of at most this value, if there is one; `tried` had none better for the guide."""
        if self._is_exhausted(most, tried) or self._tightened(most + 1) > most + self.slight:
            return None
        if self._is_exhausted(most, tried):
            return None
        chosen = solve(self.program, self._within(most), self.form, self.caps, self.bounding.days)
        if chosen is None or self._value(chosen) > most:
            return None
        chosen = self._stripped(chosen)
        return chosen, self._placed(chosen)

    def _is_exhausted(self, most: float, tried: Integers) -> bool:
        return self.guide is None and len(np.setdiff1d(self._within(most), tried)) == 0

    def _value(self, chosen: Integers) -> int:
        return value_of(self.form, self.question.choices.take(chosen), self.program.account)

    def _stripped(self, chosen: Integers) -> Integers:
        """Without what adds nothing: a form that is nothing for a choice does not keep it out."""
        choices = self.question.choices.take(chosen)
        brings, asks, targets = choices.brings().as_sets(), choices.asks().as_sets(), self.program.targets
        kept = list(range(len(chosen)))
        for one in reversed(range(len(chosen))):
            others = [other for other in kept if other != one]
            asked = set[int]().union(*(asks[other] for other in others))
            brought = set[int]().union(*(brings[other] for other in others))
            if not asked & brings[one] and all(token in brought or token >= targets for token in brings[one]):
                kept = others
        return chosen[kept]

    def _placed(self, chosen: Integers) -> tuple[int, ...]:
        """The first day of each, or the exception that tells windows apart."""
        choices = self.question.choices
        starts = schedule(pieces(choices.take(chosen)))
        if starts is None:
            raise _Unplaced(choices.option[_in_conflict(choices, chosen)].tolist())
        return starts


def _in_conflict(choices: Choices, chosen: Integers) -> Integers:
    """The windows of a smallest part of these choices that does not fit in time, what they ask for left aside when it is
    enough."""
    apart = [replace(piece, asks=frozenset()) for piece in pieces(choices.take(chosen))]
    kept = list(range(len(apart)))
    if schedule(apart) is not None:
        return chosen[(choices.first < choices.last)[chosen]]
    for one in range(len(apart)):
        others = [other for other in kept if other != one]
        if schedule([apart[other] for other in others]) is None:
            kept = others
    left = chosen[kept]
    return left[(choices.first < choices.last)[left]]
