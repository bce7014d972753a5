"""`manage.py search` for machines."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.search.factories import make_offer, make_skill, make_training
from tests.search.many import make_many
from tests.skills.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("search", *arguments, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_line_has_the_documented_keys(rebuild):
    make_training("a", "Chromatographie")
    rebuild()
    (line,) = run("chromatographie", "--in", "trainings", "--json")
    assert list(line) == ["id", "abstained", "total", "mode", "results"]
    assert list(line["results"][0]) == [
        "code",
        "title_fr",
        "title_en",
        "score",
        "found_by",
        "url",
        "certification_alerts",
    ]
    assert line["mode"] == "lexical"


def test_skills_have_labels(rebuild):
    make_skill("s", "Cryoconservation", "Cryopreservation")
    rebuild()
    (line,) = run("cryoconservation", "--in", "skills", "--json")
    assert line["results"][0]["label_en"] == "Cryopreservation"


def test_batch_answers_every_line_in_order(rebuild, tmp_path):
    make_training("a", "Chromatographie")
    rebuild()
    questions = tmp_path / "questions.jsonl"
    questions.write_bytes(
        b'{"id": 7, "text": "chromatographie"}\n{broken\n\n{"id": "x", "text": "zzzz"}\n\xff\xfe\n'
    )
    with pytest.raises(SystemExit, match="1"):
        run("--batch", str(questions), "--in", "trainings")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "search", "--batch", str(questions), "--in", "trainings", stdout=out, stderr=io.StringIO()
        )
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["id"] for line in lines] == [7, None, "x", None]
    assert lines[0]["total"] == 1
    assert "ligne 2" in lines[1]["error"]
    assert lines[2]["abstained"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a", "--limit", "0"),
        ("a", "--limit", "5000"),
        ("a", "--region", "xx", "--in", "trainings"),
        ("a", "--sort", "price"),
        ("a", "--place", "Lyon"),
        ("a", "--in", "trainings", "--place", "Atlantide"),
        ("a", "--in", "trainings", "--place", "Lyon", "--within-km", "loin"),
        ("a", "--in", "trainings", "--place", "\udcff"),
        ("\udcff", "--in", "trainings"),
        ("a", "--region", "\udcff", "--in", "trainings"),
        ("--batch", "/no/file"),
    ],
)
def test_bad_arguments_are_clear_errors(rebuild, arguments):
    rebuild()
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
    assert str(caught.value)


def test_batch_line_that_cannot_be_written_back_is_an_error_of_its_own(rebuild, tmp_path):
    rebuild()
    questions = tmp_path / "questions.jsonl"
    lines = (
        '{"id": 1, "text": "\\ud800"}',
        '{"id": "\\ud800", "text": "a"}',
        '{"id": NaN, "text": "a"}',
        "[" * 100_000,
        '{"id": 5, "text": "a"}',
    )
    questions.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("search", "--batch", str(questions), stdout=out, stderr=io.StringIO())
    out.getvalue().encode()
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(answer["id"], "error" in answer) for answer in answers] == [
        (1, True),
        (None, True),
        (None, True),
        (None, True),
        (5, False),
    ]


def test_missing_index_says_what_to_do(db):
    with pytest.raises(CommandError, match="search_index rebuild"):
        run("chromatographie")


def test_a_value_that_no_database_can_hold_is_refused(rebuild):
    rebuild()
    with pytest.raises(CommandError, match="illisible"):
        run("chromatographie", "--in", "trainings", "--region", "\x00")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sort", "distance"), "--sort distance se donne avec --place"),
        (("--within-km", "20"), "--within-km se donne avec --place"),
        (("--all", "--limit", "5"), "--all se donne sans"),
        (("--all", "--offset", "5"), "--all se donne sans"),
        (("--all", "--sort", "date"), "--all se donne sans"),
    ],
)
def test_options_that_do_not_go_together_are_refused(db, arguments, words):
    with pytest.raises(CommandError, match=words) as caught:
        run("a", "--in", "trainings", *arguments)
    assert caught.value.returncode == 2


def test_place_and_order(rebuild):
    CommuneFactory(latitude=45.77, longitude=4.88)  # Villeurbanne
    make_offer(make_training("near", "Chromatographie"), latitude=45.76, longitude=4.83, price_eur=900)
    make_offer(make_training("nearest", "Chromatographie"), latitude=45.77, longitude=4.88, price_eur=950)
    make_offer(make_training("away", "Chromatographie"), latitude=45.19, longitude=5.72, price_eur=100)
    rebuild()

    def listed(*arguments: str) -> list[str]:
        (line,) = run("chromatographie", "--in", "trainings", "--json", *arguments)
        return [result["code"] for result in line["results"]]

    assert listed("--place", "Villeurbanne", "--sort", "distance") == ["nearest", "near"]
    assert listed("--place", "Villeurbanne", "--sort", "price") == ["near", "nearest"]
    assert listed("--place", "Villeurbanne", "--within-km", "200", "--sort", "price")[0] == "away"
    assert listed("--sort", "price") == ["away", "near", "nearest"]


def test_all_gives_every_result(rebuild, tmp_path):
    make_many(130)
    rebuild()
    (line,) = run("chromatographie", "--in", "trainings", "--all", "--json")
    assert line["total"] == len(line["results"]) == len({result["code"] for result in line["results"]}) == 130
    out = io.StringIO()
    call_command("search", "chromatographie", "--in", "trainings", "--all", stdout=out, stderr=io.StringIO())
    assert len(out.getvalue().splitlines()) == 131
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": 1, "text": "chromatographie"}\n{"id": 2, "text": "zzzz"}\n', encoding="utf-8"
    )
    lines = run("--batch", str(questions), "--in", "trainings", "--all")
    assert [len(line["results"]) for line in lines] == [130, 0]
