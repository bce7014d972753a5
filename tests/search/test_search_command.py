"""`manage.py search` for machines."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.search.factories import make_skill, make_training

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
