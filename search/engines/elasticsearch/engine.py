"""The engine « elasticsearch »: reads the live generation, writes to any, and says by name why it cannot.

One rule: a search reads the indices that the live aliases named at most `POINTER_SECONDS` ago, by their own names: the model
that encodes the query and the index that answers are then of one generation, whatever is promoted meanwhile.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery, Sort
from search.engines.base import GenerationInfo, Neighbour, VectorisedDocument, Vectors
from search.engines.elasticsearch import cards, mappings, writing
from search.engines.elasticsearch.client import Connection
from search.engines.elasticsearch.generations import LIVE, Generations, Live
from search.engines.elasticsearch.locks import exclusive
from search.engines.elasticsearch.names import Names
from search.engines.elasticsearch.neighbours import nearest_body, neighbours
from search.engines.elasticsearch.result_sets import ResultSets, scan
from search.engines.elasticsearch.searches import Deadline, Searches
from search.engines.elasticsearch.suggesting import candidates_body, read_suggestions
from search.errors import IndexMissing
from search.names import TypedName
from search.request import Kind

POINTER_SECONDS = 1.0
WRITE_LOCK_SECONDS = 60.0
# Texts compared in one round trip: a long CV is many, and each round trip has a deadline.
NEIGHBOURS_A_TRIP = 16
DIGESTS_A_PAGE = 10_000
Answer = TypeVar("Answer")


class ElasticsearchEngine:
    name = "elasticsearch"

    def __init__(
        self,
        connection: Connection,
        prefix: str,
        lock_folder: Path,
        replicas: int = 0,
        client: Elasticsearch | None = None,
    ) -> None:
        self.connection = connection
        self.names = Names(prefix)
        self.client = client or connection.open()
        self._searches = Searches(self.client, connection.servers)
        self._generations = Generations(self.client, connection.servers, self.names, replicas)
        self._lock_folder = lock_folder
        self._live: tuple[float, Live] | None = None
        self._result_sets: dict[str, ResultSets] = {}

    # --- Reading

    def retrieve(self, kind: Kind, request: EngineRequest) -> EngineAnswer:
        return self._read(kind, lambda found: found.retrieve(request, self._deadline()))

    def tail(
        self, kind: Kind, request: EngineRequest, shown: Collection[str], skip: int, limit: int
    ) -> list[str]:
        return self._read(kind, lambda found: found.tail(request, shown, skip, limit, self._deadline()))

    def sorted_page(
        self,
        kind: Kind,
        request: EngineRequest,
        neighbours: Collection[str],
        sort: Sort,
        offset: int,
        limit: int,
    ) -> list[str]:
        return self._read(
            kind,
            lambda found: found.sorted_page(request, neighbours, sort, offset, limit, self._deadline()),
        )

    def harvest(self, kind: Kind, request: EngineRequest, neighbours: Collection[str]) -> Iterator[str]:
        seconds = self.connection.write_seconds
        yield from self._read(kind, lambda found: found.harvest(request, neighbours, seconds))

    def cards(self, kind: Kind, codes: Sequence[str], query: ParsedQuery, language: str) -> dict[str, Card]:
        if not codes:
            return {}
        body = cards.cards_body(codes, query, language)
        (answer,) = self._read(kind, lambda found: self._searches.all(found.index, [body], self._deadline()))
        return cards.read_cards(answer, language)

    def neighbours(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[Neighbour]]:
        bodies = [nearest_body(vector, limit, named=True) for vector in vectors]
        found: list[list[Neighbour]] = []
        for start in range(0, len(bodies), NEIGHBOURS_A_TRIP):
            asked = bodies[start : start + NEIGHBOURS_A_TRIP]
            answers = self._read(
                kind, lambda found, asked=asked: self._searches.all(found.index, asked, self._deadline())
            )
            found += map(neighbours, answers)
        return found

    def suggest(self, kind: Kind, text: str, limit: int, today: int) -> list[Card]:
        typed = TypedName.of(text)
        if typed is None:
            return []
        body = candidates_body(kind, typed, today)
        (answer,) = self._read(kind, lambda found: self._searches.all(found.index, [body], self._deadline()))
        return read_suggestions(answer, typed, limit)

    def live_recipe(self) -> Mapping[str, Any]:
        return self._pointer().recipe

    def analysis(self) -> Mapping[str, Any]:
        return mappings.recipe()

    def _deadline(self) -> Deadline:
        return Deadline(self.connection.search_seconds, self.connection.servers)

    def _read(self, kind: Kind, ask: Callable[[ResultSets], Answer]) -> Answer:
        """Ask the live index; when it was pruned since the aliases were read, the one that is live now."""
        try:
            return ask(self._result_set(kind))
        except IndexMissing:
            self._live = None
            return ask(self._result_set(kind))

    def _result_set(self, kind: Kind) -> ResultSets:
        live = self._pointer()
        index = live.index(kind)
        if index not in self._result_sets:
            current = set(live.indices.values())
            kept = {name: one for name, one in self._result_sets.items() if name in current}
            self._result_sets = {**kept, index: ResultSets(self._searches, index, kind)}
        return self._result_sets[index]

    def _pointer(self) -> Live:
        now = time.monotonic()
        if self._live is None or now - self._live[0] > POINTER_SECONDS:
            self._live = (now, self._generations.live(self.connection.search_seconds))
        return self._live[1]

    # --- Generations

    def generations(self) -> list[GenerationInfo]:
        return self._generations.all()

    def create(self, recipe: Mapping[str, Any]) -> str:
        return self._generations.create(recipe)

    def write(
        self,
        generation: str,
        kind: Kind,
        documents: Iterable[VectorisedDocument],
        removed: Iterable[str] = (),
    ) -> int:
        """What is live is refreshed at once: a change is found when its writing returns."""
        return writing.write(
            self.client,
            self.connection.servers,
            self.names.write_alias(generation, kind),
            kind,
            documents,
            removed,
            refresh=self._is_live(generation),
        )

    def _is_live(self, generation: str) -> bool:
        return any(info.name == generation and info.state == LIVE for info in self.generations())

    def digests(self, generation: str, kind: Kind) -> dict[str, str]:
        self._generations.require(generation)
        self._generations.refresh(generation)
        body = {
            "size": DIGESTS_A_PAGE,
            "sort": ["_shard_doc"],
            "_source": False,
            "docvalue_fields": ["digest"],
        }
        hits = scan(self._searches, self.names.index(generation, kind), body, self.connection.write_seconds)
        return {hit["_id"]: hit["fields"]["digest"][0] for hit in hits}

    def mark_ready(self, generation: str) -> None:
        self._generations.mark_ready(generation)

    def promote(self, generation: str) -> None:
        self._generations.promote(generation)
        self._live = None

    def rollback(self) -> str:
        self._live = None
        return self._generations.rollback()

    def prune(self) -> list[str]:
        return self._generations.prune()

    # --- Locks

    def rebuild_lock(self) -> AbstractContextManager[None]:
        return exclusive(
            self._lock_folder,
            f"{self.names.prefix}-rebuild",
            0,
            "Une reconstruction de l'index est déjà en cours : attendez qu'elle finisse.",
        )

    def write_lock(self, generation: str) -> AbstractContextManager[None]:
        return exclusive(
            self._lock_folder,
            f"{self.names.prefix}-{generation}-write",
            WRITE_LOCK_SECONDS,
            f"L'index {generation} est resté verrouillé {WRITE_LOCK_SECONDS:.0f} s.",
        )
