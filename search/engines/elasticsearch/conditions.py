"""Clauses as Elasticsearch filters, facets as aggregations, orders as sorts. Pure.

One rule: all clauses on offers, and that the offer has not ended, are one nested query: they hold for one and the same offer.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch.dsl import query as q

from search.clauses import AllOf, AnyBand, AnyOf, Band, Between, Clause, FacetRequest, Near, Scope, Sort
from search.engines.elasticsearch.mappings import DAYS, KINDS_WITH_OFFERS, OFFER_DAYS
from search.request import Kind, SortKey

# More values than any facet has, short of the certifications of the whole country; those chosen are counted apart.
FACET_VALUES = 1_000
_OFFERS = "offers"
NEUTRAL = {"neutral": "asc"}


def filters(kind: Kind, clauses: Iterable[Clause], today: int) -> list[q.Query]:
    """What a document must satisfy today, as filters."""
    of_documents: list[q.Query] = []
    of_offers: list[q.Query] = []
    for clause in clauses:
        (of_documents if clause.scope is Scope.DOCUMENT else of_offers).append(_condition(kind, clause))
    if kind not in KINDS_WITH_OFFERS:
        return of_documents + [q.MatchNone() for _ in of_offers]
    has_offer = q.Nested(path=_OFFERS, query=q.Bool(filter=[_not_ended(today), *of_offers]))
    if of_offers:
        return [*of_documents, has_offer]
    without_any = _is("has_offers", False)
    return [*of_documents, q.Bool(should=[has_offer, without_any], minimum_should_match=1)]


def offer_filters(kind: Kind, clauses: Iterable[Clause], today: int) -> list[q.Query]:
    """What an offer must satisfy today."""
    asked = [_condition(kind, clause) for clause in clauses if clause.scope is Scope.OFFER]
    return [_not_ended(today), *asked]


def _not_ended(today: int) -> q.Query:
    return q.Range(f"{_OFFERS}.last_day", {"gte": _day(today)})


def _condition(kind: Kind, clause: Clause) -> q.Query:
    if isinstance(clause, AnyBand):
        return _any_of([_band(kind, clause.field, band) for band in clause.bands])
    if isinstance(clause, Between):
        return q.Range(f"{_OFFERS}.{clause.field}", _bounds(clause.field, clause.lower, clause.upper))
    if isinstance(clause, Near):
        within = q.GeoDistance(
            f"{_OFFERS}.place",
            {"lat": clause.latitude, "lon": clause.longitude},
            distance=f"{clause.kilometres}km",
        )
        return _any_of([within, _is(f"{_OFFERS}.anywhere", True)])
    field = _field(clause.field, clause.scope)
    if isinstance(clause, AnyOf):
        return q.Terms(field, list(clause.values)) if clause.values else q.MatchAll()
    assert isinstance(clause, AllOf)  # noqa: S101 - the last of the clauses
    return q.Bool(filter=[_is(field, value) for value in clause.values])


def _is(field: str, value: str | bool) -> q.Query:
    return q.Term(field, {"value": value})


def _any_of(queries: list[q.Query]) -> q.Query:
    return q.Bool(should=queries, minimum_should_match=1) if queries else q.MatchAll()


def _band(kind: Kind, field: str, band: Band) -> q.Query:
    has_code = _is(f"keywords.{field}", band.value)
    if not band.has_days or field not in DAYS[kind]:
        return has_code
    days = {"gte": band.first, "lte": band.last}
    told = {bound: _day(day) for bound, day in days.items() if day is not None}
    return _any_of([has_code, q.Range(f"dates.{field}", told)])


def _field(name: str, scope: Scope) -> str:
    return f"keywords.{name}" if scope is Scope.DOCUMENT else f"{_OFFERS}.{name}"


def _bounds(field: str, lower: float | None, upper: float | None) -> dict[str, Any]:
    told = {bound: value for bound, value in (("gte", lower), ("lte", upper)) if value is not None}
    return {bound: _day(int(value)) for bound, value in told.items()} if field in OFFER_DAYS else told


def _day(ordinal: int) -> str:
    """The day of an ordinal; a request that tells no day (0) is asked before all of them."""
    return dt.date.fromordinal(max(ordinal, 1)).isoformat()


# --- Facets


def aggregations(
    kind: Kind, facets: Iterable[FacetRequest], clauses: Mapping[str, Clause], today: int
) -> dict[str, Any]:
    """The counts that these facets ask for, among the documents of a search that leaves out each one's own clause."""
    found: dict[str, Any] = {}
    for facet in facets:
        chosen = getattr(clauses.get(facet.name), "values", ())
        if facet.bands:
            bands = {band.value: _band(kind, facet.field, band).to_dict() for band in facet.bands}
            found[facet.name] = {"filters": {"filters": bands}}
        elif facet.scope is Scope.DOCUMENT:
            found |= _of_documents(facet, chosen)
        else:
            others = [clause for name, clause in clauses.items() if name != facet.name]
            found |= _of_offers(facet, chosen, offer_filters(kind, others, today))
    return found


