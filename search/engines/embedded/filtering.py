"""Which documents and offers pass the filters of a request, and the counts of its facets: filters are masks.

One rule: a clause on offers is judged on each offer that has not ended, all such clauses on the same one; a document that
has offers but none left is out.
"""

import math
from collections.abc import Mapping

import numpy as np

from search.clauses import AllOf, AnyBand, AnyOf, Band, Between, Clause, FacetRequest, Near, Scope
from search.engines.embedded.columns import Columns, KeywordColumn, Mask


class Filtering:
    """The clauses of one request by filter name, each judged once however many facets leave another one out."""

    def __init__(self, columns: Columns, alive: Mask, clauses: Mapping[str, Clause], today: int) -> None:
        self._columns, self._alive = columns, alive
        self._clauses = clauses
        self._masks = {name: _mask(columns, clause) for name, clause in clauses.items()}
        self._running = columns.offer_numbers["last_day"] >= today

    def passing(self, but: str = "") -> tuple[Mask, Mask]:
        """The documents and the offers that satisfy every clause, or every one but that of the filter `but`."""
        documents, offers = self._alive, self._running
        asks_offers = False
        for name, clause in self._clauses.items():
            if name == but:
                continue
            if clause.scope is Scope.DOCUMENT:
                documents = documents & self._masks[name]
            else:
                offers = offers & self._masks[name]
                asks_offers = True
        offered = self._columns.with_any_of(offers)
        return documents & (offered if asks_offers else offered | self._columns.without_offers), offers


def facet_counts(columns: Columns, facet: FacetRequest, members: Mask, offers: Mask) -> dict[str, int]:
    """How many of the member documents have each value; on offers, only through the given ones."""
    if facet.bands:
        of_bands = {b.value: int((members & _band_mask(columns, facet.field, b)).sum()) for b in facet.bands}
        return {value: count for value, count in of_bands.items() if count}
    if facet.scope is Scope.DOCUMENT:
        column = columns.keywords.get(facet.field)
        return {} if column is None else column.counts(column.values[members[column.rows]])
    column = columns.offer_keywords[facet.field]
    kept = (offers & members[columns.offer_rows])[column.rows]
    values, documents = column.values[kept], columns.offer_rows[column.rows[kept]]
    # The entries of a document are sorted by value: the same value by another of its offers follows at once.
    is_first = (np.diff(values, prepend=-1) != 0) | (np.diff(documents, prepend=-1) != 0)
    return column.counts(values[is_first])


def _mask(columns: Columns, clause: Clause) -> Mask:
    return _document_mask(columns, clause) if clause.scope is Scope.DOCUMENT else _offer_mask(columns, clause)


def _document_mask(columns: Columns, clause: Clause) -> Mask:
    if isinstance(clause, AnyBand):
        masks = [_band_mask(columns, clause.field, band) for band in clause.bands]
        return np.logical_or.reduce(masks) if masks else np.ones(columns.size, dtype=bool)
    column = columns.keywords.get(clause.field)
    if column is None or isinstance(clause, Between | Near):
        return np.zeros(columns.size, dtype=bool)
    return _choice_mask(column, clause, columns.size)


def _band_mask(columns: Columns, field: str, band: Band) -> Mask:
    codes, dates = columns.keywords.get(field), columns.dates.get(field)
    size = columns.size
    mask = np.zeros(size, dtype=bool) if codes is None else codes.having([band.value], size)
    return mask | dates.within(band, size) if dates is not None and band.has_days else mask


def _offer_mask(columns: Columns, clause: Clause) -> Mask:
    if isinstance(clause, AnyBand):
        raise ValueError("bands are judged on documents")
    if isinstance(clause, Near):
        is_near = columns.kilometres_from(clause.latitude, clause.longitude) <= clause.kilometres
        mask: Mask = is_near | (columns.offer_numbers["anywhere"] == 1)
        return mask
    if isinstance(clause, Between):
        numbers = columns.offer_numbers[clause.field]
        lower = -math.inf if clause.lower is None else clause.lower
        upper = math.inf if clause.upper is None else clause.upper
        return (numbers >= lower) & (numbers <= upper)  # comparisons with NaN, the unknown, are false
    return _choice_mask(columns.offer_keywords[clause.field], clause, len(columns.offer_rows))


def _choice_mask(column: KeywordColumn, clause: AnyOf | AllOf, size: int) -> Mask:
    if not clause.values:
        return np.ones(size, dtype=bool)
    if isinstance(clause, AnyOf):
        return column.having(clause.values, size)
    every: Mask = np.logical_and.reduce([column.having([value], size) for value in clause.values])
    return every
