"""The least that covering the targets can cost, exactly, when what goes together is left aside. Pure: no Django, no engine.

One rule: choices of the same targets are alike here, so that the sets of targets, not the choices, are what is gone through
(a dynamic program over sets): up to `MOST_TARGETS`, beyond which the linear bound has to do.
"""

import numpy as np

from matching.paths.table import Integers, Numbers

MOST_TARGETS = 16


def masks_of(covering: Integers, covered: Integers, size: int) -> Integers:
    """The targets of each choice as bits."""
    masks = np.zeros(size, dtype=np.int64)
    np.bitwise_or.at(masks, covering, np.int64(1) << covered)
    return masks


def least_with(masks: Integers, costs: Numbers, targets: int) -> Numbers:
    """For each choice, the least cost of a cover that has it. Costs are not negative."""
    rest = least_to_cover(masks, costs, targets)
    everything = (1 << targets) - 1
    return costs + rest[everything & ~masks]


def least_to_cover(masks: Integers, costs: Numbers, targets: int) -> Numbers:
    """For each set of targets, the least cost of covering it: by what covers its first target, and then what is left of it."""
    everything = 1 << targets
    cheapest = np.full(everything, np.inf)
    np.minimum.at(cheapest, masks, costs)
    useful = _undominated(cheapest, targets)
    least = np.full(everything, np.inf)
    least[0] = 0.0
    for first in reversed(range(targets)):
        sets = (np.arange(1 << (targets - 1 - first)) << (first + 1)) | (1 << first)
        best = np.full(len(sets), np.inf)
        for mask in useful[(useful >> first) & 1 == 1]:
            np.minimum(best, cheapest[mask] + least[sets & ~mask], out=best)
        least[sets] = best
    return least


def _undominated(cheapest: Numbers, targets: int) -> Integers:
    """The sets of targets that no wider one costs less or as much as."""
    wider = cheapest.copy()
    beaten = np.zeros(len(cheapest), dtype=np.bool_)
    places = np.arange(len(cheapest))
    for bit in range(targets):
        without = places[(places >> bit) & 1 == 0]
        wider[without] = np.minimum(wider[without], wider[without | (1 << bit)])
    for bit in range(targets):
        without = places[(places >> bit) & 1 == 0]
        beaten[without] |= wider[without | (1 << bit)] <= cheapest[without]
    return np.flatnonzero(~beaten & np.isfinite(cheapest))
