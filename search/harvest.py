"""Every result of a search, however many: for files and machines, where no page is enough.

One rule: the result set is that of `search.retrieval`, in neutral order; nothing here depends on a rank, and no standby index
answers for another.
"""

from collections.abc import Iterator
from itertools import islice

from search.clauses import ParsedQuery
from search.engines import engine
from search.request import SearchRequest, SearchResult, SearchResults, require_public
from search.retrieval import Asked, ask, fused_scores

# Cards read at once: few enough to be held in memory beside what is made of them.
CHUNK = 500


def harvest(request: SearchRequest, engine_name: str = "") -> Iterator[SearchResult]:
    """Every result, without snippet; the request's page and order say nothing. Raises at once, as `search` does."""
    return _results(_ask(request, engine_name))


def harvested(request: SearchRequest, engine_name: str = "") -> SearchResults:
    """The answer of a search whose only page has every result."""
    asked = _ask(request, engine_name)
    return asked.answered(_results(asked))


def _ask(request: SearchRequest, engine_name: str) -> Asked:
    require_public(request.kind)
    return ask(engine(engine_name), request)


def _results(asked: Asked) -> Iterator[SearchResult]:
    """A result beyond the ranks that are fused has no score: 0."""
    scores = fused_scores(asked.answer)
    codes = asked.engine.harvest(asked.request.kind, asked.of_engine, asked.answer.semantic.keys())
    while chunk := list(islice(codes, CHUNK)):
        yield from asked.results({code: scores.get(code, 0.0) for code in chunk}, ParsedQuery())
