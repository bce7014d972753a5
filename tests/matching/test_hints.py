"""What a text hints at, with the product's own model and the index of each engine; and without either."""

import pytest

from jobs.models import JobProfilePage
from matching.directions.person_to_jobs import match_person
from matching.hints import hints_of
from matching.reading.extraction import extract_skills
from search.engines import engine
from search.errors import SearchUnavailable
from tests.matching.factories import load_part_of_referential, make_job, rebuild_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]

TEXT = (
    "Technicienne de laboratoire. Je contrôle la qualité des lots par HPLC. Je rédige des rapports d'analyse."
)


@pytest.fixture
def jobs(own_index_folder, real_model):
    """Two jobs that ask for the same skill, of which one is spoken of."""
    load_part_of_referential("hplc-analysis", "bioreactor-operation")
    make_job("a-driver", ("hplc-analysis", 3, "essential"))
    make_job("controller", ("hplc-analysis", 3, "essential"))
    JobProfilePage.objects.filter(code="a-driver").update(
        title="Conducteur de ligne de conditionnement", summary="Conduit des machines d'emballage."
    )
    JobProfilePage.objects.filter(code="controller").update(
        title="Technicien de contrôle qualité", summary="Analyse les lots de médicaments au laboratoire."
    )
    rebuild_index()


def test_jobs_when_scores_are_equal_then_the_one_that_the_text_speaks_of_comes_first(jobs):
    extraction = extract_skills(TEXT)
    by_score = match_person(extraction.held).jobs
    by_hints = match_person(extraction.held, hints=hints_of(TEXT, extraction)).jobs
    assert [one.code for one in by_score] == ["a-driver", "controller"]
    assert [one.code for one in by_hints] == ["controller", "a-driver"]
    assert {one.score for one in by_score} == {one.score for one in by_hints}
    near = [one.expected.near for one in by_hints]
    assert 1 > near[0] > near[1] > -1


def test_a_job_when_the_text_names_it_then_is_named(jobs):
    text = "J'ai été conductrice de ligne de conditionnement. Je contrôle les lots par HPLC."
    assert hints_of(text, extract_skills(text)).named == {"a-driver"}


def test_hints_when_nothing_is_said_of_the_person_then_tell_of_no_job(jobs):
    text = "Je n'ai jamais fait de HPLC."
    assert hints_of(text, extract_skills(text)).near == {}


def test_hints_when_there_is_no_model_then_are_what_words_tell(jobs, settings):
    settings.EMBEDDING_MODEL = ""
    hints = hints_of(TEXT, extract_skills(TEXT))
    assert hints.near == {}
    assert "hplc-analysis" in {one.skill for one in hints.likely}


def test_hints_when_the_index_is_away_then_only_a_named_engine_is_an_error(jobs, settings, tmp_path):
    extraction = extract_skills(TEXT)
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR = "embedded", tmp_path / "none"
    engine.cache_clear()
    assert hints_of(TEXT, extraction).near == {}
    with pytest.raises(SearchUnavailable):
        hints_of(TEXT, extraction, "embedded")
