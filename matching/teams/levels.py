"""The formula of `matching.scoring` over a whole team at once. Pure: no Django, no engine.

One rule: there is one formula. Every credit here is read from a table that `matching.scoring.credit` fills, level by level;
only the loop over people is numpy's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.scoring import WEIGHTS, Requirement, SkillGraph, answers, credit, value_of
from matching.teams.team import Ask, Qualification, asked

HIGHEST = 4
FOREVER = dt.date.max.toordinal()
Credits = NDArray[np.float64]
Days = NDArray[np.int64]


def _credits_by_level(share: float, asked_level: int) -> Credits:
    return np.array([credit(share, held, asked_level) for held in range(HIGHEST + 1)])


class Levels:
    """People (or trainings) by what each of them holds. Credits are computed once an ask and kept."""

    def __init__(self, held: Sequence[Mapping[str, int]], graph: SkillGraph) -> None:
        self.graph = graph
        self.size = len(held)
        self._column = {
            code: place for place, code in enumerate(sorted({code for one in held for code in one}))
        }
        # One column more, always 0, stands for every skill that nobody holds.
        self._levels = np.zeros((len(held), len(self._column) + 1), dtype=np.int8)
        for row, one in enumerate(held):
            for code, level in one.items():
                self._levels[row, self._column[code]] = level
        self._credits: dict[Ask, Credits] = {}

    def of(self, skill: str) -> NDArray[np.int8]:
        return self._levels[:, self._column.get(skill, -1)]

    def credits(self, ask: Ask) -> Credits:
        """What each holds is worth for this ask, from 0 to 1."""
        if ask not in self._credits:
            best = np.zeros(self.size)
            for _, share, codes in answers(ask.skill, self.graph):
                by_level = _credits_by_level(share, ask.level)
                for code in codes:
                    if code in self._column:
                        np.maximum(best, by_level[self.of(code)], out=best)
            self._credits[ask] = best
        return self._credits[ask]

    def covers(self, ask: Ask) -> NDArray[np.bool_]:
        return self.credits(ask) >= 1

    def scores(self, requirements: Sequence[Requirement]) -> list[float]:
        """The score of each, as `matching.scoring.score_value` gives it."""
        if not requirements:
            return [0.0] * self.size
        total = sum(WEIGHTS[one.importance] for one in requirements)
        weighted = np.stack(
            [WEIGHTS[one.importance] * self.credits(asked(one)) for one in requirements], axis=1
        )
        return [value_of(row, total) for row in weighted.tolist()]


class DatedLevels(Levels):
    """A team on a day: what ended before counts for nothing, what ends later is known to."""

    def __init__(self, held: Sequence[Mapping[str, Qualification]], graph: SkillGraph, on: dt.date) -> None:
        super().__init__([{code: one.level_on(on) for code, one in person.items()} for person in held], graph)
        self._ends = np.full(self._levels.shape, FOREVER, dtype=np.int64)
        for row, person in enumerate(held):
            for code, one in person.items():
                if one.valid_until is not None:
                    self._ends[row, self._column[code]] = one.valid_until.toordinal()
        self._covered_until: dict[Ask, Days] = {}

    def covered_until(self, ask: Ask) -> Days:
        """The last day (an ordinal) on which each still covers the ask if nothing is renewed; 0 for who does not now."""
        if ask not in self._covered_until:
            last = np.zeros(self.size, dtype=np.int64)
            for code in fully_answering(ask, self.graph):
                if code in self._column:
                    is_covered = _credits_by_level(1.0, ask.level)[self.of(code)] >= 1
                    np.maximum(last, np.where(is_covered, self._ends[:, self._column[code]], 0), out=last)
            self._covered_until[ask] = last
        return self._covered_until[ask]


def fully_answering(ask: Ask, graph: SkillGraph) -> tuple[str, ...]:
    """The skills that alone, at the level asked, cover it."""
    return tuple(code for _, share, codes in answers(ask.skill, graph) if share >= 1 for code in codes)


def is_covered_by(ask: Ask, level: int) -> bool:
    """Whether a skill that fully answers covers the ask at this level."""
    return credit(1.0, level, ask.level) >= 1
