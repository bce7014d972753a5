"""Suggestions while somebody types: the jobs, trainings and skills that the name being typed may be.

One rule: on the site a suggestion is a convenience: what cannot be served, for whatever reason, suggests nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from search import failover
from search.engines.base import Engine
from search.errors import SearchUnavailable
from search.failover import Answered
from search.request import InvalidRequest, Kind, SearchRequest, require_public
from search.retrieval import result_url
from skills.languages import in_language


@dataclass(frozen=True)
class Suggestion:
    """One object. `url` is its page in the language asked for."""

    kind: Kind
    code: str
    title_fr: str
    title_en: str
    url: str

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language) or self.title_en


def suggestions(text: str, kinds: Sequence[Kind], limit: int, language: str) -> list[Suggestion]:
    """At most `limit` of each kind, in the order of the kinds; none when the text or the indexes do not allow it."""
    try:
        asked = [SearchRequest(kind, text, limit=limit, language=language) for kind in kinds]
        return failover.ask(lambda chosen: [one for request in asked for one in _of(chosen, request)]).value
    except (InvalidRequest, SearchUnavailable):
        return []


def suggest(request: SearchRequest, engine_name: str = "") -> Answered[list[Suggestion]]:
    """What the site would suggest for the text of this request: its filters and its page say nothing here.

    Raises `SearchUnavailable` without an index.
    """
    return failover.ask(lambda chosen: _of(chosen, request), engine_name)


def _of(chosen: Engine, request: SearchRequest) -> list[Suggestion]:
    require_public(request.kind)
    today = timezone.localdate().toordinal()
    return [
        Suggestion(
            request.kind,
            card.code,
            card.title_fr,
            card.title_en,
            result_url(request.kind, card, request.language),
        )
        for card in chosen.suggest(request.kind, request.text, request.limit, today)
    ]
