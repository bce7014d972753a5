"""When the newest segments of an index are joined into one. Pure.

One rule: only segments of like size are joined, so that a document is copied again only when its segment has grown eightfold: a
change of some documents never costs a copy of the whole index, and their number stays small.
"""

from collections.abc import Sequence

JOINED = 8


def first_to_join(sizes: Sequence[int]) -> int:
    """From which segment on, oldest first, all are to be joined; none is when it is their number."""
    tiers = [_tier(size) for size in sizes]
    first = len(sizes)
    for tier in sorted(set(tiers)):
        start = max((place + 1 for place, other in enumerate(tiers) if other > tier), default=0)
        if tiers[start:].count(tier) >= JOINED:
            first = start
    return first


def _tier(size: int) -> int:
    """How often a size is divisible by `JOINED`."""
    tier = 0
    while size >= JOINED:
        size //= JOINED
        tier += 1
    return tier
