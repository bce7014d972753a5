"""Texts of unequal lengths laid side by side in rows of tokens, so that a transformer spends next to nothing on padding. Pure.

One rule: a layout only says where each token goes; whoever runs the model keeps texts of one row from seeing one another, with
`Packed.owners`. Passages of a CV have two to twenty tokens: padded to the longest of a batch, a third to a half of the work
is padding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

WIDTH = 64  # tokens of a row: attention grows with its square, and shorter rows leave more holes
TOGETHER = 4_096  # tokens in one pass through the model
NOBODY = -1


@dataclass(frozen=True)
class Packed:
    """`texts` are the places of the texts in the sequence that was packed. The tables have one line a row and one column a
    token: its id, its position in its own text, and the text it belongs to, as a place in `texts`; NOBODY where it is padding.
    """

    texts: Integers
    ids: Integers
    positions: Integers
    owners: Integers


def packed_batches(tokens: Sequence[Sequence[int]], padding: int) -> Iterator[Packed]:
    """All the texts, the longest first, in batches of about TOGETHER tokens. `padding` is the id that fills the holes."""
    batch: list[int] = []
    size = 0
    for place in sorted(range(len(tokens)), key=lambda place: -len(tokens[place])):
        batch.append(place)
        size += len(tokens[place])
        if size >= TOGETHER:
            yield _packed(tokens, batch, padding)
            batch, size = [], 0
    if batch:
        yield _packed(tokens, batch, padding)


def _packed(tokens: Sequence[Sequence[int]], batch: Sequence[int], padding: int) -> Packed:
    rows = _rows([len(tokens[place]) for place in batch])
    width = max(sum(len(tokens[batch[owner]]) for owner in row) for row in rows)
    ids = np.full((len(rows), width), padding, dtype=np.int64)
    positions = np.zeros_like(ids)
    owners = np.full_like(ids, NOBODY)
    for line, row in enumerate(rows):
        start = 0
        for owner in row:
            text = tokens[batch[owner]]
            end = start + len(text)
            ids[line, start:end] = text
            positions[line, start:end] = np.arange(len(text))
            owners[line, start:end] = owner
            start = end
    return Packed(np.array(batch), ids, positions, owners)


def _rows(lengths: Sequence[int]) -> list[list[int]]:
    """Texts, the longest first, each in the first row that has room (first-fit decreasing bin packing)."""
    width = max(WIDTH, lengths[0])
    rows: list[list[int]] = []
    room: list[int] = []
    for owner, length in enumerate(lengths):
        row = next((row for row, left in enumerate(room) if left >= length), len(rows))
        if row == len(rows):
            rows.append([])
            room.append(width)
        rows[row].append(owner)
        room[row] -= length
    return rows
