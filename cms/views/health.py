"""What works and what does not, for the health page.

One rule: it answers within a few seconds and never fails, whatever is down; what is wrong is told in words of ours, for an
error's own may name servers, accounts or folders.
"""

import logging
from collections.abc import Callable
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from search import outbox
from search.clauses import EngineRequest
from search.embeddings import embedder
from search.engines import engine
from search.errors import (
    EngineBusy,
    EngineRefused,
    EngineTimeout,
    IndexMissing,
    IndexUnfit,
    SearchUnavailable,
)
from search.failover import STANDBY
from search.recipe import embedder_for
from search.request import Kind

logger = logging.getLogger(__name__)
# How long one engine may take to show that it works.
PROBE_SECONDS = 2.0
# A change that waits longer than this is late: the worker is away, or an engine is.
LATE_SECONDS = 120
OK = "ok"
DOWN = "en panne"
REASONS: dict[type[Exception], str] = {
    EngineTimeout: "n'a pas répondu à temps",
    EngineBusy: "est saturé",
    EngineRefused: "refuse l'accès : vérifiez la clé ou le compte, le certificat et les droits",
    IndexMissing: "n'a pas d'index : lancez « manage.py search_index rebuild »",
    IndexUnfit: "a un index qui n'est pas celui attendu : lancez « manage.py search_index rebuild »",
    SearchUnavailable: "ne répond pas, ou n'a pas d'index : voyez « manage.py search_index status »",
}


class Inquiry(Thread):
    """One question to one engine, in a thread of its own: an engine that hangs must not hold the page."""

    def __init__(self, name: str) -> None:
        super().__init__(daemon=True)
        self.engine_name = name
        self.found: dict[str, str] | None = None

    def run(self) -> None:
        self.found = _engine_state(self.engine_name)


class Probe:
    """Asks engines whether they work; one question at a time each, which pages asked together share."""

    def __init__(self) -> None:
        self._running: dict[str, Inquiry] = {}
        self._lock = Lock()

    def state(self, name: str) -> dict[str, str]:
        with self._lock:
            inquiry = self._running.get(name)
            if inquiry is None or not inquiry.is_alive():
                inquiry = self._running[name] = Inquiry(name)
                inquiry.start()
        inquiry.join(PROBE_SECONDS)
        return inquiry.found or _state(DOWN, f"ne répond toujours pas après {PROBE_SECONDS:g} s")


_probe = Probe()


def report(database_answers: bool) -> dict[str, Any]:
    """The state of each part but the database, by the part's name."""
    configured = _probe.state(settings.SEARCH_ENGINE)
    beside = None if settings.SEARCH_ENGINE == STANDBY else _probe.state(STANDBY)
    model = _model_state()
    return {
        "search_index": _index_state(configured, beside),
        "semantic_search": "disponible" if model["state"] == OK else "indisponible",
        "search_engine": {"name": settings.SEARCH_ENGINE, **configured},
        "standby_index": beside or _state("sans objet", "le moteur intégré est le moteur principal"),
        "outbox": _outbox_state()
        if database_answers
        else _state("inconnu", "la base de données ne répond pas"),
        "model": model,
    }


def _index_state(configured: dict[str, str], beside: dict[str, str] | None) -> str:
    if configured["state"] == OK:
        return OK
    return "secours" if beside and beside["state"] == OK else "absent"


def _engine_state(name: str) -> dict[str, str]:
    """A question that reads nothing of the database, so that its thread opens no connection."""
    return _told(lambda: _asked(name), f"engine {name}")


def _asked(name: str) -> dict[str, str]:
    chosen = engine(name)
    chosen.retrieve(Kind.SKILLS, EngineRequest())
    if embedder() and embedder_for(chosen.live_recipe()) is None:
        return _state(OK, "cherche par les mots seulement : son index a été construit avec un autre modèle")
    return _state(OK)


def _model_state() -> dict[str, str]:
    if not settings.EMBEDDING_MODEL:
        return _state("absent", "aucun modèle n'est installé : la recherche se fait par les mots")
    return _told(
        lambda: (
            _state(OK) if embedder() else _state("absent", "la bibliothèque du modèle n'est pas installée")
        ),
        "model",
    )


def _outbox_state() -> dict[str, Any]:
    try:
        waiting = outbox.backlog()
    except DatabaseError as error:
        logger.error("health: outbox: %s", error)
        return _state("inconnu", "la base de données ne répond pas")
    counts = {"pending": waiting.pending, "dead": waiting.dead, "oldest_seconds": waiting.lag_seconds}
    if waiting.dead:
        return {**_state(DOWN, "des changements sont abandonnés : « manage.py search_index sync »"), **counts}
    if waiting.lag_seconds > LATE_SECONDS:
        return {**_state("en retard", "le traitement de fond ou un moteur ne suit pas"), **counts}
    return {**_state(OK), **counts}


def _told(question: Callable[[], dict[str, str]], part: str) -> dict[str, str]:
    """The answer, or in words why there is none. An error that nobody foresaw is one more state to report."""
    try:
        return question()
    except SearchUnavailable as error:
        logger.error("health: %s: %s", part, error)
        return _state(DOWN, next(words for kind, words in REASONS.items() if isinstance(error, kind)))
    except Exception:
        logger.exception("health: %s", part)
        return _state(DOWN, "est mal réglé ou défaillant : voyez le journal du serveur")


def _state(state: str, reason: str = "") -> dict[str, str]:
    return {"state": state, "reason": reason}
