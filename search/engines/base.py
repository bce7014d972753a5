"""What an engine must do. Pure: no Django.

One rule: an engine finds, filters, counts and shows; it decides nothing about ranking between lexical and semantic matches
(`search.retrieval` does) and reads nothing from the database.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery, Sort
from search.documents.base import SearchDocument
from search.request import Kind

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class VectorisedDocument:
    """A document and its vectors, one row a (name, text) pair; no rows when there is no model."""

    document: SearchDocument
    names: tuple[str, ...] = ()
    vectors: Vectors | None = None


@dataclass(frozen=True)
class Neighbour:
    """The nearest object to a text: its code, the cosine, and which of its vectors was the nearest."""

    code: str
    similarity: float
    vector: str


@dataclass(frozen=True)
class GenerationInfo:
    """One generation of an index. `state` is building, ready, live or previous."""

    name: str
    state: str
    created_at: str
    recipe: Mapping[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    name: str

    # Reading: always the live generation; `SearchUnavailable` when there is none.
    # The result set of a request is its lexical matches and its neighbours: `retrieve` counts it and gives its head, the
    # three others list it, all in the same generation as long as the request and the neighbours are the same.
    def retrieve(self, kind: Kind, request: EngineRequest) -> EngineAnswer: ...

    def tail(
        self, kind: Kind, request: EngineRequest, shown: Collection[str], skip: int, limit: int
    ) -> list[str]:
        """The lexical matches that are not among `shown`, best first."""
        ...

    def sorted_page(
        self,
        kind: Kind,
        request: EngineRequest,
        neighbours: Collection[str],
        sort: Sort,
        offset: int,
        limit: int,
    ) -> list[str]: ...

    def harvest(self, kind: Kind, request: EngineRequest, neighbours: Collection[str]) -> Iterator[str]:
        """The whole result set, in neutral order, however large it is."""
        ...

    def cards(
        self, kind: Kind, codes: Sequence[str], query: ParsedQuery, language: str
    ) -> dict[str, Card]: ...

    def neighbours(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[Neighbour]]: ...

    def suggest(self, kind: Kind, text: str, limit: int, today: int) -> list[Card]:
        """What somebody who types this may mean, best first (`search.names`); trainings that have all ended are left out."""
        ...

    def live_recipe(self) -> Mapping[str, Any]: ...

    def analysis(self) -> Mapping[str, Any]:
        """What the words of an index depend on, for its recipe."""
        ...

    # The life of a generation.
    def generations(self) -> list[GenerationInfo]: ...

    def create(self, recipe: Mapping[str, Any]) -> str: ...

    def write(
        self,
        generation: str,
        kind: Kind,
        documents: Iterable[VectorisedDocument],
        removed: Iterable[str] = (),
    ) -> int: ...

    def digests(self, generation: str, kind: Kind) -> dict[str, str]: ...

    def mark_ready(self, generation: str) -> None: ...

    def promote(self, generation: str) -> None: ...

    def rollback(self) -> str: ...

    def prune(self) -> list[str]: ...

    def rebuild_lock(self) -> AbstractContextManager[None]: ...

    def write_lock(self, generation: str) -> AbstractContextManager[None]: ...
