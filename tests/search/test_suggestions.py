"""What is suggested to somebody who types, from real objects, with each engine."""

import datetime as dt
import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from search import suggestions as suggesting
from search.engines import engine
from search.errors import EngineTimeout
from search.request import PUBLIC_KINDS, Kind
from search.suggestions import suggestions
from skills.models import LabelKind
from tests.search.factories import acronyms, make_offer, make_skill, make_training

pytestmark = pytest.mark.django_db


def titles(text: str, kind: Kind = Kind.TRAININGS, language: str = "fr", limit: int = 10) -> list[str]:
    return [one.title(language) for one in suggestions(text, [kind], limit, language)]


@pytest.fixture
def skills(each_engine, rebuild):
    make_skill("tff", "Conduire une filtration tangentielle", "Run a tangential flow", acronyms("TFF"))
    make_skill("virus", "Valider une filtration virale", "Validate viral filtration")
    make_skill(
        "bio", "Conduire un bioréacteur", "Operate a bioreactor", {"fermenteur": LabelKind.ALTERNATIVE}
    )
    rebuild()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("TFF", ["tff"]),
        ("tf", ["tff"]),
        ("bioreac", ["bio"]),
        ("bioréacteur condu", ["bio"]),
        ("ferment", ["bio"]),
        ("operate a bio", ["bio"]),
        ("filtration", ["virus", "tff"]),
        ("conduire une filtration", ["tff"]),
        ("conduire virale", []),
        ("f", []),
    ],
)
def test_skills_are_suggested_by_any_of_their_names(skills, text, codes):
    assert [one.code for one in suggestions(text, [Kind.SKILLS], 10, "fr")] == codes


def test_titles_and_pages_are_those_of_the_language(skills):
    (french,) = suggestions("tff", [Kind.SKILLS], 1, "fr")
    (english,) = suggestions("tff", [Kind.SKILLS], 1, "en")
    assert (french.title("fr"), french.url) == ("Conduire une filtration tangentielle", "/competences/tff/")
    assert (english.title("en"), english.url) == ("Run a tangential flow", "/en/skills/tff/")


def test_trainings_that_have_all_ended_and_drafts_are_left_out(each_engine, rebuild):
    make_training("open", "Chromatographie")
    make_offer(make_training("ended", "Chromatographie d'hier"), starts=-40, ends=-30)
    make_offer(make_training("coming", "Chromatographie de demain"), starts=20)
    make_training("draft", "Chromatographie en projet", live=False)
    rebuild()
    assert titles("chromato") == ["Chromatographie", "Chromatographie de demain"]


def test_they_end_by_themselves_when_the_day_comes(each_engine, rebuild, monkeypatch):
    make_offer(make_training("a", "Chromatographie"), starts=5, ends=10)
    rebuild()
    assert titles("chromato") == ["Chromatographie"]
    today = suggesting.timezone.localdate()
    monkeypatch.setattr(suggesting.timezone, "localdate", lambda: today + dt.timedelta(days=11))
    assert titles("chromato") == []


def test_a_few_of_each_kind_in_the_order_of_kinds(each_engine, rebuild):
    for number in range(4):
        make_training(f"t-{number}", f"Culture {number}")
        make_skill(f"s-{number}", f"Culture {number}", "Culture")
    rebuild()
    found = suggestions("cult", [Kind.SKILLS, Kind.TRAININGS], 2, "fr")
    assert [one.kind for one in found] == [Kind.SKILLS] * 2 + [Kind.TRAININGS] * 2


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800a", "a" * 100_000, "?*:", "<script>"])
def test_bad_input_suggests_nothing(each_engine, rebuild, text):
    rebuild()
    assert suggestions(text, PUBLIC_KINDS, 4, "fr") == []


@pytest.mark.parametrize("limit", [0, -1, 1_000_000])
def test_neither_does_a_number_out_of_bounds(skills, limit):
    assert suggestions("tff", [Kind.SKILLS], limit, "fr") == []


def test_the_standby_index_suggests_then_nobody(distant, rebuild):
    make_training("a", "Chromatographie")
    call_command("search_index", "rebuild", engine="embedded", verbosity=0)
    rebuild()
    distant.error = EngineTimeout("muet")
    before = distant.calls
    assert titles("chromato") == ["Chromatographie"]
    assert distant.calls - before == 1
    shutil.rmtree(engine("embedded").folder)
    assert titles("chromato") == []


def test_without_any_index_nothing_is_suggested():
    assert titles("chromato") == []


def test_no_question_is_put_to_the_database(skills, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert suggestions("filtr", PUBLIC_KINDS, 4, "fr")


# --- On the command line


def run(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("search", *arguments, "--suggest", "--json", stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_line_of_suggestions(skills):
    make_training("a", "Filtration")
    (line,) = run("filtration", "--in", "skills", "--limit", "1")
    assert line == {
        "id": None,
        "suggestions": [
            {
                "code": "virus",
                "label_fr": "Valider une filtration virale",
                "label_en": "Validate viral filtration",
                "url": "/competences/virus/",
            }
        ],
    }
    (line,) = run("introuvable", "--in", "trainings")
    assert line == {"id": None, "suggestions": []}


def test_table_and_batch_of_suggestions(skills, tmp_path):
    out = io.StringIO()
    call_command("search", "filtration", "--suggest", "--in", "skills", "--lang", "en", stdout=out)
    assert out.getvalue().splitlines() == ["virus  Validate viral filtration", "tff    Run a tangential flow"]
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 1, "text": "tff"}\n{"id": 2, "text": "zz"}\n', encoding="utf-8")
    lines = run("--batch", str(questions), "--in", "skills")
    assert [(line["id"], len(line["suggestions"])) for line in lines] == [(1, 1), (2, 0)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--all",),
        ("--offset", "3"),
        ("--sort", "date"),
        ("--mode", "lexical"),
        ("--region", "84"),
        ("--place", "Lyon"),
    ],
)
def test_suggestions_take_neither_filter_nor_order(db, arguments):
    with pytest.raises(CommandError, match="--suggest se donne avec") as caught:
        run("a", "--in", "trainings", *arguments)
    assert caught.value.returncode == 2


def test_a_named_engine_without_an_index_says_what_to_do(db):
    with pytest.raises(CommandError, match="search_index rebuild"):
        run("chromatographie", "--engine", "embedded")
