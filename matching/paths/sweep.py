"""A day before which no path ends, found by going through the days. Pure: no Django, no engine.

One rule: what is left aside (what trainings ask for and cost, that each is taken once) makes the day sooner, never later.
Steps follow one another, so that of each set of targets only the first day by which all of it can be reached counts.
"""

import numpy as np
import numpy.typing as npt

from matching.paths.choices import Choices
from matching.paths.cover import MOST_TARGETS, masks_of
from matching.paths.table import NEVER, Integers

Days = npt.NDArray[np.int32]

NOT_YET = np.iinfo(np.int32).max


def no_sooner_than(choices: Choices, starts_from: int) -> int:
    """The first day by which every target could be reached; NEVER when they could not."""
    targets = choices.table.targets
    if targets > MOST_TARGETS:
        return starts_from
    reached = _Reached(targets)
    before = starts_from - 1
    masks = masks_of(*choices.brings().pairs_below(targets), len(choices))
    choices, masks = choices.take(masks > 0), masks[masks > 0]
    first, last, days = choices.first - before, choices.last - before, choices.days
    ends, last_ends = first + days - 1, last + days - 1
    order = np.argsort(ends, kind="stable")
    sorted_ends = ends[order]
    windows = np.flatnonzero(first < last)
    for day in range(1, int(last_ends.max(initial=0)) + 1):
        begin, end = np.searchsorted(sorted_ends, (day, day + 1))
        for one in order[begin:end].tolist():
            reached.take(int(masks[one]), int(first[one]), day)
        for one in windows[(ends[windows] < day) & (day <= last_ends[windows])].tolist():
            reached.go_on(int(masks[one]), day - int(days[one]), day)
        if reached.is_complete:
            return before + day
    return NEVER


class _Reached:
    """The first day by which each set of targets can be reached, day 0 being the one before the first."""

    def __init__(self, targets: int) -> None:
        self.day: Days = np.full(1 << targets, NOT_YET, dtype=np.int32)
        self.day[0] = 0
        self.sets = np.arange(1 << targets)
        self.new: dict[int, list[Integers]] = {0: [np.zeros(1, dtype=np.int64)]}

    @property
    def is_complete(self) -> bool:
        return bool(self.day[-1] < NOT_YET)

    def take(self, mask: int, start: int, end: int) -> None:
        """A step on these days, after whatever has been reached before."""
        if mask & (mask - 1):
            self._set(np.flatnonzero((self.day[self.sets & ~mask] < start) & (self.day == NOT_YET)), end)
            return
        halves = self.day.reshape(-1, 2, mask)
        fresh = (halves[:, 0] < start) & (halves[:, 1] == NOT_YET)
        if fresh.any():
            upper, lower = np.nonzero(fresh)
            self._set(upper * (2 * mask) + mask + lower, end)

    def go_on(self, mask: int, after: int, end: int) -> None:
        """A step that could have begun before, but not after what has been reached on this very day."""
        for sources in self.new.get(after, ()):
            apart = sources[sources & mask == 0]
            part = mask
            while part:  # every part of what the step brings
                reached = apart | part
                self._set(reached[self.day[reached] == NOT_YET], end)
                part = (part - 1) & mask

    def _set(self, sets: Integers, day: int) -> None:
        if len(sets):
            self.day[sets] = day
            self.new.setdefault(day, []).append(sets)
