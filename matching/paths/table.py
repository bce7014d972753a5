"""The options as arrays, in whole units: cents, days, decametres. Pure: no Django, no engine.

One rule: only what can help is read. An option that brings neither a target nor what another one needs is left out here,
so that
ten thousand trainings cost little more than the hundreds that matter.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.paths.problem import Mode, Option, Problem

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CENTS = 100  # in a euro
DECAMETRES = 100  # in a kilometre
NEVER = np.iinfo(np.int64).max // 4  # a day after every other
MODES = tuple(Mode)


@dataclass(frozen=True, slots=True)
class Sets:
    """The tokens of every option, one after the other: those of option i are `tokens[begins[i] : begins[i + 1]]`."""

    tokens: Integers
    begins: Integers

    @classmethod
    def of(cls, sets: Sequence[Sequence[int]]) -> "Sets":
        begins = np.zeros(len(sets) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in sets], out=begins[1:])
        return cls(np.fromiter((token for one in sets for token in one), np.int64, int(begins[-1])), begins)

    def sizes(self) -> Integers:
        return np.diff(self.begins)

    def take(self, rows: Integers) -> "Sets":
        """The sets of these rows, in their order."""
        sizes = self.sizes()[rows]
        begins = np.concatenate(([0], np.cumsum(sizes)))
        places = np.arange(begins[-1]) - np.repeat(begins[:-1] - self.begins[rows], sizes)
        return Sets(self.tokens[places], begins)

    def rows(self) -> Integers:
        """The row of each token of `tokens`."""
        return np.repeat(np.arange(len(self.begins) - 1), self.sizes())


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Options in order of their codes. The tokens that are targets are the first `targets` ones; `own` is the part of the price
    that the account cannot pay.
    """

    options: tuple[Option, ...]
    tokens: tuple[str, ...]
    targets: int
    brings: Sets
    asks: Sets  # the needs that are not held
    same_asks: Integers  # equal where the needs are
    training: Integers
    uniform: Mask  # whether every option of its training brings the same
    price: Integers
    own: Integers
    travel: Integers
    days: Integers
    earliest: Integers
    latest: Integers
    registration_ends: Integers
    distance_km: Numbers
    weekly_hours: Numbers
    mode: Integers
    full: Mask


def targets_of(problem: Problem) -> frozenset[str]:
    """The targets that are not held already."""
    return problem.targets - problem.held


def unbrought(problem: Problem) -> frozenset[str]:
    """The targets that no option brings, whatever the constraints."""
    missing = set(targets_of(problem))
    for option in problem.options:
        if not missing:
            break
        missing -= option.brings
    return frozenset(missing)


def read_table(problem: Problem, targets: frozenset[str]) -> Table:
    """What can help to reach these targets, none of them held."""
    options = sorted(_relevant(problem, targets), key=lambda option: option.code)
    if any(one.code == other.code for one, other in itertools.pairwise(options)):
        raise ValueError("Two options have the same code.")
    named = sorted(targets)
    needed = {token for option in options for token in option.needs} - problem.held
    named += sorted(needed - targets)
    number = {token: place for place, token in enumerate(named)}
    brings, same_brings = _numbered((option.brings for option in options), number)
    asks, same_asks = _numbered((option.needs for option in options), number)
    trainings: dict[str, int] = {}
    training = np.array(
        [trainings.setdefault(option.training, len(trainings)) for option in options], dtype=np.int64
    )
    several = np.zeros(len(trainings), dtype=np.bool_)
    one_of = np.zeros(len(trainings), dtype=np.int64)
    one_of[training] = same_brings
    several[training[one_of[training] != same_brings]] = True
    return Table(
        options=tuple(options),
        tokens=tuple(named),
        targets=len(targets),
        brings=brings,
        asks=asks,
        same_asks=same_asks,
        training=training,
        uniform=~several[training],
        **_amounts(options),
    )


def _relevant(problem: Problem, targets: frozenset[str]) -> list[Option]:
    """The options that bring a target, or what a relevant option needs and is not held."""
    wanted, waiting, found = set(targets), list(problem.options), list[Option]()
    grows = True
    while grows:
        rest: list[Option] = []
        known = len(found)
        for option in waiting:
            (rest if wanted.isdisjoint(option.brings) else found).append(option)
        waiting = rest
        needed = {token for option in found[known:] for token in option.needs} - problem.held - wanted
        wanted |= needed
        grows = bool(needed)
    return found


def _numbered(sets: Iterable[frozenset[str]], number: dict[str, int]) -> tuple[Sets, Integers]:
    """The numbers of the tokens that have one, and which sets are equal; the sessions of a training share theirs, read once."""
    read: dict[frozenset[str], int] = {}
    numbered: list[list[int]] = []
    same = []
    for tokens in sets:
        place = read.get(tokens)
        if place is None:
            place = read[tokens] = len(numbered)
            numbered.append(sorted(number[token] for token in tokens if token in number))
        same.append(place)
    places = np.array(same, dtype=np.int64)
    return Sets.of(numbered).take(places), places


def _amounts(options: Sequence[Option]) -> dict[str, Any]:
    def whole(values: Iterable[float]) -> Integers:
        return np.rint(np.fromiter(values, np.float64, len(options))).astype(np.int64)

    def days(values: Iterable[int]) -> Integers:
        return np.fromiter(values, np.int64, len(options))

    price = whole(option.price_eur * CENTS for option in options)
    paid = whole(option.cpf.most(option.price_eur) * CENTS if option.cpf else 0.0 for option in options)
    places = {mode: place for place, mode in enumerate(MODES)}
    return {
        "price": price,
        "own": price - paid,
        "travel": whole(option.travel_km * DECAMETRES for option in options),
        "days": days(option.days for option in options),
        "earliest": days(option.earliest.toordinal() for option in options),
        "latest": days(option.latest.toordinal() for option in options),
        "registration_ends": days(
            option.registration_ends.toordinal() if option.registration_ends else NEVER for option in options
        ),
        "distance_km": np.fromiter((option.distance_km for option in options), np.float64, len(options)),
        "weekly_hours": np.fromiter((option.weekly_hours for option in options), np.float64, len(options)),
        "mode": days(places[option.mode] for option in options),
        "full": np.fromiter((option.seats == 0 for option in options), np.bool_, len(options)),
    }
