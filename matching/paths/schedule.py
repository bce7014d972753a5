"""The days of the steps of a path whose trainings are chosen, exactly. Pure: no Django, no engine.

One rule: steps follow one another, so that a set of windows already placed is as well placed as it can be when it ends soonest.
That makes the best order a dynamic program over sets (Held and Karp, 1962), and its answer a proof.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.errors import PathUnproven
from matching.paths.choices import Choices

MOST_WINDOWS = 18  # of one path; beyond, the sets of windows are too many to be tried


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be placed: `days` from a day in `first`..`last`, after something else has brought each token of `asks`."""

    first: int
    last: int
    days: int
    brings: frozenset[int]
    asks: frozenset[int]

    @property
    def is_fixed(self) -> bool:
        return self.first == self.last

    @property
    def soonest(self) -> int:
        return self.first + self.days - 1


def pieces(choices: Choices) -> list[Piece]:
    return [
        Piece(first, last, days, frozenset(brings), frozenset(asks))
        for first, last, days, brings, asks in zip(
            choices.opens.tolist(),
            choices.closes.tolist(),
            choices.days.tolist(),
            choices.brings().as_sets(),
            choices.asks().as_sets(),
            strict=True,
        )
    ]


def schedule(pieces: Sequence[Piece]) -> tuple[int, ...] | None:
    """The first day of each piece, so that the last one ends as soon as it can and the others begin early; None if they do
    not fit."""
    fixed = sorted((piece.first, place) for place, piece in enumerate(pieces) if piece.is_fixed)
    windows = [place for place, piece in enumerate(pieces) if not piece.is_fixed]
    for (_, one), (start, _) in itertools.pairwise(fixed):
        if pieces[one].soonest >= start:
            return None
    if len(windows) > MOST_WINDOWS:
        raise PathUnproven(
            f"A path of {len(windows)} trainings without fixed dates is too long to be placed."
        )
    return _Placing(pieces, [place for _, place in fixed], windows).best()


@dataclass(frozen=True, slots=True)
class _Placing:
    pieces: Sequence[Piece]
    fixed: Sequence[int]  # in order of time
    windows: Sequence[int]

    def best(self) -> tuple[int, ...] | None:
        """Sets of placed windows by size, each with the soonest day it can end and the days it takes for that."""
        layer: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {0: (0, ())}
        for _ in self.windows:
            following: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
            for placed, (ended, starts) in layer.items():
                for bit, place in self._left(placed):
                    start = self._earliest(place, ended, placed)
                    if start is None:
                        continue
                    reached = start + self.pieces[place].days - 1, (*starts, (place, start))
                    key = placed | bit
                    if key not in following or reached < following[key]:
                        following[key] = reached
            layer = following
        complete = [
            starts
            for placed, (ended, starts) in layer.items()
            if self._satisfied(ended, NO_DAY, placed)  # what is fixed after the last window
        ]
        return self._all_starts(complete[0]) if complete else None

    def _left(self, placed: int) -> Iterator[tuple[int, int]]:
        for position, place in enumerate(self.windows):
            if not placed >> position & 1:
                yield 1 << position, place

    def _earliest(self, place: int, ended: int, placed: int) -> int | None:
        """The first day on which this window can begin, once what is placed has ended on this day."""
        piece = self.pieces[place]
        start = max(piece.first, ended + 1)
        for token in piece.asks:
            brought = self._brought_by(token, placed)
            if brought is None:
                return None
            start = max(start, brought + 1)
        for other in self.fixed:
            taken = self.pieces[other]
            if taken.soonest >= start and taken.first < start + piece.days:
                start = taken.soonest + 1
        return start if start <= piece.last and self._satisfied(ended, start, placed) else None

    def _brought_by(self, token: int, placed: int) -> int | None:
        """The day on which the token has been brought: 0 by a window already placed, else by the first fixed piece."""
        if any(placed >> n & 1 and token in self.pieces[w].brings for n, w in enumerate(self.windows)):
            return 0
        return next(
            (self.pieces[one].soonest for one in self.fixed if token in self.pieces[one].brings), None
        )

    def _satisfied(self, after: int, before: int, placed: int) -> bool:
        """Whether what is fixed between these days has had what it asks for, no other window coming before it."""
        for place in self.fixed:
            piece = self.pieces[place]
            if after < piece.first < before:
                for token in piece.asks:
                    brought = self._brought_by(token, placed)
                    if brought is None or brought >= piece.first:
                        return False
        return True

    def _all_starts(self, windows: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
        starts = {place: self.pieces[place].first for place in self.fixed} | dict(windows)
        return tuple(starts[place] for place in range(len(self.pieces)))


NO_DAY = 1 << 60  # after every other
