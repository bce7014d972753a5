"""What is known of the index: each engine's generations, and the changes that wait.

One rule: an engine that is away is a fact to report; what the database knows is told all the same.
"""

from dataclasses import dataclass
from typing import Any

from search import outbox
from search.engines import engine
from search.engines.base import Engine, GenerationInfo
from search.errors import SearchUnavailable
from search.models import OutboxEntry
from search.request import Kind

SHOWN_ENTRIES = 5


@dataclass(frozen=True)
class EngineStatus:
    """The generations of one engine, or the error that kept it from telling them."""

    engine: str
    generations: tuple[dict[str, Any], ...] = ()
    error: SearchUnavailable | None = None

    def as_dict(self) -> dict[str, Any]:
        error = {"name": type(self.error).__name__, "message": str(self.error)} if self.error else None
        return {"engine": self.engine, "generations": list(self.generations), "error": error}


def engine_status(name: str) -> EngineStatus:
    try:
        chosen = engine(name)
        return EngineStatus(chosen.name, tuple(_generation(chosen, info) for info in chosen.generations()))
    except SearchUnavailable as error:
        return EngineStatus(name, error=error)


def _generation(chosen: Engine, info: GenerationInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "state": info.state,
        "created_at": info.created_at,
        "counts": _counts(chosen, info),
        "recipe": info.recipe,
    }


def _counts(chosen: Engine, info: GenerationInfo) -> dict[str, int]:
    """Documents by kind; empty for a generation that cannot be read."""
    try:
        return {kind.value: len(chosen.digests(info.name, kind)) for kind in Kind}
    except SearchUnavailable:
        return {}


def outbox_status() -> dict[str, Any]:
    waiting = outbox.backlog()
    return {
        "pending": waiting.pending,
        "dead": waiting.dead,
        "oldest_pending": waiting.oldest.isoformat() if waiting.oldest else None,
        "lag_seconds": waiting.lag_seconds,
        "failures": [_failure(entry) for entry in outbox.troubled(SHOWN_ENTRIES)],
    }


def _failure(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "code": entry.code,
        "is_dead": entry.is_dead,
        "attempts": entry.attempts,
        "last_error": entry.last_error,
    }
