"""Wagtail's own database search on the same trainings: rows of the database, indexed and searched by `wagtail.search`.

One rule: it is used as Wagtail's documentation does, with no care of ours: its default operator (every word), ten results, the
total, and the facets that it can count. It knows neither meaning nor sessions: queries without filters only.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone
from wagtail.search.backends import get_search_backend

from benchmarks.search.engine_subject import corpus
from benchmarks.search.processes import Measured
from benchmarks.search.queries import queries
from benchmarks.search.timing import Answer, seconds, timed_round, within
from benchmarks.wagtail_search.models import WagtailTraining
from search.documents.base import SearchDocument
from skills.imports.progress import progress

CHUNK = 1_000  # as Wagtail's own command indexes
FACETS = ("kind", "exit_level", "is_demonstration")
DATABASE_SIZE = {
    "postgresql": "SELECT pg_database_size(current_database())",
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
}


class WagtailSubject(Measured):
    def __init__(self, count: int = 0) -> None:
        self.backend = get_search_backend()
        self.queries = queries(timezone.localdate(), count)

    # --- Filling

    def fill(self, size: int, open_data: str, originals: int, limit: float) -> dict[str, float]:
        """Rows first, which is not counted, then the index, until the limit in seconds."""
        made = corpus(open_data, originals)
        rows = (_row(document) for document in made.documents(0, size))
        while chunk := list(islice(rows, CHUNK)):
            WagtailTraining.objects.bulk_create(chunk)
        index = self.backend.get_index_for_model(WagtailTraining)
        index.add_model(WagtailTraining)
        before, spent, written = self._database_mb(), 0.0, 0
        for chunk in progress(self._chunks(), f"wagtail {connection.vendor} {size}", -(-size // CHUNK)):
            if spent > limit:
                break
            spent += seconds(partial(index.add_items, WagtailTraining, chunk))
            written += len(chunk)
        spent += seconds(self._settle)
        return {"documents": written, "seconds": spent, "disk_mb": self._database_mb() - before}

    def _chunks(self) -> Iterator[list[WagtailTraining]]:
        ordered = WagtailTraining.objects.order_by("pk")
        for first in range(0, ordered.count(), CHUNK):
            yield list(ordered[first : first + CHUNK])

    def _settle(self) -> None:
        """Statistics for the planner, which a server gathers by itself after a while."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _database_mb(self) -> float:
        with connection.cursor() as cursor:
            cursor.execute(DATABASE_SIZE[connection.vendor])
            return float(cursor.fetchone()[0]) / 1e6

    # --- Asking

    def open(self) -> float:
        """Seconds to the first answer of a process that has just begun."""
        return seconds(partial(self.ask, self._bare()[0][1]))

    def ask(self, text: str) -> dict[str, Any]:
        results = self.backend.search(text, WagtailTraining)
        page = [training.code for training in results[:10]]
        facets = {name: results.facet(name) for name in FACETS}
        return {"total": results.count(), "codes": page, "facets": facets}

    def survey(self, mode: str, limit: float) -> list[dict[str, Any] | None]:
        return self._spread(within(limit, (partial(self.ask, text) for _, text in self._bare())))

    def round(self, mode: str, limit: float, first: int) -> list[float | None]:
        works = [partial(self.ask, text) for _, text in self._bare()]
        return self._spread(timed_round(works, limit, first % len(works)))

    def _bare(self) -> list[tuple[int, str]]:
        return [(number, query.text) for number, query in enumerate(self.queries) if not query.filters]

    def _spread(self, answers: Iterable[Answer | None]) -> list[Answer | None]:
        """The answers at the places of their queries; None for the queries with filters."""
        by_number = dict(zip((number for number, _ in self._bare()), answers, strict=True))
        return [by_number.get(number) for number in range(len(self.queries))]


def _row(document: SearchDocument) -> WagtailTraining:
    level = next(iter(document.keywords["level"]), None)
    return WagtailTraining(
        code=document.code,
        title_fr=document.title_fr[:255],
        title_en=document.title_en[:255],
        objectives=document.vectors["description_fr"],
        content=document.vectors["content_fr"],
        kind=document.keywords["training_kind"][0],
        exit_level=int(level) if level else None,
        is_demonstration=document.keywords["origin"][0] == "demonstration",
    )
