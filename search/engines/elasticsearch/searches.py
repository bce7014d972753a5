"""Several searches in one round trip, within one deadline; what is partial or late is an error, never an answer.

One rule: a search that Elasticsearch answers only in part (a shard failed, time ran out) raises its named condition.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.client import failure, named_failures, reason_of
from search.errors import EngineTimeout, SearchUnavailable

Body = Mapping[str, Any]
Response = Mapping[str, Any]
LEAST_SECONDS = 0.05


class Deadline:
    """The seconds that one step of a search may take in all, whatever its number of round trips."""

    def __init__(self, seconds: float, servers: str) -> None:
        self._ends = time.monotonic() + seconds
        self._servers = servers

    def left(self) -> float:
        left = self._ends - time.monotonic()
        if left < LEAST_SECONDS:
            raise EngineTimeout(f"Elasticsearch ({self._servers}) n'a pas fini à temps.")
        return left


class Searches:
    """The reading side of a connection."""

    def __init__(self, client: Elasticsearch, servers: str) -> None:
        self.client, self.servers = client, servers

    def all(self, index: str, bodies: Sequence[Body], deadline: Deadline) -> list[Response]:
        """The answer of each body, in order, in one `_msearch`."""
        left = deadline.left()
        header = {"index": index, "allow_partial_search_results": False}
        lines = [line for body in bodies for line in (header, {**body, "timeout": f"{left * 1000:.0f}ms"})]
        with named_failures(self.servers):
            answered = self.client.options(request_timeout=left).msearch(searches=lines)
        return [_whole(response) for response in answered["responses"]]

    def one(self, body: Body, deadline: Deadline) -> Response:
        """A search that names its own point in time."""
        with named_failures(self.servers):
            response = self.client.options(request_timeout=deadline.left()).search(
                body=dict(body), allow_partial_search_results=False
            )
        return _whole(response.body)


def _whole(response: Response) -> Response:
    if "error" in response:
        raise failure(int(response.get("status", 500)), reason_of(response))
    if response.get("timed_out"):
        raise EngineTimeout("Elasticsearch n'a pas fini à temps.")
    if failed := response.get("_shards", {}).get("failed"):
        reasons = response["_shards"].get("failures", [{}])
        raise SearchUnavailable(f"{failed} partie(s) de l'index n'ont pas répondu ({reason_of(reasons[0])}).")
    return response
