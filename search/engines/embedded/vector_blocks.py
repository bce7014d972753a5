"""The vectors of one segment, memory-mapped: they are read from disk as they are needed and never copied whole.

One rule: the vectors of one document lie side by side, documents in the order of their rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from search.engines.base import Vectors
from search.engines.embedded.columns import Integers, KeywordColumn, Mask

# Vectors copied at once when segments are merged: 384 dimensions make 12 MB.
COPIED_AT_ONCE = 8192


@dataclass(frozen=True)
class VectorBlock:
    """Vector i belongs to row `names.rows[i]` of the segment and is called by entry i of `names`."""

    array: Vectors
    names: KeywordColumn

    @classmethod
    def open(cls, path: Path, names: KeywordColumn) -> "VectorBlock":
        count = len(names.rows)
        array = np.load(path, mmap_mode="r") if count else np.zeros((0, 0), np.float32)
        if len(array) != count:
            raise ValueError(f"{path}: {len(array)} vectors, not {count}")
        return cls(array, names)

    @cached_property
    def rows(self) -> Integers:
        """The rows that have vectors, ascending."""
        return self.names.rows[self._firsts]

    @cached_property
    def _firsts(self) -> Integers:
        """The first vector of each of these rows."""
        return np.flatnonzero(np.diff(self.names.rows, prepend=-1))

    def similarities(self, vector: Vectors) -> Vectors:
        """The cosine of each vector with this one, both of length 1.

        One by one: a cosine is then the same to the last bit wherever its vector stands, and no threads of a matrix product
        wait for each other on a busy machine.
        """
        if not len(self.array):
            return np.zeros(0, np.float32)
        cosines: Vectors = np.vecdot(np.asarray(self.array), vector)
        return cosines

    def best(self, similarities: Vectors) -> Vectors:
        """The best of the similarities of each of `rows`."""
        return np.maximum.reduceat(similarities, self._firsts)

    def nearest_name(self, row: int, similarities: Vectors) -> str:
        """Which vector of this row is the most similar."""
        first, end = np.searchsorted(self.names.rows, [row, row + 1])
        nearest = first + similarities[first:end].argmax()
        return self.names.vocabulary[int(self.names.values[nearest])]


def joined_vectors(
    parts: Sequence[tuple[int, VectorBlock]], kept: Mask
) -> tuple[KeywordColumn, Iterator[Vectors]]:
    """The names and the vectors of the rows kept in several segments, each given with its number of rows."""
    bases = np.cumsum([0, *(size for size, _ in parts)]).tolist()
    named = [(base, block.names) for base, (_, block) in zip(bases, parts, strict=False)]
    copied = (
        block.array[entries[at : at + COPIED_AT_ONCE]]
        for base, (_, block) in zip(bases, parts, strict=False)
        for entries in [np.flatnonzero(kept[block.names.rows + base])]
        for at in range(0, len(entries), COPIED_AT_ONCE)
    )
    return KeywordColumn.joined(named).keeping(kept), copied


def write_vectors(path: Path, names: KeywordColumn, arrays: Iterable[Vectors]) -> VectorBlock:
    """All these vectors, in one file in the order of `names`; no file when there are none."""
    count, pieces = len(names.rows), iter(arrays)
    if count:
        first = next(pieces)
        header = {"descr": "<f4", "fortran_order": False, "shape": (count, first.shape[1])}
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for array in chain([first], pieces):
                array.astype("<f4", copy=False).tofile(file)
    return VectorBlock.open(path, names)
