"""The engine « elasticsearch », and the bare client beside it.

One rule: what this run created is deleted by its exact names; its prefix is its own, and nothing is ever deleted by wildcard.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from elastic_transport import Transport
from elasticsearch import Elasticsearch

from benchmarks.search.engine_subject import EngineSubject
from benchmarks.search.processes import memory_mb
from benchmarks.search.timing import seconds
from search.request import Kind

ENGINE_CALLS = ("live_recipe", "retrieve", "tail", "cards")


@dataclass(frozen=True)
class Sent:
    """One request as the engine gave it to the client's transport; the body is not serialised yet."""

    method: str
    target: str
    headers: Any = None
    body: Any = None


@contextmanager
def recording() -> Iterator[list[Sent]]:
    """Every request that any client of this process sends meanwhile."""
    sent: list[Sent] = []
    perform = Transport.perform_request

    def noted(self: Transport, method: str, target: str, **options: Any) -> Any:
        sent.append(Sent(method, target, options.get("headers"), options.get("body")))
        return perform(self, method, target, **options)

    with patch.object(Transport, "perform_request", noted):
        yield sent


def replay(client: Elasticsearch, requests: Sequence[Sent]) -> None:
    """The same searches through the bare client, whose answers are read and thrown away; what the engine asks besides (which
    index is live) is part of its overhead."""
    for one in requests:
        if one.target.startswith("/_msearch"):
            client.perform_request(one.method, one.target, headers=one.headers, body=one.body)


@dataclass
class Clock:
    """Seconds spent inside the engine, of all that a search takes."""

    spent: float = 0.0

    @contextmanager
    def on(self, engine: object) -> Iterator[None]:
        with ExitStack() as stack:
            for name in ENGINE_CALLS:
                stack.enter_context(patch.object(engine, name, self._counted(getattr(engine, name))))
            yield

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            answers: list[Any] = []
            self.spent += seconds(lambda: answers.append(call(*arguments)))
            return answers[0]

        return counted


class ElasticsearchSubject(EngineSubject):
    engine_name = "elasticsearch"

    def __init__(self, count: int = 0) -> None:
        super().__init__(count)
        self.client = self.engine.connection.open()

    def indices(self) -> list[str]:
        """What this run created: its prefix is its own."""
        return [
            self.engine.names.index(info.name, kind) for info in self.engine.generations() for kind in Kind
        ]

    def open(self) -> float:
        """Without the cache of whole answers: a question asked again would be answered without being searched."""
        for name in self.indices():
            self.client.indices.put_settings(index=name, settings={"index.requests.cache.enable": False})
        return super().open()

    def disk_mb(self) -> float:
        stats = self.client.indices.stats(index=",".join(self.indices()), metric="store")
        return float(stats["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6

    def server(self) -> dict[str, float | str]:
        """Version, heap and memory of the server; its resident memory only when it runs on this machine."""
        (node,) = list(self.client.nodes.info(metric="process,jvm")["nodes"].values())[:1]
        (stats,) = list(self.client.nodes.stats(metric="jvm")["nodes"].values())[:1]
        heap = stats["jvm"]["mem"]
        told = {
            "version": node["version"],
            "java": node["jvm"]["version"],
            "heap_mb": heap["heap_used_in_bytes"] / 1e6,
            "heap_max_mb": heap["heap_max_in_bytes"] / 1e6,
        }
        is_here = "127.0.0.1" in node["host"] or node["host"] == "localhost"
        return {**told, "resident_mb": memory_mb(node["process"]["id"])["now"]} if is_here else told

    def overhead_round(self, mode: str) -> list[tuple[float, float, float]]:
        """For each query, the seconds of the whole search, of the engine in it, and of the same requests sent bare.

        Engine and client take turns at going first, so that what the first warms favours neither.
        """
        return [self._overhead(number, mode, number % 2 == 0) for number in range(len(self.queries))]

    def _overhead(self, number: int, mode: str, bare_first: bool) -> tuple[float, float, float]:
        with recording() as sent:
            self.ask(number, mode)
        bare = seconds(lambda: replay(self.client, sent)) if bare_first else 0.0
        clock = Clock()
        with clock.on(self.engine):
            whole = seconds(lambda: self.ask(number, mode))
        return whole, clock.spent, bare or seconds(lambda: replay(self.client, sent))

    def delete(self) -> list[str]:
        names = self.indices()
        for name in names:
            self.client.indices.delete(index=name)
        return names
