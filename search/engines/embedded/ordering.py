"""In which order rows are listed. Pure: numpy only.

One rule: equal rows stand in neutral order, and what is unknown comes last.
"""

from collections.abc import Callable

import numpy as np

from search.clauses import Sort
from search.engines.embedded.columns import Columns, Integers, Mask, Numbers
from search.request import SortKey


def by_score(scores: Numbers, rows: Integers, columns: Columns, limit: int) -> Integers:
    """The first `limit` of these rows, best score first."""
    if 0 < limit < len(rows):
        least = np.partition(scores[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[scores[rows] >= least]
    order = np.lexsort((columns.neutral[rows], -scores[rows]))
    return rows[order][:limit]


def by_key(sort: Sort, rows: Integers, columns: Columns, offers: Mask, today: int) -> Integers:
    """All these rows in the order of `sort`, judged on the given offers."""
    keys = _KEYS[sort.by](columns, offers, sort, today)
    return rows[np.lexsort((columns.neutral[rows], *(key[rows] for key in reversed(keys))))]


def _date_keys(columns: Columns, offers: Mask, sort: Sort, today: int) -> list[Numbers]:
    first, last = columns.offer_numbers["first_start"], columns.offer_numbers["last_start"]
    is_open = offers & (first <= today) & (last >= today)
    return [
        columns.lowest_of_offers(np.zeros(len(first)), is_open),
        columns.lowest_of_offers(first, offers & (first > today)),
    ]


def _price_keys(columns: Columns, offers: Mask, sort: Sort, today: int) -> list[Numbers]:
    return [columns.lowest_of_offers(columns.offer_numbers["price_eur"], offers)]


def _distance_keys(columns: Columns, offers: Mask, sort: Sort, today: int) -> list[Numbers]:
    assert sort.origin is not None  # noqa: S101 - `SearchRequest` refuses a distance from nowhere
    anywhere = columns.offer_numbers["anywhere"] == 1
    return [
        columns.lowest_of_offers(np.zeros(len(anywhere)), offers & anywhere),
        columns.lowest_of_offers(columns.kilometres_from(*sort.origin), offers & ~anywhere),
    ]


_KEYS: dict[SortKey, Callable[[Columns, Mask, Sort, int], list[Numbers]]] = {
    SortKey.DATE: _date_keys,
    SortKey.PRICE: _price_keys,
    SortKey.DISTANCE: _distance_keys,
}
