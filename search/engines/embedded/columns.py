"""Codes and numbers of documents and offers as numpy columns: of one segment, or of all of them joined.

One rule: the entries of every column stand in the order of their documents, so that the first documents own its first entries,
and those of one document lie side by side.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from search.clauses import Band
from search.documents.base import SearchDocument
from search.engines.embedded.offers import OFFER_KEYWORDS, OFFER_NUMBERS, offer_codes, offer_number
from search.fusion import neutral_order
from skills.geography import EARTH_RADIUS_KM

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class KeywordColumn:
    """Several codes a row: `values[i]` (an index in `vocabulary`) belongs to row `rows[i]`."""

    vocabulary: list[str]
    rows: Integers
    values: Integers

    @classmethod
    def of(cls, values_by_row: Iterable[Sequence[str]]) -> "KeywordColumn":
        positions: dict[str, int] = {}
        pairs = [
            (row, positions.setdefault(code, len(positions)))
            for row, codes in enumerate(values_by_row)
            for code in dict.fromkeys(codes)
        ]
        return cls(list(positions), *_two_columns(pairs))

    @cached_property
    def positions(self) -> dict[str, int]:
        return {code: position for position, code in enumerate(self.vocabulary)}

    def having(self, codes: Iterable[str], size: int) -> Mask:
        """The rows that have any of these codes."""
        mask = np.zeros(size, dtype=bool)
        mask[self.rows[self._wanted(codes)]] = True
        return mask

    def count_having(self, codes: Iterable[str], size: int) -> Integers:
        """How many of these codes each row has."""
        return np.bincount(self.rows[self._wanted(codes)], minlength=size).astype(np.int64)

    def _wanted(self, codes: Iterable[str]) -> Mask:
        """The entries that are one of these codes."""
        wanted = np.zeros(len(self.vocabulary), dtype=bool)
        wanted[[self.positions[code] for code in codes if code in self.positions]] = True
        return wanted[self.values]

    def counts(self, values: Integers) -> dict[str, int]:
        """How often each code is among these values; none that is not."""
        counts = np.bincount(values, minlength=len(self.vocabulary))
        return {self.vocabulary[position]: int(counts[position]) for position in np.flatnonzero(counts)}

    def first(self, size: int) -> "KeywordColumn":
        """Of the first `size` rows alone, over the same arrays."""
        entries = np.count_nonzero(self.rows < size)
        return KeywordColumn(self.vocabulary, self.rows[:entries], self.values[:entries])

    def keeping(self, kept: Mask) -> "KeywordColumn":
        """Of the rows kept alone, numbered anew, without the codes that none of them has."""
        entries = kept[self.rows]
        used, values = np.unique(self.values[entries], return_inverse=True)
        rows = _new_rows(kept)[self.rows[entries]]
        return KeywordColumn([self.vocabulary[position] for position in used], rows, values)

    @classmethod
    def joined(cls, parts: Sequence[tuple[int, "KeywordColumn"]]) -> "KeywordColumn":
        """One after the other, each with its first row."""
        positions: dict[str, int] = {}
        values = []
        for _, part in parts:
            places = [positions.setdefault(code, len(positions)) for code in part.vocabulary]
            values.append(np.array(places, dtype=np.int64)[part.values])
        rows = [part.rows + base for base, part in parts]
        return cls(list(positions), np.concatenate(rows), np.concatenate(values))


@dataclass(frozen=True)
class DateColumn:
    """Several days a row, as ordinals: `days[i]` belongs to row `rows[i]`."""

    rows: Integers
    days: Integers

    @classmethod
    def of(cls, days_by_row: Iterable[Sequence[int]]) -> "DateColumn":
        return cls(*_two_columns([(row, day) for row, days in enumerate(days_by_row) for day in days]))

    def within(self, band: Band, size: int) -> Mask:
        kept = np.ones(len(self.days), dtype=bool)
        if band.first is not None:
            kept &= self.days >= band.first
        if band.last is not None:
            kept &= self.days <= band.last
        mask = np.zeros(size, dtype=bool)
        mask[self.rows[kept]] = True
        return mask

    def first(self, size: int) -> "DateColumn":
        entries = np.count_nonzero(self.rows < size)
        return DateColumn(self.rows[:entries], self.days[:entries])

    def keeping(self, kept: Mask) -> "DateColumn":
        entries = kept[self.rows]
        return DateColumn(_new_rows(kept)[self.rows[entries]], self.days[entries])

    @classmethod
    def joined(cls, parts: Sequence[tuple[int, "DateColumn"]]) -> "DateColumn":
        return cls(
            np.concatenate([part.rows + base for base, part in parts]),
            np.concatenate([part.days for _, part in parts]),
        )


@dataclass(frozen=True)
class Columns:
    """The columns of one kind. Rows are documents; `offer_rows` gives the document of each offer, ascending.

    `neutral` places rows in neutral order: the first 64 bits of the published key, which two of 100,000 codes share once in
    3,000,000,000 indexes. `word_ids` are what the words know each row by: ascending, never given twice.
    """

    codes: list[str]
    keywords: Mapping[str, KeywordColumn]
    dates: Mapping[str, DateColumn]
    offer_rows: Integers
    offer_keywords: Mapping[str, KeywordColumn]
    offer_numbers: Mapping[str, Numbers]
    neutral: Places
    word_ids: Integers

    @classmethod
    def of(cls, documents: Sequence[SearchDocument], first_word_id: int) -> "Columns":
        offers = [offer for document in documents for offer in document.offers]
        offer_rows = np.repeat(np.arange(len(documents)), [len(document.offers) for document in documents])
        names = sorted({name for document in documents for name in document.keywords})
        dated = sorted({name for document in documents for name in document.dates})
        codes = [document.code for document in documents]
        return cls(
            codes=codes,
            keywords={name: KeywordColumn.of(d.keywords.get(name, ()) for d in documents) for name in names},
            dates={
                name: DateColumn.of([day.toordinal() for day in d.dates.get(name, ())] for d in documents)
                for name in dated
            },
            offer_rows=offer_rows,
            offer_keywords={
                name: _by_document(KeywordColumn.of(offer_codes(offer, name) for offer in offers), offer_rows)
                for name in OFFER_KEYWORDS
            },
            offer_numbers={
                name: np.array([offer_number(offer, name) for offer in offers], dtype=np.float64)
                for name in OFFER_NUMBERS
            },
            neutral=np.array([int.from_bytes(neutral_order(code)[:8], "big") for code in codes], np.uint64),
            word_ids=np.arange(first_word_id, first_word_id + len(documents)),
        )

    @property
    def size(self) -> int:
        return len(self.codes)

    def first(self, size: int) -> "Columns":
        """The first `size` rows, over the same arrays."""
        offers = int(np.searchsorted(self.offer_rows, size))
        return Columns(
            codes=self.codes[:size],
            keywords={name: column.first(size) for name, column in self.keywords.items()},
            dates={name: column.first(size) for name, column in self.dates.items()},
            offer_rows=self.offer_rows[:offers],
            offer_keywords={name: column.first(offers) for name, column in self.offer_keywords.items()},
            offer_numbers={name: numbers[:offers] for name, numbers in self.offer_numbers.items()},
            neutral=self.neutral[:size],
            word_ids=self.word_ids[:size],
        )

    def keeping(self, kept: Mask) -> "Columns":
        """The rows kept alone, numbered anew."""
        offers = kept[self.offer_rows]
        return Columns(
            codes=[self.codes[row] for row in np.flatnonzero(kept)],
            keywords={name: column.keeping(kept) for name, column in self.keywords.items()},
            dates={name: column.keeping(kept) for name, column in self.dates.items()},
            offer_rows=_new_rows(kept)[self.offer_rows[offers]],
            offer_keywords={name: column.keeping(offers) for name, column in self.offer_keywords.items()},
            offer_numbers={name: numbers[offers] for name, numbers in self.offer_numbers.items()},
            neutral=self.neutral[kept],
            word_ids=self.word_ids[kept],
        )

    @classmethod
    def joined(cls, parts: Sequence["Columns"]) -> "Columns":
        """One after the other, at least one; a column that only some of them have is empty for the others."""
        based = list(zip(_bases([part.size for part in parts]), parts, strict=True))
        offers = list(zip(_bases([len(part.offer_rows) for part in parts]), parts, strict=True))
        names = sorted({name for part in parts for name in part.keywords})
        dated = sorted({name for part in parts for name in part.dates})
        return cls(
            codes=[code for part in parts for code in part.codes],
            keywords={
                name: KeywordColumn.joined([(b, p.keywords[name]) for b, p in based if name in p.keywords])
                for name in names
            },
            dates={
                name: DateColumn.joined([(b, p.dates[name]) for b, p in based if name in p.dates])
                for name in dated
            },
            offer_rows=np.concatenate([part.offer_rows + base for base, part in based]),
            offer_keywords={
                name: KeywordColumn.joined([(base, part.offer_keywords[name]) for base, part in offers])
                for name in OFFER_KEYWORDS
            },
            offer_numbers={
                name: np.concatenate([part.offer_numbers[name] for part in parts]) for name in OFFER_NUMBERS
            },
            neutral=np.concatenate([part.neutral for part in parts]),
            word_ids=np.concatenate([part.word_ids for part in parts]),
        )

    def rows_of_words(self, word_ids: Integers) -> Integers:
        """The row of each of these ids; -1 for one that no segment holds."""
        if not self.size:
            return np.full(len(word_ids), -1)
        rows = np.minimum(np.searchsorted(self.word_ids, word_ids), self.size - 1)
        return np.where(self.word_ids[rows] == word_ids, rows, -1)

    def with_any_of(self, offers: Mask) -> Mask:
        """The documents that have one of these offers."""
        mask = np.zeros(self.size, dtype=bool)
        mask[self.offer_rows[offers]] = True
        return mask

    @cached_property
    def without_offers(self) -> Mask:
        return ~self.with_any_of(np.ones(len(self.offer_rows), dtype=bool))

    @cached_property
    def _first_offers(self) -> Integers:
        """The first offer of each document that has any."""
        return np.flatnonzero(np.diff(self.offer_rows, prepend=-1))

    def lowest_of_offers(self, numbers: Numbers, offers: Mask) -> Numbers:
        """The lowest number of each document among these offers; infinite where none of them tells it."""
        lowest = np.full(self.size, np.inf)
        if len(self.offer_rows):
            told = np.where(offers & ~np.isnan(numbers), numbers, np.inf)
            firsts = self._first_offers
            lowest[self.offer_rows[firsts]] = np.minimum.reduceat(told, firsts)
        return lowest

    def kilometres_from(self, latitude: float, longitude: float) -> Numbers:
        """The great-circle distance of each offer, as `skills.geography.distance_km`; NaN where its place is unknown."""
        here, there = np.radians(latitude), np.radians(self.offer_numbers["latitude"])
        across = np.radians(self.offer_numbers["longitude"] - longitude)
        half_chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
        kilometres: Numbers = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half_chord)))
        return kilometres


def _two_columns(pairs: Sequence[tuple[int, int]]) -> tuple[Integers, Integers]:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def _new_rows(kept: Mask) -> Integers:
    """The row that each row kept has once the others are gone."""
    return np.cumsum(kept, dtype=np.int64) - 1


def _bases(sizes: Sequence[int]) -> list[int]:
    """The first row of each part, the parts being of these sizes."""
    return list(itertools.accumulate(sizes[:-1], initial=0))


def _by_document(column: KeywordColumn, offer_rows: Integers) -> KeywordColumn:
    """The entries of a document by value, whatever its offer: what several of its offers have is then counted once, without
    sorting."""
    order = np.lexsort((column.values, offer_rows[column.rows]))
    return KeywordColumn(column.vocabulary, column.rows[order], column.values[order])
