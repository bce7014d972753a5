"""Candidates made by chance: both engines propose the same people, and those that each condition says."""

import datetime as dt
import random

import pytest

from search.clauses import AnyOf, Between, EngineRequest
from search.documents.base import Offer, SearchDocument
from search.engines.base import VectorisedDocument
from search.request import Kind
from tests.search.engines.catalogue import PLACES, SKILLS, TODAY
from tests.search.engines.conftest import serve

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.any_database]

NEED_KINDS = ["vacancy", "apprenticeship", "upskilling", "future"]
REQUESTS = 60


@pytest.fixture
def chance():
    return random.Random(11)  # noqa: S311 - the same people each time


@pytest.fixture
def people(chance) -> list[SearchDocument]:
    return [candidate(chance, number) for number in range(250)]


def candidate(chance, number: int) -> SearchDocument:
    region = chance.choice([*PLACES, ""])
    place = PLACES[region] if region and chance.random() < 0.7 else (None, None)
    return SearchDocument(
        f"candidat-{number:08x}",
        "",
        keywords={
            "skill": tuple(chance.sample(SKILLS, chance.randint(1, 6))),
            "need_kind": tuple(chance.sample(NEED_KINDS, chance.randint(1, 4))),
        },
        offers=(
            Offer(
                region=region,
                anywhere=chance.random() < 0.2,
                latitude=place[0],
                longitude=place[1],
                first_start=TODAY + dt.timedelta(days=chance.randint(-30, 200)),
                last_day=TODAY + dt.timedelta(days=chance.randint(-20, 300)),
            ),
        ),
    )


def test_both_engines_propose_everybody_who_fulfils_the_conditions_and_nobody_else(engines, people, chance):
    for chosen in engines:
        serve(chosen, {Kind.CANDIDATES: [VectorisedDocument(one) for one in people]})
    for _ in range(REQUESTS):
        wanted = tuple(chance.sample(SKILLS, chance.randint(1, 3)))
        need_kind = chance.choice([*NEED_KINDS, ""])
        available_by = TODAY + dt.timedelta(days=chance.randint(0, 100)) if chance.random() < 0.7 else None
        clauses = {}
        if need_kind:
            clauses["need_kind"] = AnyOf("need_kind", (need_kind,))
        if available_by:
            clauses["available_by"] = Between("first_start", None, available_by.toordinal())
        request = EngineRequest(clauses=clauses, wanted_skills=wanted, today=TODAY.toordinal())
        expected = {one.code for one in people if fulfils(one, wanted, need_kind, available_by)}
        answers = [list(chosen.harvest(Kind.CANDIDATES, request, ())) for chosen in engines]
        assert answers[0] == answers[1]
        assert set(answers[0]) == expected
        assert {chosen.retrieve(Kind.CANDIDATES, request).total for chosen in engines} == {len(expected)}


def fulfils(one: SearchDocument, wanted, need_kind: str, available_by: dt.date | None) -> bool:
    (offer,) = one.offers
    return (
        not set(wanted).isdisjoint(one.keywords["skill"])
        and (not need_kind or need_kind in one.keywords["need_kind"])
        and (available_by is None or offer.first_start <= available_by)
        and offer.last_day >= TODAY
    )


def test_no_name_being_typed_suggests_anybody(engines, people):
    for chosen in engines:
        serve(chosen, {Kind.CANDIDATES: [VectorisedDocument(one) for one in people]})
        for typed in ("candidat", people[0].code, "00000001", SKILLS[0]):
            assert chosen.suggest(Kind.CANDIDATES, typed, 10, TODAY.toordinal()) == []
