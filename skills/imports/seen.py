"""Remembers which identities an import has met, millions of them, in eight bytes each.

One rule: an identity is kept as a 64-bit digest of its text; two of a million being taken for one is a chance in ten million.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

# How many digests wait as plain numbers before they are sorted in with the others.
RECENT = 32_768

Digests = npt.NDArray[np.uint64]


def digest(identity: Sequence[object]) -> int:
    text = "\x1f".join(map(repr, identity))  # 7 is a key, '7' a code
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


class SeenIdentities:
    """A set of identities that only grows. Ask by the chunk: one question for a chunk costs as much as for one."""

    def __init__(self) -> None:
        self._sorted: Digests = np.empty(0, dtype=np.uint64)
        self._recent: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._recent) or len(self._sorted) > 0

    def has(self, identities: Iterable[Sequence[object]]) -> list[bool]:
        """Whether each of these was met."""
        asked = [digest(identity) for identity in identities]
        old = self._among_sorted(asked)
        return [is_old or number in self._recent for number, is_old in zip(asked, old, strict=True)]

    def add_new(self, identities: Iterable[Sequence[object]]) -> list[bool]:
        """Take these in; say which are met for the first time, repetitions among themselves included."""
        asked = [digest(identity) for identity in identities]
        new = []
        for number, is_old in zip(asked, self._among_sorted(asked), strict=True):
            new.append(not is_old and number not in self._recent)
            if new[-1]:
                self._recent.add(number)
        if len(self._recent) > RECENT:
            recent = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
            merged = np.concatenate([self._sorted, recent])
            merged.sort()  # in place: a copy of a million digests is eight megabytes
            self._sorted = merged
            self._recent.clear()
        return new

    def _among_sorted(self, asked: list[int]) -> list[bool]:
        if not len(self._sorted):
            return [False] * len(asked)
        wanted = np.array(asked, dtype=np.uint64)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        found: list[bool] = (self._sorted[at] == wanted).tolist()
        return found
