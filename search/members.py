"""The codes of a whole result set, however many, and nothing else of it: how matching reaches candidates.

One rule: who asks checks each code against the database before telling anything of it: an index may be late.
"""

from search import failover
from search.engines.base import Engine
from search.failover import Answered
from search.request import SearchRequest
from search.retrieval import ask


def members(request: SearchRequest, engine_name: str = "") -> Answered[list[str]]:
    """In neutral order; the request's page and order say nothing. Raises `SearchUnavailable` without an index; without a name,
    the standby index answers when the configured engine cannot (`search.failover`).
    """
    return failover.ask(lambda chosen: _codes(chosen, request), engine_name)


def _codes(chosen: Engine, request: SearchRequest) -> list[str]:
    asked = ask(chosen, request)
    return list(chosen.harvest(request.kind, asked.of_engine, asked.answer.semantic.keys()))
