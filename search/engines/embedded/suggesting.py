"""Objects by the name that somebody is typing, in tantivy.

One rule: which of the candidates are suggested is decided by `search.names`, for both engines.
"""

import heapq
from collections.abc import Mapping, Sequence

import tantivy
from tantivy import Occur, Query

from search.clauses import Card
from search.documents.base import read_card
from search.engines.embedded import text
from search.engines.words import stems
from search.names import BEGINS_SO, CALLED_SO, CANDIDATES, TypedName, is_unfinished, suggested

Hit = tuple[float, tantivy.DocAddress]


def hits(searcher: tantivy.Searcher, typed: TypedName) -> list[Hit]:
    """Every document that has the words in its names, whatever its state."""
    words = stems("words", typed.key)
    if not words or not searcher.num_docs:
        return []
    return searcher.search(_query(typed, words), limit=searcher.num_docs, count=False).hits


def cards(
    searcher: tantivy.Searcher, found: Sequence[Hit], places: Mapping[int, int], typed: TypedName, limit: int
) -> list[Card]:
    """What is suggested of the hits; `places` gives the place in neutral order of those that may be, by their position."""
    lengths = searcher.fast_field_values("title_length", [address for _, address in found])
    first = heapq.nsmallest(CANDIDATES, places, key=lambda at: (-found[at][0], lengths[at], places[at]))
    documents = {
        document.get_first("code"): document for document in (searcher.doc(found[at][1]) for at in first)
    }
    codes = suggested(
        typed, ((code, document.get_all("name")) for code, document in documents.items()), limit
    )
    return [Card(code=code, **read_card(documents[code].get_first("card"))) for code in codes]


def _query(typed: TypedName, words: Sequence[str]) -> Query:
    *finished, last = words
    required = [_term("names", word) for word in finished]
    required.append(_beginning("names", last) if is_unfinished(last) else _term("names", last))
    better = [
        Query.const_score_query(_term("name", typed.key), CALLED_SO),
        Query.const_score_query(_beginning("name", typed.key), BEGINS_SO),
    ]
    return Query.boolean_query(
        [(Occur.Must, Query.const_score_query(one, 0.0)) for one in required]
        + [(Occur.Should, one) for one in better]
    )


def _term(field: str, value: str) -> Query:
    return Query.term_query(text.schema(), field, value)


def _beginning(field: str, value: str) -> Query:
    return Query.fuzzy_term_query(text.schema(), field, value, 0, prefix=True)
