"""Engines that fail as a server can, for the tests of what is done about it.

They answer through a real embedded engine, in a folder of their own, whenever they are not told to fail.
"""

import time
from contextlib import contextmanager

from search import engines
from search.engines.embedded.engine import EmbeddedEngine
from search.errors import DocumentsRejected, SearchUnavailable

# Where `search` looks engines up.
USERS = (
    "search.failover",
    "search.outbox",
    "search.index_status",
    "search.management.commands.search_index",
    "cms.views.health",
)


class FailingEngine(EmbeddedEngine):
    """`error`, when set, is raised by every call, after `delay` seconds; `refused` are codes that it never takes."""

    name = "distant"

    def __init__(self, folder) -> None:
        super().__init__(folder)
        self.error: SearchUnavailable | None = None
        self.delay = 0.0
        self.calls = 0
        self.refused: dict[str, str] = {}
        self.written: list[str] = []

    def _may_fail(self) -> None:
        self.calls += 1
        if self.error is not None:
            time.sleep(self.delay)
            raise self.error

    def retrieve(self, kind, request):
        self._may_fail()
        return super().retrieve(kind, request)

    def neighbours(self, kind, vectors, limit):
        self._may_fail()
        return super().neighbours(kind, vectors, limit)

    def suggest(self, kind, text, limit, today):
        self._may_fail()
        return super().suggest(kind, text, limit, today)

    def live_recipe(self):
        self._may_fail()
        return super().live_recipe()

    def generations(self):
        self._may_fail()
        return super().generations()

    def write(self, generation, kind, documents, removed=()):
        self._may_fail()
        items = list(documents)
        reasons = {
            item.document.code: self.refused[item.document.code]
            for item in items
            if item.document.code in self.refused
        }
        taken = [item for item in items if item.document.code not in reasons]
        self.written += [item.document.code for item in taken]
        written = super().write(generation, kind, taken, removed)
        if reasons:
            raise DocumentsRejected(reasons)
        return written


@contextmanager
def distant_engine(settings, monkeypatch, folder):
    """Make the site's engine one of these, the embedded one being its standby."""
    distant, known = FailingEngine(folder), engines.engine

    def engine(name: str = ""):
        return distant if (name or settings.SEARCH_ENGINE) == "distant" else known(name)

    settings.SEARCH_ENGINE = "distant"
    for user in USERS:
        monkeypatch.setattr(f"{user}.engine", engine)
    monkeypatch.setattr(
        "search.management.commands.search_index.ENGINES", (*engines.ENGINES, "distant"), raising=True
    )
    yield distant
