"""One engine of the product, filled and asked as the product does it.

One rule: a search goes through `search.retrieval.search`, with all that it does (reading the query, fusion, page, cards, labels
of facets); only the model is replaced, by the vectors that it gave beforehand: encoding a query is measured apart.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from benchmarks.search.corpus import Corpus
from benchmarks.search.processes import Measured
from benchmarks.search.queries import Query, queries
from benchmarks.search.texts import read_material
from benchmarks.search.timing import seconds, timed_round, within
from benchmarks.search.vectors import batches, vectorised, vectors_of
from search.clauses import EngineRequest
from search.embeddings import embedder
from search.engines import engine
from search.engines.base import VectorisedDocument, Vectors
from search.filters import clauses, facet_requests
from search.query import parse_query, spelled_out
from search.recipe import current_recipe
from search.referential import current_lexicon
from search.request import Kind, Mode, SearchRequest, SearchResults
from search.retrieval import search
from skills.gender import in_one_gender
from skills.imports.progress import progress

KIND = Kind.TRAININGS
# Filters whose values no engine judges by day, so that the share that they keep is the same all day.
STEADY_FILTERS = ("kind", "origin", "level", "region", "mode", "skill", "language", "funding")


def vector_texts(asked: Iterable[Query]) -> list[str]:
    """What the product gives the model for each query; empty where there is no text."""
    lexicon = current_lexicon()
    plain = [in_one_gender(query.text) for query in asked]
    return [spelled_out(text, parse_query(text, lexicon)) for text in plain]


def corpus(open_data: str, originals: int) -> Corpus:
    return Corpus(read_material(Path(open_data) if open_data else None), dt.date.today(), originals=originals)  # noqa: DTZ011


class EngineSubject(Measured):
    engine_name = ""

    def __init__(self, count: int = 0) -> None:
        self.engine = engine(self.engine_name)
        self.queries = queries(timezone.localdate(), count)
        self.texts = vector_texts(self.queries)
        model = embedder()
        self.known = vectors_of(filter(None, self.texts), model)
        model.encode = self._remembered

    def _remembered(self, texts: Iterable[str]) -> list[Vectors]:
        return [self.known[text] for text in texts]

    # --- Filling

    def fill(self, size: int, open_data: str, originals: int, chunk: int) -> dict[str, float]:
        """Write a corpus to a new generation and promote it. Making the documents and their vectors is not counted."""
        made, model = corpus(open_data, originals), embedder()
        chunks = (vectorised(made, numbers, model) for numbers in batches(range(size), chunk))
        return self.write(progress(chunks, f"{self.engine_name} {size}", -(-size // chunk)))

    def write(self, chunks: Iterable[list[VectorisedDocument]]) -> dict[str, float]:
        documents = vectors = 0
        writing = 0.0
        generation = self.engine.create(current_recipe(self.engine))
        for chunk in chunks:
            documents += len(chunk)
            vectors += sum(len(item.names) for item in chunk)
            writing += seconds(partial(self._write, generation, chunk))
        finishing = seconds(partial(self._promote, generation))
        return {
            "documents": documents,
            "vectors": vectors,
            "seconds": writing + finishing,
            "disk_mb": self.disk_mb(),
        }

    def _write(self, generation: str, chunk: list[VectorisedDocument]) -> None:
        with self.engine.write_lock(generation):
            self.engine.write(generation, KIND, chunk)

    def _promote(self, generation: str) -> None:
        self.engine.mark_ready(generation)
        self.engine.promote(generation)

    def disk_mb(self) -> float:
        raise NotImplementedError

    # --- Asking

    def open(self) -> float:
        """Seconds to the first answer of a process that has just begun."""
        return seconds(lambda: self.engine.retrieve(KIND, EngineRequest(today=self._today())))

    def ask(self, number: int, mode: str) -> SearchResults:
        query = self.queries[number]
        request = SearchRequest(
            KIND, query.text, Mode(mode), query.filters, language=query.language, with_facets=True
        )
        results = search(request, self.engine_name)
        if results.notice:
            raise RuntimeError(f"{self.engine_name}: {query.text}: {results.notice}")
        return results

    def survey(self, mode: str, limit: float) -> list[dict[str, Any] | None]:
        """What each query finds, the caches being warm after it: how many, and the codes of the first page. None for those
        not begun within the limit."""
        return within(limit, (partial(self._found, number, mode) for number in range(len(self.queries))))

    def _found(self, number: int, mode: str) -> dict[str, Any]:
        results = self.ask(number, mode)
        return {"total": results.total, "codes": [result.code for result in results.results]}

    def round(self, mode: str, limit: float, first: int) -> list[float | None]:
        works = [partial(self.ask, number, mode) for number in range(len(self.queries))]
        return timed_round(works, limit, first)

    # --- Neighbours

    def shares(self) -> list[tuple[str, str, float]]:
        """Each filter's values, and the share of the trainings that they keep."""
        facets = tuple(facet for facet in facet_requests(KIND) if facet.name in STEADY_FILTERS)
        answer = self.engine.retrieve(KIND, EngineRequest(facets=facets, today=self._today()))
        return [
            (name, value, count / answer.total)
            for name, counts in answer.facets.items()
            for value, count in counts.items()
        ]

    def nearest(self, filters: Mapping[str, tuple[str, ...]]) -> list[dict[str, float]]:
        """The neighbours of each query's vector among what the filters keep, with their cosines, none left out as too far."""
        return [
            dict(self.engine.retrieve(KIND, self._neighbours_of(vector, filters)).semantic)
            for vector in self.known.values()
        ]

    def _neighbours_of(self, vector: Vectors, filters: Mapping[str, tuple[str, ...]]) -> EngineRequest:
        return EngineRequest(
            vector=vector,
            vector_floor=-1.0,
            vector_answer=-1.0,
            vector_limit=settings.SEARCH_SEMANTIC_LIMIT,
            clauses=clauses(KIND, filters),
            today=self._today(),
        )

    def _today(self) -> int:
        return timezone.localdate().toordinal()


class EmbeddedSubject(EngineSubject):
    engine_name = "embedded"

    def disk_mb(self) -> float:
        folder = Path(settings.SEARCH_INDEX_DIR)
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
