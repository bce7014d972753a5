"""Masks and counts of the embedded engine against the same questions asked document by document."""

import datetime as dt
import math
import random

import numpy as np
import pytest

from search.clauses import AllOf, AnyBand, AnyOf, Band, Between, Clause, FacetRequest, Near, Scope
from search.documents.base import Offer, SearchDocument
from search.engines.embedded.columns import Columns
from search.engines.embedded.filtering import Filtering, facet_counts
from skills.geography import distance_km

TODAY = dt.date(2025, 6, 2)
DAY = TODAY.toordinal()
CLAUSES: dict[str, Clause] = {
    "region": AnyOf("region", ("84", "11"), Scope.OFFER),
    "funding": AllOf("funding", ("cpf", "opco"), Scope.OFFER),
    "skill": AllOf("skill", ("a", "b")),
    "level": AnyOf("level", ("5", "unheard-of")),
    "unknown": AnyOf("no-such-field", ("x",)),
    "price": Between("price_eur", None, 500.0),
    "near": Near(45.75, 4.85, 150.0),
    "state": AnyBand("state", (Band("ended", None, DAY - 1), Band("current", DAY + 100, None), Band("odd"))),
}


def document(number: int) -> SearchDocument:
    chance = random.Random(number)  # noqa: S311 - the same ones every time
    return SearchDocument(
        code=f"t-{number}",
        title_fr="Titre",
        keywords={
            "skill": tuple(chance.sample("abcd", chance.randrange(4))),
            "level": ("5",) if number % 3 else (),
            "state": ("odd",) if number % 5 == 0 else (),
        },
        dates={"state": (TODAY + dt.timedelta(days=chance.randrange(-200, 200)),) * (number % 2)},
        offers=tuple(offer(chance) for _ in range(chance.randrange(5))),
    )


def offer(chance: random.Random) -> Offer:
    is_placed = chance.random() < 0.7
    return Offer(
        region=chance.choice(["84", "11", "53", ""]),
        anywhere=chance.random() < 0.2,
        latitude=chance.uniform(43, 49) if is_placed else None,
        longitude=chance.uniform(0, 7) if is_placed else None,
        funding=tuple(chance.sample(["cpf", "opco", "region"], chance.randrange(4))),
        price_eur=chance.choice([None, 500.0, 499.99, 900.0]),
        last_day=chance.choice([None, TODAY, TODAY - dt.timedelta(days=1)]),
    )


def passes(clause: Clause, asked: SearchDocument | Offer) -> bool:
    if isinstance(clause, Near):
        if asked.latitude is None:
            return asked.anywhere
        here, there = (clause.latitude, clause.longitude), (asked.latitude, asked.longitude)
        return asked.anywhere or distance_km(*here, *there) <= clause.kilometres
    if isinstance(clause, Between):
        return asked.price_eur is not None and asked.price_eur <= clause.upper
    if isinstance(clause, AnyBand):
        days = [day.toordinal() for day in asked.dates.get(clause.field, ())]
        return any(
            band.value in asked.keywords[clause.field]
            or (band.has_days and any((band.first or 0) <= day <= (band.last or math.inf) for day in days))
            for band in clause.bands
        )
    has = values(asked, clause.field)
    return (all if isinstance(clause, AllOf) else any)(value in has for value in clause.values)


def values(asked: SearchDocument | Offer, field: str) -> tuple[str, ...]:
    if isinstance(asked, SearchDocument):
        return asked.keywords.get(field, ())
    value = getattr(asked, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def offers_left(asked: SearchDocument, clauses: list[Clause]) -> list[Offer]:
    wanted = [clause for clause in clauses if clause.scope is Scope.OFFER]
    running = [one for one in asked.offers if one.last_day is None or one.last_day >= TODAY]
    return [one for one in running if all(passes(clause, one) for clause in wanted)]


def is_left(asked: SearchDocument, clauses: list[Clause]) -> bool:
    of_document = [clause for clause in clauses if clause.scope is Scope.DOCUMENT]
    is_free = not asked.offers and len(of_document) == len(clauses)
    return all(passes(c, asked) for c in of_document) and (is_free or bool(offers_left(asked, clauses)))


@pytest.fixture(scope="module")
def documents() -> list[SearchDocument]:
    return [document(number) for number in range(400)]


@pytest.fixture(scope="module", params=["of one segment", "joined", "joined, some gone"])
def columns(request, documents) -> tuple[Columns, np.ndarray]:
    """The columns, and which of the documents they still have."""
    if request.param == "of one segment":
        return Columns.of(documents, 0), np.ones(len(documents), dtype=bool)
    parts = [Columns.of(documents[at : at + 150], at) for at in (0, 150, 300)]
    joined = Columns.joined([Columns.joined(parts).first(150), *parts[1:]])
    if request.param == "joined":
        return joined, np.ones(len(documents), dtype=bool)
    kept = np.arange(len(documents)) % 7 != 3
    return joined.keeping(kept), kept


@pytest.mark.parametrize(
    "names", [(), *[(name,) for name in CLAUSES], ("region", "price", "level"), ("funding", "near")]
)
def test_filters_and_facets_are_those_of_each_document(documents, columns, names):
    table, kept = columns
    held = [one for one, is_kept in zip(documents, kept, strict=True) if is_kept]
    assert table.codes == [one.code for one in held]
    filtering = Filtering(table, np.ones(len(held), bool), {name: CLAUSES[name] for name in names}, DAY)
    for but in ("", *names):
        clauses = [CLAUSES[name] for name in names if name != but]
        members, offers = filtering.passing(but)
        left = [one for one in held if is_left(one, clauses)]
        assert [held[row] for row in np.flatnonzero(members)] == left
        for field in ("region", "funding"):
            found = [
                value
                for one in left
                for value in {v for o in offers_left(one, clauses) for v in values(o, field)}
            ]
            counts = facet_counts(table, FacetRequest(field, field, Scope.OFFER), members, offers)
            assert counts == {value: found.count(value) for value in set(found)}
        skills = [skill for one in left for skill in one.keywords["skill"]]
        counts = facet_counts(table, FacetRequest("skill", "skill", Scope.DOCUMENT), members, offers)
        assert counts == {skill: skills.count(skill) for skill in set(skills)}


def test_the_lowest_number_is_that_of_the_offers_given(documents, columns):
    table, kept = columns
    held = [one for one, is_kept in zip(documents, kept, strict=True) if is_kept]
    _, offers = Filtering(table, np.ones(len(held), bool), {}, DAY).passing()
    lowest = table.lowest_of_offers(table.offer_numbers["price_eur"], offers)
    told = [[o.price_eur for o in offers_left(one, []) if o.price_eur is not None] for one in held]
    assert lowest.tolist() == [min(prices, default=math.inf) for prices in told]
