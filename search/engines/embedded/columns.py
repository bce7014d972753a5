"""Codes and numbers of documents and offers as numpy columns: filters are masks, facets are counts.

One rule: a clause on offers is judged on each offer that has not ended, all such clauses on the same one; a document that
has offers but none left is out.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.clauses import AllOf, AnyBand, AnyOf, Band, Between, Clause, FacetRequest, Near, Scope
from search.documents.base import Offer, SearchDocument
from search.fusion import neutral_order
from skills.geography import EARTH_RADIUS_KM

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

OFFER_KEYWORDS = ("mode", "region", "languages", "funding")
OFFER_NUMBERS = (
    "hours",
    "price_eur",
    "first_start",
    "last_start",
    "last_day",
    "latitude",
    "longitude",
    "anywhere",
)


class KeywordColumn:
    """Several codes a row: `values[i]` (an index in `vocabulary`) belongs to row `rows[i]`."""

    def __init__(self, values_by_row: Iterable[Sequence[str]]) -> None:
        positions: dict[str, int] = {}
        rows: list[int] = []
        values: list[int] = []
        for row, codes in enumerate(values_by_row):
            for code in dict.fromkeys(codes):
                rows.append(row)
                values.append(positions.setdefault(code, len(positions)))
        self.vocabulary = list(positions)
        self.positions = positions
        self.rows: Integers = np.array(rows, dtype=np.int64)
        self.values: Integers = np.array(values, dtype=np.int64)

    def having(self, code: str, size: int) -> Mask:
        mask = np.zeros(size, dtype=bool)
        position = self.positions.get(code)
        if position is not None:
            mask[self.rows[self.values == position]] = True
        return mask

    def count_having(self, codes: Sequence[str], size: int) -> Integers:
        """How many of these codes each row has."""
        wanted = [self.positions[code] for code in dict.fromkeys(codes) if code in self.positions]
        return np.bincount(self.rows[np.isin(self.values, wanted)], minlength=size).astype(np.int64)


class DateColumn:
    """Several days a row, as ordinals."""

    def __init__(self, days_by_row: Iterable[Sequence[dt.date]]) -> None:
        pairs = [(row, day.toordinal()) for row, days in enumerate(days_by_row) for day in days]
        self.rows: Integers = np.array([row for row, _ in pairs], dtype=np.int64)
        self.days: Integers = np.array([day for _, day in pairs], dtype=np.int64)

    def within(self, band: Band, size: int) -> Mask:
        kept = np.ones(len(self.days), dtype=bool)
        if band.first is not None:
            kept &= self.days >= band.first
        if band.last is not None:
            kept &= self.days <= band.last
        mask = np.zeros(size, dtype=bool)
        mask[self.rows[kept]] = True
        return mask


@dataclass(frozen=True)
class Columns:
    """The columns of one kind. Rows are documents; `offer_rows` gives the document of each offer."""

    codes: list[str]
    keywords: Mapping[str, KeywordColumn]
    dates: Mapping[str, DateColumn]
    offer_rows: Integers
    offer_keywords: Mapping[str, KeywordColumn]
    offer_numbers: Mapping[str, Numbers]
    alive: Mask
    neutral: Integers  # the place of each row in neutral order

    @classmethod
    def of(cls, documents: Sequence[SearchDocument], alive: Mask) -> "Columns":
        offers = [(row, offer) for row, document in enumerate(documents) for offer in document.offers]
        names = sorted({name for document in documents for name in document.keywords})
        dated = sorted({name for document in documents for name in document.dates})
        return cls(
            codes=[document.code for document in documents],
            keywords={name: KeywordColumn(d.keywords.get(name, ()) for d in documents) for name in names},
            dates={name: DateColumn(d.dates.get(name, ()) for d in documents) for name in dated},
            offer_rows=np.array([row for row, _ in offers], dtype=np.int64),
            offer_keywords={
                name: KeywordColumn(_offer_codes(offer, name) for _, offer in offers)
                for name in OFFER_KEYWORDS
            },
            offer_numbers={
                name: np.array([_offer_number(offer, name) for _, offer in offers], dtype=np.float64)
                for name in OFFER_NUMBERS
            },
            alive=alive,
            neutral=_neutral_places([document.code for document in documents]),
        )

    @property
    def size(self) -> int:
        return len(self.codes)

    def matching(self, clauses: Iterable[Clause], today: int) -> tuple[Mask, Mask]:
        """The documents and the offers that satisfy every clause today."""
        documents, offers = self.alive.copy(), self.offer_numbers["last_day"] >= today
        asks_offers = False
        for clause in clauses:
            if clause.scope is Scope.DOCUMENT:
                documents &= self._document_mask(clause)
            else:
                offers &= self._offer_mask(clause)
                asks_offers = True
        with_offer = np.zeros(self.size, dtype=bool)
        with_offer[self.offer_rows[offers]] = True
        if not asks_offers:
            without_any = np.ones(self.size, dtype=bool)
            without_any[self.offer_rows] = False
            with_offer |= without_any
        return documents & with_offer, offers

    def _document_mask(self, clause: Clause) -> Mask:
        if isinstance(clause, AnyBand):
            masks = [self._band_mask(clause.field, band) for band in clause.bands]
            return np.logical_or.reduce(masks) if masks else np.ones(self.size, dtype=bool)
        column = self.keywords.get(clause.field)
        if column is None or isinstance(clause, Between | Near):
            return np.zeros(self.size, dtype=bool)
        return _choice_mask(column, clause, self.size)

    def _band_mask(self, field: str, band: Band) -> Mask:
        codes, dates = self.keywords.get(field), self.dates.get(field)
        mask = np.zeros(self.size, dtype=bool) if codes is None else codes.having(band.value, self.size)
        return mask | dates.within(band, self.size) if dates is not None and band.has_days else mask

    def _offer_mask(self, clause: Clause) -> Mask:
        if isinstance(clause, AnyBand):
            raise ValueError("bands are judged on documents")
        if isinstance(clause, Near):
            is_near = self.kilometres_from(clause.latitude, clause.longitude) <= clause.kilometres
            mask: Mask = is_near | (self.offer_numbers["anywhere"] == 1)
            return mask
        if isinstance(clause, Between):
            numbers = self.offer_numbers[clause.field]
            lower = -math.inf if clause.lower is None else clause.lower
            upper = math.inf if clause.upper is None else clause.upper
            return (numbers >= lower) & (numbers <= upper)  # comparisons with NaN, the unknown, are false
        return _choice_mask(self.offer_keywords[clause.field], clause, len(self.offer_rows))

    def kilometres_from(self, latitude: float, longitude: float) -> Numbers:
        """The great-circle distance of each offer, as `skills.geography.distance_km`; NaN where its place is unknown."""
        here, there = np.radians(latitude), np.radians(self.offer_numbers["latitude"])
        across = np.radians(self.offer_numbers["longitude"] - longitude)
        half_chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
        kilometres: Numbers = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half_chord)))
        return kilometres

    def lowest_of_offers(self, numbers: Numbers, offers: Mask) -> Numbers:
        """The lowest number of each document among these offers; infinite where none of them tells it."""
        lowest = np.full(self.size, np.inf)
        told = offers & ~np.isnan(numbers)
        np.minimum.at(lowest, self.offer_rows[told], numbers[told])
        return lowest

    def facet_counts(self, facet: FacetRequest, members: Mask, offers: Mask) -> dict[str, int]:
        """How many of the member documents have each value; on offers, only through the given ones."""
        if facet.bands:
            of_bands = {b.value: int((members & self._band_mask(facet.field, b)).sum()) for b in facet.bands}
            return {value: count for value, count in of_bands.items() if count}
        if facet.scope is Scope.DOCUMENT:
            column = self.keywords.get(facet.field)
            if column is None:
                return {}
            counts = np.bincount(column.values[members[column.rows]], minlength=len(column.vocabulary))
        else:
            column = self.offer_keywords[facet.field]
            kept = offers[column.rows] & members[self.offer_rows[column.rows]]
            pairs = np.unique(column.values[kept] * self.size + self.offer_rows[column.rows[kept]])
            counts = np.bincount(pairs // max(self.size, 1), minlength=len(column.vocabulary))
        return {code: int(count) for code, count in zip(column.vocabulary, counts, strict=False) if count}


def _neutral_places(codes: Sequence[str]) -> Integers:
    places = np.empty(len(codes), dtype=np.int64)
    places[sorted(range(len(codes)), key=lambda row: neutral_order(codes[row]))] = np.arange(len(codes))
    return places


def _choice_mask(column: KeywordColumn, clause: AnyOf | AllOf, size: int) -> Mask:
    masks = [column.having(value, size) for value in clause.values]
    combine = np.logical_and if isinstance(clause, AllOf) else np.logical_or
    return combine.reduce(masks) if masks else np.ones(size, dtype=bool)


def _offer_codes(offer: Offer, name: str) -> tuple[str, ...]:
    value = getattr(offer, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _offer_number(offer: Offer, name: str) -> float:
    """NaN for unknown; the last start and last day of what never closes are infinitely far."""
    value = getattr(offer, name)
    if name == "last_day" and value is None:
        return math.inf
    if name == "last_start" and value is None and offer.first_start is not None:
        return math.inf
    if value is None:
        return math.nan
    return float(value.toordinal()) if hasattr(value, "toordinal") else float(value)
