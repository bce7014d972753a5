"""Candidates in the index of each engine: what the document says, what changes it, and that no public search reaches it."""

import io
import json
import logging

import pytest
from django.core.management import CommandError, call_command

from jobs.models import CandidateProfile, CandidateSkill
from search.documents import candidates
from search.engines import engine
from search.harvest import harvest, harvested
from search.indexing import find_generation
from search.members import members
from search.models import OutboxEntry
from search.outbox import drain
from search.request import InvalidRequest, Kind, SearchRequest
from search.retrieval import search
from search.suggestions import suggest, suggestions
from skills.models import Skill
from tests.jobs.factories import in_days, make_candidate, make_skills, pseudonym
from tests.skills.factories import CommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]


@pytest.fixture(autouse=True)
def skills():
    make_skills("hplc", "gmp")


def proposed(*skills: str, **filters: str) -> set[str]:
    asked = {name: (value,) for name, value in filters.items()}
    request = SearchRequest(Kind.CANDIDATES, filters=asked, wanted_skills=skills or ("hplc", "gmp"))
    return set(members(request).value)


def indexed() -> set[str]:
    chosen = engine()
    return set(chosen.digests(find_generation(chosen, states=["live"]).name, Kind.CANDIDATES))


# --- The document


def test_the_document_has_codes_a_place_and_days_and_no_word():
    commune = CommuneFactory(latitude=45.76, longitude=4.88)
    make_candidate(
        1, ("hplc", 3), commune=commune, region=commune.region, remote=True, need_kinds=["vacancy"]
    )
    (document,) = candidates.build([pseudonym(1)])
    said = {name: value for name, value in json.loads(document.as_json()).items() if value}
    (offer,) = said.pop("offers")
    assert said == {"code": pseudonym(1), "keywords": {"skill": ["hplc"], "need_kind": ["vacancy"]}}
    assert {name: value for name, value in offer.items() if value} == {
        "region": "84",
        "anywhere": True,
        "latitude": 45.76,
        "longitude": 4.88,
        "first_start": in_days(0).isoformat(),
        "last_day": in_days(100).isoformat(),
    }


def test_what_is_not_shown_is_not_indexed():
    make_candidate(1, ("hplc", 3))
    (document,) = candidates.build([pseudonym(1)])
    (offer,) = document.offers
    assert (offer.region, offer.latitude, offer.longitude) == ("", None, None)


def test_documents_are_built_in_few_queries(django_assert_num_queries):
    for number in range(12):
        make_candidate(number, ("hplc", 3), ("gmp", 1))
    with django_assert_num_queries(3):
        assert len(candidates.build([pseudonym(number) for number in range(12)])) == 12


# --- What changes it


def test_who_consents_is_proposed_until_the_withdrawal(rebuild):
    profile = make_candidate(1, ("hplc", 3))
    rebuild()
    assert proposed() == indexed() == {pseudonym(1)}
    profile.consent.withdraw()
    drain()
    assert proposed() == indexed() == set()
    assert not OutboxEntry.objects.exists()


def test_a_consent_that_has_ended_proposes_nobody_though_nothing_was_indexed_again(rebuild):
    make_candidate(1, ("hplc", 3), expires_in=-1)
    make_candidate(2, ("hplc", 3), expires_in=0)
    rebuild()
    assert indexed() == {pseudonym(1), pseudonym(2)}
    assert proposed() == {pseudonym(2)}


def test_what_is_erased_leaves_the_index(rebuild):
    make_candidate(1, ("hplc", 3), expires_in=-1)
    make_candidate(2, ("hplc", 3))
    rebuild()
    call_command("erase_candidates", stdout=io.StringIO())
    drain()
    assert indexed() == {pseudonym(2)}


def test_every_change_of_a_profile_reaches_the_index(rebuild):
    rebuild()
    profile = make_candidate(1, ("hplc", 3), need_kinds=["vacancy"])
    drain()
    assert proposed("hplc", need_kind="vacancy") == {pseudonym(1)}
    assert proposed("hplc", need_kind="future") == proposed("gmp") == set()
    CandidateSkill.objects.create(profile=profile, skill=Skill.objects.get(code="gmp"))
    drain()
    assert proposed("gmp") == {pseudonym(1)}
    CandidateSkill.objects.get(skill__code="gmp").delete()
    profile.need_kinds = ["future"]
    profile.save()
    drain()
    assert proposed("gmp") == set()
    assert proposed("hplc", need_kind="future") == {pseudonym(1)}
    profile.available_from = None
    profile.save()
    drain()
    assert indexed() == set()


def test_who_is_available_later_is_not_proposed_before(rebuild):
    make_candidate(1, ("hplc", 3), available_from=in_days(30))
    rebuild()
    assert proposed("hplc", available_by=in_days(29).isoformat()) == set()
    assert proposed("hplc", available_by=in_days(30).isoformat()) == {pseudonym(1)}


def test_everybody_is_proposed_however_many(rebuild):
    for number in range(130):
        make_candidate(number, ("hplc", 3))
    rebuild()
    assert len(proposed()) == 130


# --- No public door


def test_no_search_harvest_or_suggestion_serves_candidates(rebuild):
    make_candidate(1, ("hplc", 3))
    rebuild()
    request = SearchRequest(Kind.CANDIDATES, wanted_skills=("hplc",))
    for ask in (search, harvest, harvested, suggest):
        with pytest.raises(InvalidRequest, match="ne se cherchent pas"):
            ask(request)
    assert suggestions(pseudonym(1), [Kind.CANDIDATES], 10, "fr") == []


def test_the_command_does_not_know_candidates():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("search", "hplc", "--in", "candidates")
    for option in ("--need-kind", "--available-by"):
        with pytest.raises(CommandError, match="unrecognized arguments"):
            call_command("search", "hplc", option, "vacancy")


def test_no_log_names_anybody(rebuild, caplog):
    """At the most talkative level that is kept anywhere: under it, Elasticsearch's client writes all that it sends."""
    caplog.set_level(logging.INFO)
    profile = make_candidate(1, ("hplc", 3))
    rebuild()
    profile.consent.withdraw()
    drain()
    proposed()
    call_command("erase_candidates", stdout=io.StringIO())
    drain()
    assert not CandidateProfile.objects.exists()
    assert pseudonym(1) not in caplog.text
