"""What results show: the card kept in the index and the passage that answers the query.

One rule: Elasticsearch escapes the passage; only our own marks are HTML.
"""

from collections.abc import Sequence
from typing import Any

from elasticsearch.dsl import query as q

from search.clauses import Card, ParsedQuery
from search.documents.base import read_card
from search.engines.elasticsearch.words import highlight_query
from search.engines.words import SNIPPET_CHARACTERS


def cards_body(codes: Sequence[str], query: ParsedQuery, language: str) -> dict[str, Any]:
    body = {"query": q.Ids(values=list(codes)).to_dict(), "size": len(codes), "_source": ["card"]}
    if not query.units:
        return body
    field = _passage_field(language)
    passage = {"highlight_query": highlight_query(query, field).to_dict()}
    options = {
        "encoder": "html",
        "pre_tags": ["<mark>"],
        "post_tags": ["</mark>"],
        "order": "score",
        "number_of_fragments": 1,
        "fragment_size": SNIPPET_CHARACTERS,
    }
    return {**body, "highlight": {**options, "fields": {field: passage}}}


def read_cards(response: Any, language: str) -> dict[str, Card]:
    return {hit["_id"]: _card(hit, _passage_field(language)) for hit in response["hits"]["hits"]}


def _card(hit: Any, field: str) -> Card:
    passages = hit.get("highlight", {}).get(field, [""])
    return Card(code=hit["_id"], snippet=passages[0], **read_card(hit["_source"]["card"]))


def _passage_field(language: str) -> str:
    return "body_en" if language == "en" else "body_fr"
