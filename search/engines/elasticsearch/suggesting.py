"""Objects by the name that somebody is typing. Pure: the body of a search and its answer.

One rule: which of the candidates are suggested is decided by `search.names`, for both engines; what was typed reaches `term`
and `prefix` clauses only.
"""

from collections.abc import Sequence
from typing import Any

from elasticsearch.dsl import query as q

from search.clauses import Card
from search.documents.base import read_card
from search.engines.elasticsearch import conditions
from search.engines.words import stems
from search.names import BEGINS_SO, CALLED_SO, CANDIDATES, TypedName, is_unfinished, suggested
from search.request import Kind


def candidates_body(kind: Kind, typed: TypedName, today: int) -> dict[str, Any]:
    """An index made before names were indexed has no title length: nothing is suggested from it, and nothing fails."""
    better = [
        q.ConstantScore(filter=q.Term("names.key", {"value": typed.key}), boost=CALLED_SO),
        q.ConstantScore(filter=q.Prefix("names.key", {"value": typed.key}), boost=BEGINS_SO),
    ]
    called = q.Bool(
        filter=[*_has_words(stems("words", typed.key)), *conditions.filters(kind, (), today)],
        should=better,
        minimum_should_match=0,
    )
    return {
        "query": called.to_dict(),
        "size": CANDIDATES,
        "sort": [
            {"_score": "desc"},
            {"title_length": {"order": "asc", "unmapped_type": "short"}},
            conditions.NEUTRAL,
        ],
        "_source": ["card", "names"],
        "track_total_hits": False,
    }


def read_suggestions(answer: Any, typed: TypedName, limit: int) -> list[Card]:
    found = {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}
    codes = suggested(typed, ((code, source["names"]) for code, source in found.items()), limit)
    return [Card(code=code, **read_card(found[code]["card"])) for code in codes]


def _has_words(words: Sequence[str]) -> list[q.Query]:
    if not words:
        return [q.MatchNone()]
    *finished, last = words
    required: list[q.Query] = [q.Term("names", {"value": word}) for word in finished]
    required.append((q.Prefix if is_unfinished(last) else q.Term)("names", {"value": last}))
    return required