def _of_documents(facet: FacetRequest, chosen: tuple[str, ...]) -> dict[str, Any]:
    field = _field(facet.field, facet.scope)
    return {name: {"terms": terms} for name, terms in _terms(facet.name, field, chosen).items()}


def _of_offers(facet: FacetRequest, chosen: tuple[str, ...], conditions: list[q.Query]) -> dict[str, Any]:
    """Documents that have an offer with each value, the offer passing every other filter."""
    field = _field(facet.field, facet.scope)
    documents: dict[str, Any] = {"documents": {"reverse_nested": {}}}
    values = {
        name: {"terms": terms, "aggs": documents} for name, terms in _terms(facet.name, field, chosen).items()
    }
    passing = {"filter": q.Bool(filter=conditions).to_dict(), "aggs": values}
    return {facet.name: {"nested": {"path": _OFFERS}, "aggs": {"passing": passing}}}


def _terms(name: str, field: str, chosen: tuple[str, ...]) -> dict[str, Any]:
    """The most frequent values, and those chosen however rare."""
    terms: dict[str, Any] = {name: {"field": field, "size": FACET_VALUES}}
    if chosen:
        terms[f"{name}:chosen"] = {"field": field, "size": len(chosen), "include": list(chosen)}
    return terms


def read_facets(facets: Iterable[FacetRequest], aggregated: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    return {facet.name: _read_facet(facet, aggregated) for facet in facets}


def _read_facet(facet: FacetRequest, aggregated: Mapping[str, Any]) -> dict[str, int]:
    if facet.bands:
        buckets = aggregated[facet.name]["buckets"]
        return {value: one["doc_count"] for value, one in buckets.items() if one["doc_count"]}
    of_offers = facet.scope is Scope.OFFER
    held = aggregated[facet.name]["passing"] if of_offers else aggregated
    counts: dict[str, int] = {}
    for name in (facet.name, f"{facet.name}:chosen"):
        for one in held.get(name, {}).get("buckets", ()):
            counts[one["key"]] = one["documents"]["doc_count"] if of_offers else one["doc_count"]
    return counts


# --- Orders


def order(kind: Kind, sort: Sort, clauses: Iterable[Clause], today: int) -> list[dict[str, Any]]:
    """The sort of `search.clauses.Sort`, judged on the offers that pass the filters."""
    passing = offer_filters(kind, clauses, today)
    start = f"{_OFFERS}.first_start"
    if sort.by is SortKey.DATE:
        is_open = [
            q.Range(start, {"lte": _day(today)}),
            q.Range(f"{_OFFERS}.last_start", {"gte": _day(today)}),
        ]
        to_come = [q.Range(start, {"gt": _day(today)})]
        keys = [_lowest("present", [*passing, *is_open]), _lowest("first_start", [*passing, *to_come])]
    elif sort.by is SortKey.PRICE:
        keys = [_lowest("price_eur", passing)]
    else:
        assert sort.origin is not None  # noqa: S101 - `SearchRequest` refuses a distance from nowhere
        anywhere = _is(f"{_OFFERS}.anywhere", True)
        placed = q.Bool(must_not=[anywhere])
        keys = [_lowest("present", [*passing, anywhere]), _nearest(sort.origin, [*passing, placed])]
    return [*keys, NEUTRAL]


def _lowest(field: str, conditions: list[q.Query]) -> dict[str, Any]:
    return {f"{_OFFERS}.{field}": {"order": "asc", "missing": "_last", **_on_offers(conditions)}}


def _nearest(origin: tuple[float, float], conditions: list[q.Query]) -> dict[str, Any]:
    """What has no place is infinitely far for Elasticsearch, hence last."""
    here = {"lat": origin[0], "lon": origin[1]}
    return {
        "_geo_distance": {f"{_OFFERS}.place": here, "order": "asc", "unit": "km", **_on_offers(conditions)}
    }


def _on_offers(conditions: list[q.Query]) -> dict[str, Any]:
    passing = q.Bool(filter=conditions).to_dict()
    return {"mode": "min", "nested": {"path": _OFFERS, "filter": passing}}
