"""Who answers when the configured engine cannot: the embedded one, when it has a live index.

One rule: an engine that somebody named is never replaced. Only the questions of the site itself go elsewhere, and the answer
carries a notice that says so.
"""

import logging
import time
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from search.engines import engine
from search.engines.base import Engine
from search.errors import SearchUnavailable

logger = logging.getLogger(__name__)
STANDBY = "embedded"
T = TypeVar("T")


@dataclass(frozen=True)
class Answered(Generic[T]):
    """An answer, and what the reader must know of the index that gave it."""

    value: T
    notice: str = ""


class Breaker:
    """Leaves an engine that failed alone for some seconds, so that a dead server costs its timeout once and not at each page.

    When the pause is over a single caller tries again; the others wait for what becomes of it.
    """

    def __init__(self, chosen: Engine | None = None) -> None:
        self.engine = chosen
        self._error: SearchUnavailable | None = None
        self._closed_until = 0.0
        self._lock = Lock()

    def refusal(self) -> SearchUnavailable | None:
        """Why the engine must not be asked now; None when it may be."""
        with self._lock:
            if self._error is None:
                return None
            if time.monotonic() < self._closed_until:
                return copy(self._error)
            self._pause()
            return None

    def failed(self, error: SearchUnavailable) -> None:
        with self._lock:
            if self._error is None:
                logger.error("search: engine « %s » is left alone: %s", settings.SEARCH_ENGINE, error)
            self._error = copy(error)  # without its traceback, which would keep the whole request in memory
            self._pause()

    def answered(self) -> None:
        with self._lock:
            if self._error is not None:
                logger.error("search: engine « %s » answers again", settings.SEARCH_ENGINE)
            self._error = None

    def _pause(self) -> None:
        self._closed_until = time.monotonic() + settings.SEARCH_ENGINE_PAUSE_SECONDS


_breaker = Breaker()


def standby() -> Engine | None:
    """The engine that may stand in for the configured one; None when they are the same."""
    return None if settings.SEARCH_ENGINE == STANDBY else engine(STANDBY)


def ask(question: Callable[[Engine], T], engine_name: str = "") -> Answered[T]:
    """Put a question to the engine of that name, or to the configured one and then to its standby.

    Raises `SearchUnavailable`: that of the configured engine when neither can answer.
    """
    second = standby()
    if engine_name or second is None:
        return Answered(question(engine(engine_name)))
    try:
        return Answered(_ask_configured(question))
    except SearchUnavailable as error:
        return Answered(_ask_standby(question, second, error), _standby_notice())


def _ask_configured(question: Callable[[Engine], T]) -> T:
    chosen = engine()
    breaker = _breaker_of(chosen)
    if refusal := breaker.refusal():
        raise refusal
    try:
        value = question(chosen)
    except SearchUnavailable as error:
        breaker.failed(error)
        raise
    breaker.answered()
    return value


def _ask_standby(question: Callable[[Engine], T], second: Engine, error: SearchUnavailable) -> T:
    try:
        return question(second)
    except SearchUnavailable as second_error:
        raise error from second_error


def _breaker_of(chosen: Engine) -> Breaker:
    """What is remembered of this very engine: another one, opened with other settings, begins afresh."""
    global _breaker
    if _breaker.engine is not chosen:
        _breaker = Breaker(chosen)
    return _breaker


def _standby_notice() -> str:
    return _(
        "La recherche répond avec un index de secours, car le moteur principal est indisponible : "
        "les derniers changements peuvent y manquer."
    )


def said_once(notices: Iterable[str]) -> list[str]:
    """The notices to show, each once: one that another contains says nothing more."""
    distinct = list(dict.fromkeys(filter(None, notices)))
    return [one for one in distinct if not any(one != other and one in other for other in distinct)]
