"""Writing documents in bulk, through the write alias of a generation.

One rule: what Elasticsearch refuses is told by code; what it could not take for want of room (429) is no refusal, and the whole
call is to be repeated.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.engines.base import VectorisedDocument
from search.engines.elasticsearch.client import failure, named_failures
from search.engines.elasticsearch.documents import body
from search.errors import DocumentsRejected
from search.request import Kind

CHUNK_BYTES = 8 * 1024 * 1024
_GONE = 404


def write(
    client: Elasticsearch,
    servers: str,
    alias: str,
    kind: Kind,
    documents: Iterable[VectorisedDocument],
    removed: Iterable[str],
    refresh: bool,
) -> int:
    """How many documents were written. Raises `DocumentsRejected` once the others of the call are."""
    written, rejected = 0, {}
    actions = chain(
        ({"_op_type": "delete", "_id": code} for code in removed),
        ({"_op_type": "index", "_id": item.document.code, **body(kind, item)} for item in documents),
    )
    for operation, outcome in _sent(client, servers, alias, actions, refresh):
        status = outcome["status"]
        if status < 300:
            written += operation == "index"
        elif not (operation == "delete" and status == _GONE and "error" not in outcome):
            rejected[outcome["_id"]] = _refusal(outcome)
    if rejected:
        raise DocumentsRejected(rejected)
    return written


def _sent(
    client: Elasticsearch, servers: str, alias: str, actions: Iterable[dict[str, Any]], refresh: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    with named_failures(servers):
        outcomes = streaming_bulk(
            client,
            actions,
            index=alias,
            require_alias=True,
            refresh=refresh,
            max_chunk_bytes=CHUNK_BYTES,
            raise_on_error=False,
            raise_on_exception=True,
        )
        for _, outcome in outcomes:
            ((operation, told),) = outcome.items()
            yield operation, told


def _refusal(outcome: dict[str, Any]) -> str:
    """Why this document was refused; a condition of the whole engine is raised instead.

    Its code is told beside the reason and not in it: reasons are logged, and the code may be somebody's pseudonym.
    """
    status, error = outcome["status"], outcome.get("error", {})
    told = f"{error.get('type', '')} {error.get('reason', '')}".strip()
    reason = told.replace(f"'{outcome['_id']}'", "…")[:200]
    if status in {401, 403, 404, 429} or status >= 500:
        raise failure(status, reason)
    return reason
