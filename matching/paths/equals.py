"""The best of the paths that a first objective leaves, by going through them. Pure: no Django, no engine.

One rule: a branch is left only by a proof, and what takes too long to go through is left to the integer program. What has been
minimised is capped at its least, so that few sets of trainings remain; tables of what the targets still lacking take at least
(`cover`) say early which branches lead nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.paths.choices import Choices
from matching.paths.cover import MOST_TARGETS, least_to_cover, masks_of
from matching.paths.forms import Cap
from matching.paths.schedule import pieces, schedule
from matching.paths.table import Integers, Numbers

MOST_CHOICES = 500
MOST_BRANCHES = 100_000
SLIGHT = 1e-9  # of sums of floats, relative

# What the person pays in cents, decametres, the last day, steps, the sum of the places in the order of codes.
Key = tuple[float, float, int, int, int]


class TooMany(Exception):
    """There is more to go through than is worth it."""


@dataclass(frozen=True, slots=True, eq=False)
class Allowance:
    """A sum over steps that no path looked for exceeds: what each choice adds, none less than nothing, and the most."""

    weights: Numbers
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class First:
    """The path that comes first, with the first days of its steps."""

    path: Choices
    starts: tuple[int, ...]


def first_of(
    choices: Choices, caps: Sequence[Cap], account: int, known: First, promise: Allowance | None = None
) -> First | None:
    """Of the paths under these caps the cheapest, then the nearest, then the soonest, then that of the fewest steps and the
    first codes; None when `known`, one of them, is it. `promise` is a sum that is known of them besides. Raises TooMany.
    """
    if choices.table.targets > MOST_TARGETS:
        raise TooMany
    allowed = _allowances(choices, caps, account)
    choices, allowed = _whole_windows(choices, [promise, *allowed] if promise else allowed)
    if len(choices) > MOST_CHOICES:
        raise TooMany
    return _Walk(choices, allowed, account).before(known)


def _allowances(choices: Choices, caps: Sequence[Cap], account: int) -> list[Allowance]:
    """What caps on forms say of sums. Of a cost, both sums whose greater one it is."""
    found: list[Allowance] = []
    for cap in caps:
        weights, cost = cap.form.weights(choices).astype(np.float64), cap.form.cost
        if cost:
            found.append(Allowance(weights + cost * choices.price, float(cap.most + cost * account)))
        found.append(Allowance(weights + cost * choices.own, float(cap.most)))
    return found


def _whole_windows(choices: Choices, allowed: Sequence[Allowance]) -> tuple[Choices, list[Allowance]]:
    """Windows told apart by day put together again, at what their best day adds."""
    rows = np.stack((choices.option, choices.waivers, choices.opens))
    _, one_of, group = np.unique(rows, axis=1, return_index=True, return_inverse=True)
    group = group.reshape(-1)
    found = []
    for one in allowed:
        least = np.full(len(one_of), np.inf)
        np.minimum.at(least, group, one.weights)
        found.append(Allowance(least, one.most))
    whole = choices.take(one_of)
    return replace(whole, first=whole.opens, last=whole.closes), found


class _Sum:
    """A sum over steps, with the least that each set of targets adds to it."""

    def __init__(self, weights: Numbers, most: float, masks: Integers, targets: int) -> None:
        self.weights: list[float] = weights.tolist()
        self.rest: list[float] = least_to_cover(masks, weights, targets).tolist()
        self.most = most + SLIGHT * max(1.0, abs(most))


class _Walk:
    """Depth first: whatever is lacking first is brought by one choice after the other."""

    def __init__(self, choices: Choices, allowed: Sequence[Allowance], account: int) -> None:
        self.choices, self.account, self.targets = choices, account, choices.table.targets
        self.everything = (1 << self.targets) - 1
        brings, asks = choices.brings(), choices.asks()
        covering, covered = brings.pairs_below(self.targets)
        masks = masks_of(covering, self._rarest_first(covered), len(choices))
        self.masks: list[int] = masks.tolist()
        sums = [_Sum(one.weights, one.most, masks, self.targets) for one in allowed]
        amounts = choices.price, choices.own, choices.travel
        self.sums = [*sums, *(_Sum(one.astype(np.float64), np.inf, masks, self.targets) for one in amounts)]
        self.soonest: list[int] = choices.soonest.tolist()
        self.last: list[int] = choices.last.tolist()
        self.places: list[int] = choices.option.tolist()
        self.conflicts = _conflicts(choices)
        self.asks = [sorted(tokens) for tokens in asks.as_sets()]
        rows = brings.rows()
        self.bringing = {
            token: rows[brings.tokens == token].tolist() for token in np.unique(asks.tokens).tolist()
        }
        self.has_windows = bool((choices.first < choices.last).any())
        promise = allowed[0].weights if allowed else choices.price
        order = np.lexsort((choices.soonest, promise, choices.travel))
        self.covering = [order[(masks[order] >> target) & 1 == 1].tolist() for target in range(self.targets)]
        self.branches = 0
        self.found: First | None = None

    def _rarest_first(self, tokens: Integers) -> Integers:
        """The targets renamed, so that the one with the fewest choices is brought first."""
        name = np.empty(self.targets, dtype=np.int64)
        name[np.argsort(np.bincount(tokens, minlength=self.targets), kind="stable")] = np.arange(self.targets)
        return np.asarray(name[tokens], dtype=np.int64)

    def before(self, known: First) -> First | None:
        """The first path if it comes before the known one."""
        self.best = self._key(known.path, known.starts)
        self._walk(self.everything, (), 0, [0.0] * len(self.sums))
        return self.found

    def _key(self, path: Choices, starts: Sequence[int]) -> Key:
        cost = max(int(path.price.sum()) - self.account, int(path.own.sum()))
        end = max(start + days - 1 for start, days in zip(starts, path.days.tolist(), strict=True))
        return cost, int(path.travel.sum()), end, len(path), int(path.option.sum())

    def _walk(self, lacking: int, chosen: tuple[int, ...], conflicts: int, spent: Sequence[float]) -> None:
        self.branches += 1
        if self.branches > MOST_BRANCHES:
            raise TooMany
        candidates = self.covering[_first(lacking)] if lacking else self._answers(chosen)
        for one in self._arrive(chosen) if candidates is None else candidates:
            if conflicts >> one & 1:
                continue
            rest = lacking & ~self.masks[one]
            added = self._added(one, rest, spent)
            if added is not None and not self._is_behind(added, rest, (*chosen, one)):
                self._walk(rest, (*chosen, one), conflicts | self.conflicts[one], added)

    def _added(self, one: int, rest: int, spent: Sequence[float]) -> list[float] | None:
        """What is spent with this choice too; None when what is still lacking would take more than the most."""
        added = []
        for sums, so_far in zip(self.sums, spent, strict=True):
            total = so_far + sums.weights[one]
            if total + sums.rest[rest] > sums.most:
                return None
            added.append(total)
        return added

    def _is_behind(self, spent: Sequence[float], rest: int, chosen: Sequence[int]) -> bool:
        """Whether no path of these choices and others comes before the best one known."""
        price, own, travel = (
            so_far + sums.rest[rest] for so_far, sums in zip(spent[-3:], self.sums[-3:], strict=True)
        )
        cost = max(price - self.account, own)
        if (cost, travel) != self.best[:2]:
            return (cost, travel) > self.best[:2]
        end = max(self.soonest[one] for one in chosen)
        places = sum(self.places[one] for one in chosen)
        return (end, len(chosen) + bool(rest), places) >= self.best[2:]

    def _answers(self, chosen: tuple[int, ...]) -> list[int] | None:
        """What may bring the first thing that one of these asks for and none of them brings before; None when none is left."""
        for one in chosen:
            for token in self.asks[one]:
                able = self._able(one, token)
                if not any(other in able for other in chosen):
                    return able
        return None

    def _able(self, one: int, token: int) -> list[int]:
        return [other for other in self.bringing[token] if self.soonest[other] < self.last[one]]

    def _arrive(self, chosen: tuple[int, ...]) -> list[int]:
        """Compares a path with the best one; when it does not fit in time, what else might bring in time what is asked for."""
        path = self.choices.take(np.array(chosen, dtype=np.int64))
        starts = schedule(pieces(path))
        if starts is None:
            able = {other for one in chosen for token in self.asks[one] for other in self._able(one, token)}
            return sorted(able.difference(chosen)) if self.has_windows else []
        key = self._key(path, starts)
        if key < self.best:
            self.best, self.found = key, First(path, starts)
        return []


def _first(targets: int) -> int:
    return (targets & -targets).bit_length() - 1


def _conflicts(choices: Choices) -> list[int]:
    """For each choice, as bits, those that cannot be taken beside it: of its training, or on days that both surely take."""
    from_day, to_day = choices.last, choices.soonest
    sure = from_day <= to_day
    both = np.maximum.outer(from_day, from_day) <= np.minimum.outer(to_day, to_day)
    both &= sure[:, None] & sure[None, :]
    both |= choices.training[:, None] == choices.training[None, :]
    packed = np.packbits(both, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]
