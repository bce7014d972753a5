"""The searches that one request becomes. Pure: bodies only.

The result set is the lexical matches and the neighbours that pass the filters. Its head and the neighbours are asked for first,
in one round trip; what depends on the neighbours (the words that they have, counts, facets) in a second one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch.dsl import query as q

from search.clauses import Clause, EngineRequest, FacetRequest, Sort
from search.engines.elasticsearch import conditions
from search.engines.elasticsearch.neighbours import nearest_body
from search.engines.elasticsearch.words import words_query
from search.request import Kind

Bodies = dict[str, dict[str, Any]]
HEAD, NEAR, NEAREST, LOOSE, COUNTS = "head", "near", "nearest", "loose", "counts"
# The nearest of all decides whether meaning answers: a few are scored with their full vectors to find it.
NEAREST_LOOKED_AT = 5
_BY_SCORE: list[Any] = [{"_score": "desc"}, conditions.NEUTRAL]


@dataclass(frozen=True)
class Plan:
    """A request on one kind; `typos` are the words of its query that no document has."""

    kind: Kind
    request: EngineRequest
    typos: frozenset[str] = frozenset()

    @property
    def asks_nothing(self) -> bool:
        """No word, no wanted skill, no meaning: everything that passes the filters is the answer."""
        return not (self.request.query or self.request.wanted_skills) and self.request.vector is None

    def matches(self, required: int | None = None) -> q.Query | None:
        return words_query(
            self.request.query, self.request.wanted_skills, typos=self.typos, required=required
        )

    def filters(self, without: str = "") -> list[q.Query]:
        """Of every clause but the one that a filter brings."""
        return conditions.filters(self.kind, self._clauses(without).values(), self.request.today)

    def _clauses(self, without: str) -> Mapping[str, Clause]:
        return {name: clause for name, clause in self.request.clauses.items() if name != without}

    # --- First round trip

    def head(self) -> Bodies:
        """The first lexical ranks; empty when no word is asked for."""
        if self.asks_nothing:
            everything = q.ConstantScore(filter=q.Bool(filter=self.filters()), boost=1.0)
            return {
                HEAD: _codes_body(everything, self.request.rank_window, [conditions.NEUTRAL], scored=True)
            }
        matches = self.matches()
        if matches is None:
            return {}
        found = q.Bool(must=[matches], filter=self.filters())
        return {HEAD: _codes_body(found, self.request.rank_window, _BY_SCORE)}

    def neighbours(self) -> Bodies:
        """The nearest under the filters, under those of each facet counted apart, and with none at all."""
        vector, limit = self.request.vector, self.request.vector_limit
        if vector is None:
            return {}
        filters = self.filters()
        bodies = {NEAR: nearest_body(vector, limit, filters)}
        bodies |= {
            f"{NEAR}:{facet.name}": nearest_body(vector, limit, self.filters(without=facet.name))
            for facet in self.facets_apart()
        }
        if filters:
            bodies[NEAREST] = nearest_body(vector, NEAREST_LOOKED_AT)
        return bodies

    # --- Second round trip

    def loose(self, near: Collection[str]) -> Bodies:
        """The score of these neighbours by the words that they have, though too few to be matches."""
        if not near or self.request.query.required <= 1:
            return {}
        matches = self.matches(required=1)
        assert matches is not None  # noqa: S101 - several units are required
        found = q.Bool(must=[matches], filter=[q.Ids(values=list(near))])
        return {LOOSE: _codes_body(found, len(near), _BY_SCORE)}

    def counts(self, near: Mapping[str, Collection[str]]) -> Bodies:
        """How many objects and values the result set has; `near` has the neighbours under `""` and under each facet apart."""
        apart = self.facets_apart()
        together = [facet for facet in self.request.facets if facet not in apart]
        bodies = {COUNTS: self._count_body(together, "", near.get("", ()))}
        bodies |= {
            f"{COUNTS}:{facet.name}": self._count_body([facet], facet.name, near.get(facet.name, ()))
            for facet in apart
        }
        return bodies

    def facets_apart(self) -> list[FacetRequest]:
        """Those whose own filter is set: their counts leave it out."""
        return [facet for facet in self.request.facets if facet.name in self.request.clauses]

    def _count_body(self, facets: list[FacetRequest], without: str, near: Collection[str]) -> dict[str, Any]:
        counted = conditions.aggregations(self.kind, facets, self.request.clauses, self.request.today)
        body = {"query": self.members(near, without).to_dict(), "size": 0, "track_total_hits": True}
        return {**body, "aggs": counted} if counted else body

    # --- Listings of the whole set

    def members(self, near: Collection[str], without: str = "") -> q.Query:
        """The result set as a filter."""
        filters = self.filters(without)
        if not self.asks_nothing:
            matches = self.matches()
            ways = [q.Ids(values=list(near)), *([matches] if matches is not None else [])]
            filters.append(q.Bool(should=ways, minimum_should_match=1))
        return q.Bool(filter=filters)

    def tail(self, shown: Collection[str], skip: int, limit: int) -> dict[str, Any]:
        matches = [] if self.asks_nothing else [self.matches() or q.MatchNone()]
        found = q.Bool(must=matches, filter=self.filters(), must_not=[q.Ids(values=list(shown))])
        order = [conditions.NEUTRAL] if self.asks_nothing else _BY_SCORE
        return {**_codes_body(found, limit, order), "from": skip}

    def sorted_page(self, near: Collection[str], sort: Sort, offset: int, limit: int) -> dict[str, Any]:
        order = conditions.order(self.kind, sort, self.request.clauses.values(), self.request.today)
        return {**_codes_body(self.members(near), limit, order), "from": offset}


def _codes_body(found: q.Query, size: int, sort: list[Any], *, scored: bool = False) -> dict[str, Any]:
    """A search that brings codes (and scores, when it sorts by them or is told to) and counts nothing."""
    body = {"query": found.to_dict(), "size": size, "sort": sort, "_source": False, "track_total_hits": False}
    return {**body, "track_scores": True} if scored else body
