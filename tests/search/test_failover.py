"""Who answers when the configured engine cannot, and what the reader is told."""

import time

import pytest
from django.core.management import call_command
from django.utils.translation import override

from search.errors import (
    EngineBusy,
    EngineRefused,
    EngineTimeout,
    IndexMissing,
    IndexUnfit,
    SearchUnavailable,
)
from search.failover import said_once
from search.members import members
from search.neighbours import ask_nearest
from search.request import Kind, SearchRequest
from search.retrieval import search
from tests.jobs.factories import make_candidate, make_skills, pseudonym
from tests.search.factories import make_training

pytestmark = pytest.mark.django_db


def found(text: str, engine_name: str = ""):
    return search(SearchRequest(Kind.TRAININGS, text), engine_name)


@pytest.fixture
def both(distant, rebuild):
    """Both engines hold one training."""
    make_training("a", "Chromatographie")
    call_command("search_index", "rebuild", engine="embedded", verbosity=0)
    rebuild()
    return distant


@pytest.mark.parametrize(
    "error", [SearchUnavailable, EngineTimeout, EngineBusy, EngineRefused, IndexMissing, IndexUnfit]
)
def test_the_standby_index_answers_and_says_so(both, error):
    assert found("chromatographie").notice.startswith("Recherche par les mots seulement")
    both.error = error("en panne")
    results = found("chromatographie")
    assert [result.code for result in results.results] == ["a"]
    assert results.notice.startswith("La recherche répond avec un index de secours")
    assert "Recherche par les mots seulement" in results.notice, "both notices apply"


def test_candidates_too_come_from_the_standby_index_which_says_so(distant, rebuild):
    make_skills("hplc")
    make_candidate(1, ("hplc", 2))
    call_command("search_index", "rebuild", engine="embedded", verbosity=0)
    rebuild()
    request = SearchRequest(Kind.CANDIDATES, wanted_skills=("hplc",))
    assert (members(request).value, members(request).notice) == ([pseudonym(1)], "")
    distant.error = EngineTimeout("en panne")
    assert members(request).value == [pseudonym(1)]
    assert members(request).notice.startswith("La recherche répond avec un index de secours")
    with pytest.raises(EngineTimeout):
        members(request, "distant")


def test_without_a_standby_index_the_error_is_that_of_the_engine(distant, rebuild):
    distant.error = EngineTimeout("trop lent")
    with pytest.raises(EngineTimeout, match="trop lent"):
        found("chromatographie")
    with pytest.raises(EngineTimeout, match="trop lent"):  # from memory
        found("chromatographie")


def test_an_engine_that_was_named_is_never_replaced(both):
    both.error = EngineBusy("saturé")
    with pytest.raises(EngineBusy):
        found("chromatographie", "distant")
    assert found("chromatographie", "embedded").notice.startswith("Recherche par les mots")


def test_a_dead_engine_costs_its_delay_once_a_pause(both, settings):
    both.error, both.delay = EngineTimeout("muet"), 0.2
    before = both.calls
    for _ in range(5):
        assert "index de secours" in found("chromatographie").notice
    assert both.calls - before == 1
    settings.SEARCH_ENGINE_PAUSE_SECONDS = 0.05
    both.error = None
    assert "index de secours" in found("chromatographie").notice, "the pause began under the former setting"


def test_the_engine_is_asked_again_when_the_pause_is_over(both, settings):
    settings.SEARCH_ENGINE_PAUSE_SECONDS = 0.1
    both.error = EngineTimeout("muet")
    assert "index de secours" in found("chromatographie").notice
    both.error = None
    time.sleep(0.15)
    assert "index de secours" not in found("chromatographie").notice
    both.error = EngineTimeout("muet")
    assert "index de secours" in found("chromatographie").notice, "a new failure, a new pause"


def test_the_notice_speaks_the_language_of_the_page(both):
    both.error = EngineTimeout("muet")
    with override("en"):
        assert found("chromatographie").notice


def test_nearest_objects_come_from_the_standby_too(both):
    both.error = EngineTimeout("muet")
    answered = ask_nearest(Kind.SKILLS, ["purifier"], 3)
    assert answered.value is None, "no model in these tests"
    assert "index de secours" in answered.notice


def test_a_notice_inside_another_is_said_once():
    assert said_once(["", "A.", "B. A.", "A."]) == ["B. A."]
    assert said_once(["A.", "", "C."]) == ["A.", "C."]
