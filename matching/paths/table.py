"""The options as arrays, in whole units: cents, days, decametres. Pure: no Django, no engine.

One rule: only what can help is read. An option that brings neither a target nor what another one needs is left out here, so
that ten thousand trainings cost little more than the hundreds that matter.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.paths.problem import CpfTerms, Mode, Option, Problem

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

    def pairs_below(self, end: int) -> tuple[Integers, Integers]:
        """Rows and their tokens, of the tokens below this one: those that are targets come first."""
        below = self.tokens < end
        return self.rows()[below], self.tokens[below]

    def as_sets(self) -> list[set[int]]:
        """One by row."""
        tokens, begins = self.tokens.tolist(), self.begins.tolist()
        return [set(tokens[begin:end]) for begin, end in itertools.pairwise(begins)]


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
    options = sorted(_relevant(problem, targets), key=attrgetter("code"))
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
    fresh, known, found = set(targets), set(targets), list[Option]()
    waiting: Sequence[Option] = problem.options
    while fresh:
        helps = [not fresh.isdisjoint(option.brings) for option in waiting]
        joining = list(itertools.compress(waiting, helps))
        waiting = [option for option, is_one in zip(waiting, helps, strict=True) if not is_one]
        found += joining
        fresh = set[str]().union(*{option.needs for option in joining}) - problem.held - known
        known |= fresh
    return found


def _numbered(sets: Iterable[frozenset[str]], number: dict[str, int]) -> tuple[Sets, Integers]:
    """The numbers of the tokens that have one, and which sets are equal; the sessions of a training share theirs, read once."""
    read: dict[frozenset[str], int] = {}
    same = [read.setdefault(tokens, len(read)) for tokens in sets]
    tokens = _integers([number.get(token, -1) for one in read for token in one])
    rows = np.repeat(np.arange(len(read)), _integers(list(map(len, read))))
    rows, tokens = rows[tokens >= 0], tokens[tokens >= 0]
    tokens = tokens[np.lexsort((tokens, rows))]
    begins = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(read)))))
    places = _integers(same)
    return Sets(tokens, begins).take(places), places


def _amounts(options: Sequence[Option]) -> dict[str, Any]:
    def column(name: str) -> list[Any]:
        return list(map(attrgetter(name), options))

    price = _numbers(column("price_eur"))
    distance_km = _numbers(column("distance_km"))
    whole_price = _whole(price * CENTS)
    places = {mode: place for place, mode in enumerate(MODES)}
    return {
        "price": whole_price,
        "own": whole_price - _whole(_payable(price, column("cpf")) * CENTS),
        "travel": _whole(2 * distance_km * _numbers(column("trips")) * DECAMETRES),
        "days": _integers(column("days")),
        "earliest": _integers([day.toordinal() for day in column("earliest")]),
        "latest": _integers([day.toordinal() for day in column("latest")]),
        "registration_ends": _integers(
            [day.toordinal() if day else NEVER for day in column("registration_ends")]
        ),
        "distance_km": distance_km,
        "weekly_hours": _numbers(column("weekly_hours")),
        "mode": _integers([places[mode] for mode in column("mode")]),
        "full": np.array([left == 0 for left in column("seats")], dtype=np.bool_),
    }


def _payable(price: Numbers, terms: Sequence[CpfTerms | None]) -> Numbers:
    """Euros that the account may pay of these prices at most, as `CpfTerms.most` says of one."""
    nothing = CpfTerms(share_eur=np.inf)
    known = {id(one): one for one in (nothing, *terms) if one is not None}
    place = {key: number for number, key in enumerate(known)}
    share = _numbers([one.share_eur for one in known.values()])
    ceiling = _numbers([np.inf if one.ceiling_eur is None else one.ceiling_eur for one in known.values()])
    of = _integers([0 if one is None else place[id(one)] for one in terms])
    return np.asarray(np.minimum(np.maximum(price - share[of], 0.0), ceiling[of]), dtype=np.float64)


def _whole(values: Numbers) -> Integers:
    return np.rint(values).astype(np.int64)


def _numbers(values: Sequence[float]) -> Numbers:
    return np.array(values, dtype=np.float64)


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)
