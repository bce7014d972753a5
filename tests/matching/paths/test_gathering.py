"""Which trainings a path may be made of, asked of a real index of each engine and of the database."""

import pytest

from matching.candidates import MOST_OPEN, open_trainings_bringing
from matching.paths.gathering import gather
from matching.referential import load_referential
from search.engines import engine
from search.errors import SearchUnavailable
from tests.matching.factories import make_training, rebuild_index
from tests.matching.paths.catalogue import certification, day, load_skills, session, sought
from training.models import Training

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]


@pytest.fixture
def catalogue(own_index_folder):
    """What brings conduct of bioreactors, what it asks for, and what that asks for in turn."""
    load_skills()
    reactor = make_training("reactor", ("bioreactor-operation", 3))
    session(reactor)
    make_training("undated", ("bioreactor-operation", 3))
    session(make_training("over", ("bioreactor-operation", 3)), -2)
    session(make_training("window", ("bioreactor-operation", 3)), -40, None, permanent=True)
    culture = make_training("culture", ("adherent-cell-culture", 2))
    session(culture)
    session(make_training("records", ("batch-documentation", 1)))
    session(make_training("other", ("sampling", 2)))
    diploma = make_training("diploma", ("gmp", 1))
    session(diploma)
    Training.objects.filter(code="diploma").update(exit_level=5)
    Training.objects.filter(code="reactor").update(
        prerequisites="Pratique de la culture cellulaire.", entry_level=4
    )
    Training.objects.filter(code="culture").update(prerequisites="Renseigner le dossier de lot.")
    rebuild_index()


def codes(asked, **options) -> set[str]:
    return set(gather(asked, load_referential(), "fr", options.get("engine", "")).urls)


def test_trainings_when_gathered_then_are_those_that_help_and_those_they_ask_for(catalogue):
    found = gather(sought(("bioreactor-operation", 3)), load_referential(), "fr", "")
    assert set(found.urls) == {"reactor", "window", "over", "undated", "culture", "records"}
    assert not found.is_cut
    assert all(url.endswith(f"/formations/{code}/") for code, url in found.urls.items())


def test_prerequisite_when_held_then_nothing_is_gathered_for_it(catalogue):
    held = {"mammalian-cell-culture": 1}
    assert codes(sought(("bioreactor-operation", 3), skills=held)) == {"reactor", "window", "over", "undated"}


def test_level_when_the_person_lacks_it_then_diplomas_are_gathered(catalogue):
    held = {"mammalian-cell-culture": 1}
    asked = sought(("bioreactor-operation", 3), skills=held, says_diploma=True, held=frozenset({"level:3"}))
    assert "diploma" in codes(asked)
    asked = sought(("bioreactor-operation", 3), skills=held, says_diploma=True, held=frozenset({"level:4"}))
    assert "diploma" not in codes(asked)


def test_certification_when_sought_then_the_trainings_that_lead_to_it_are_gathered(catalogue):
    other = Training.objects.get(code="other")
    other.certifications.set([certification("RNCP1", "RNCP1BC01")])
    other.save()
    assert codes(sought(targets=frozenset({"certification:RNCP1"}))) == {"other"}
    assert codes(sought(targets=frozenset({"block:RNCP1BC01"}))) == {"other"}


def test_open_trainings_when_a_day_is_given_then_have_a_session_to_begin_from_it(catalogue):
    found = open_trainings_bringing(["bioreactor-operation"], day(30), "fr")
    assert set(found.urls) == {"reactor", "window"}
    assert set(open_trainings_bringing(["bioreactor-operation"], day(31), "fr").urls) == {"window"}


def test_open_trainings_when_no_index_answers_then_the_database_proposes_the_same(
    catalogue, settings, tmp_path
):
    usual = open_trainings_bringing(["bioreactor-operation"], day(0), "fr")
    settings.SEARCH_INDEX_DIR = tmp_path / "none"
    settings.ELASTICSEARCH_INDEX_PREFIX = "none"
    engine.cache_clear()
    reduced = open_trainings_bringing(["bioreactor-operation"], day(0), "fr")
    assert reduced.urls == usual.urls
    assert "viennent directement de la base" in reduced.notice
    assert gather(sought(("bioreactor-operation", 3)), load_referential(), "fr", "").notice == reduced.notice


def test_open_trainings_when_a_named_engine_has_no_index_then_is_an_error(own_index_folder):
    load_skills()
    with pytest.raises(SearchUnavailable):
        open_trainings_bringing(["gmp"], day(0), "fr", "embedded")


def test_open_trainings_when_there_are_more_than_a_page_then_all_are_proposed(own_index_folder, monkeypatch):
    load_skills()
    for number in range(103):
        session(make_training(f"many-{number}", ("gmp", 1)))
    rebuild_index()
    found = open_trainings_bringing(["gmp"], day(0), "fr")
    assert len(found.urls) == 103
    assert not found.is_cut
    monkeypatch.setattr("matching.candidates.MOST_OPEN", 100)
    cut = open_trainings_bringing(["gmp"], day(0), "fr")
    assert (len(cut.urls), cut.is_cut) == (100, True)
    assert MOST_OPEN >= 300


def test_gathering_when_trainings_are_many_then_queries_stay_few(catalogue, django_assert_max_num_queries):
    for number in range(30):
        training = make_training(f"more-{number}", ("bioreactor-operation", 3))
        Training.objects.filter(pk=training.pk).update(prerequisites="Pratique de la culture cellulaire.")
        session(training)
    rebuild_index()
    referential = load_referential()
    with django_assert_max_num_queries(30):
        assert len(gather(sought(("bioreactor-operation", 3)), referential, "fr", "").urls) == 36
