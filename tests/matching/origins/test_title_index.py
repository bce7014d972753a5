"""Titles found by meaning and by spelling: never in the place of words, never without an index, and rarely guessed."""

import pytest
from django.core.management import CommandError, call_command

from matching.origins import titles
from matching.origins.answers import answer_title
from matching.origins.title_index import MOST_NEAREST, store, stored_titles
from matching.origins.titles import find_origins
from search.embeddings import embedder
from skills.models import EscoOccupation, RomeTitle
from tests.matching.origins.factories import (
    LEFT,
    make_certification,
    make_diploma,
    make_occupation,
    make_rome_job,
    make_rome_title,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def rows():
    job = make_rome_job("H2303", "Conducteur / Conductrice de machines")
    make_rome_title("1", "Conducteur / Conductrice de machine de remplissage", job)
    make_rome_title("2", "Technicien / Technicienne de laboratoire", make_rome_job("H1503", "Technicien"))
    make_occupation(1, "opérateur de remplissage", alternative_fr="remplisseuse de flacons")
    make_diploma(1, "BTS biotechnologies")
    make_certification("RNCP1", "Biotechnologies", abbreviation="Master")


@pytest.fixture
def built(rows, real_model, scikit_learn, capsys):
    call_command("build_title_index")
    return capsys.readouterr().out


def keys(text: str, **options) -> list[str]:
    return [one.key for one in find_origins(text, **options).candidates]


def test_every_name_of_every_row_is_stored(rows):
    assert sorted((label.code.partition(":")[0], label.text) for label in stored_titles()) == [
        ("certification", "Biotechnologies"),
        ("certification", "Master Biotechnologies"),
        ("diploma", "BTS biotechnologies"),
        ("esco-occupation", "occupation 1"),
        ("esco-occupation", "opérateur de remplissage"),
        ("esco-occupation", "remplisseuse de flacons"),
        ("rome-title", "Conducteur / Conductrice de machine de remplissage"),
        ("rome-title", "Technicien / Technicienne de laboratoire"),
    ]


@pytest.mark.model
def test_title_when_no_words_are_found_then_the_nearest_are_proposed(built, django_assert_max_num_queries):
    assert built == "L'index des intitulés (5) est construit.\n"
    with django_assert_max_num_queries(20):
        found = find_origins("conductrice de machine à remplir des flacons")
    assert found.chosen is None
    assert found.is_by_nearness
    assert {(one.kind, one.code) for one in found.candidates[:2]} >= {("rome-title", "1")}
    assert "esco-occupation" in {one.kind for one in found.candidates[:2]}
    answer = answer_title("machines remplissages flacon")
    assert answer.abstained
    assert "voici les plus proches" in answer.message
    assert "nearest" in answer_title("machines remplissages flacon", language="en").message


@pytest.mark.model
def test_diploma_when_written_otherwise_then_is_proposed(built):
    assert keys("BTS bio technologie")[0] == "diploma:FOR.1"
    assert keys("master biotechno", kinds=("certification",)) == ["certification:RNCP1"]


@pytest.mark.model
def test_name_by_which_an_occupation_is_near_is_said(built):
    found = find_origins("remplisseurs flaconnage")
    assert found.candidates[0].other_name == "remplisseuse de flacons"


@pytest.mark.model
def test_title_when_words_find_it_then_no_meaning_is_asked(built, monkeypatch):
    def never(texts):
        raise AssertionError(f"{texts} were encoded")

    monkeypatch.setattr(embedder(), "encode", never)
    assert find_origins("technicienne de laboratoire").chosen.code == "2"
    assert find_origins("H2303").chosen.code == "H2303"


@pytest.mark.model
def test_title_when_all_but_the_same_is_chosen_unless_another_is_near(built, monkeypatch):
    text = "technicienne de labratoire d'analyses"
    monkeypatch.setattr(titles, "CLEAR_NEARNESS", 0.5)
    monkeypatch.setattr(titles, "CLEAR_LEAD", 0.01)
    assert find_origins(text).chosen.code == "2"
    assert find_origins("labratoire").chosen is None  # a word alone
    make_rome_title(
        "3", "Technicien / Technicienne de laboratoire d'analyse", make_rome_job("H1504", "Autre")
    )
    call_command("build_title_index", stdout=_Silent())
    monkeypatch.setattr(titles, "CLEAR_LEAD", 0.3)
    assert find_origins("technicienne de labratoires d'analises").chosen is None


@pytest.mark.model
@pytest.mark.parametrize("text", ["", "😀", "%", "'; --", "\x00"])
def test_text_when_it_has_no_word_then_nothing_is_near(built, text):
    assert keys(text) == []


@pytest.mark.model
def test_row_is_shown_as_the_database_has_it(built):
    RomeTitle.objects.filter(ogr_code="1").update(withdrawn_on=LEFT)
    EscoOccupation.objects.all().delete()
    make_diploma(2, "BTS bioproduction")  # since the index was built
    found = {one.key: one for one in find_origins("remplissage machin conduct flaconnage").candidates}
    assert found["rome-title:1"].status == "withdrawn"
    assert not [key for key in found if key.startswith("esco")]
    RomeTitle.objects.filter(ogr_code="1").update(title="Boulanger", title_keys="boulanger")
    assert "rome-title:1" not in keys("remplissage machin conduct flaconnage")
    assert "diploma:FOR.2" in keys("BTS de bioproduction à Lyon")


@pytest.mark.model
def test_nearest_are_few_and_after_them_what_has_the_words(built):
    job = RomeTitle.objects.get(ogr_code="1").job
    for number in range(30):
        make_rome_title(f"9{number}", f"Conducteur / Conductrice de remplissage {number}", job)
    call_command("build_title_index", stdout=_Silent())
    found = find_origins("conduction rempli")
    assert len([one for one in found.candidates if not one.likeness]) <= MOST_NEAREST


@pytest.mark.model
def test_without_the_index_of_this_model_words_alone_answer(built, settings):
    text = "remplisseurs flaconnage"
    assert keys(text)
    settings.EMBEDDING_PREFIX = "passage: "
    assert keys(text) == []
    assert "moins de mots" in answer_title(text).message
    call_command("build_title_index", stdout=_Silent())
    assert keys(text)
    settings.EMBEDDING_MODEL = ""
    assert keys(text) == []


@pytest.mark.model
def test_index_when_it_is_right_then_is_left_alone(built, capsys):
    call_command("build_title_index")
    assert "est à jour : rien à faire" in capsys.readouterr().out


@pytest.mark.model
def test_build_when_there_is_no_title_then_says_so(real_model, scikit_learn):
    with pytest.raises(CommandError, match="aucun intitulé") as raised:
        call_command("build_title_index")
    assert raised.value.returncode == 2


def test_build_when_there_is_no_model_then_says_so(rows):
    with pytest.raises(CommandError, match="EMBEDDING_MODEL") as raised:
        call_command("build_title_index")
    assert raised.value.returncode == 2
    assert store().folder.exists() is False


def test_model_when_it_does_not_load_then_words_alone_answer(rows, settings, tmp_path):
    settings.EMBEDDING_MODEL = str(tmp_path)
    assert keys("technicienne de laboratoire") == ["rome-title:2"]
    assert keys("conductrice de flacons") == []


class _Silent:
    def write(self, text: str) -> None:
        pass
