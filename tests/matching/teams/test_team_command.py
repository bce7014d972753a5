"""`manage.py team` on the command line."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.matching.factories import in_days

pytestmark = pytest.mark.django_db

MATRIX = (
    "personne;profil;bioreactor-operation;batch-documentation\n"
    "P-1;operator;1;2\n"
    f"P-2;operator;;2@{in_days(60)}\n"
)


@pytest.fixture
def files(catalogue, tmp_path):
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return {
        "MATRIX": write("equipe.csv", MATRIX),
        "BAD": write("mauvaise.csv", MATRIX + "Marie Dupont;operator;2;2\nP-4;operator;9;\n"),
        "NOBODY": write("personne.csv", "personne;gmp\n"),
        "NEEDS": write("besoins.csv", "profil;effectif;equipe_min\noperator;2;1\n"),
    }


@pytest.fixture
def run(files, capsys):
    def call(*arguments: str):
        try:
            call_command("team", *[files.get(one, one) for one in arguments])
            status = 0
        except SystemExit as stopped:
            status = stopped.code
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return call


def test_team_when_asked_for_json_then_is_one_line(site, run):
    status, out, err = run("MATRIX", "--profile", "operator=2", "--away", "2", "--budget", "2500", "--json")
    (line,) = out.splitlines()
    answer = json.loads(line)
    assert (status, err) == (0, "")
    assert answer["plan"]["cost_eur"] == 2041
    assert answer["errors"] == []


def test_team_when_needs_are_a_file_then_their_minimum_counts(site, run):
    _, out, _ = run("MATRIX", "--needs", "NEEDS", "--json")
    (profile,) = json.loads(out)["profiles"]
    assert (profile["posts"], profile["team_min"]) == (2, 1)


def test_team_when_some_lines_are_bad_then_answers_the_rest_and_exits_with_one(site, run):
    status, out, err = run("BAD", "--profile", "operator=3", "--json")
    answer = json.loads(out)
    assert status == 1
    assert [(one["line"], one["column"]) for one in answer["errors"]] == [
        (4, "personne"),
        (5, "bioreactor-operation"),
    ]
    assert [one["person"] for one in answer["people"]] == ["P-1", "P-2", "P-4"]
    assert "mauvaise.csv, ligne 5" in err
    assert "Dupont" not in out + err


def test_team_when_read_by_people_then_is_told_in_both_languages(site, run):
    arguments = ("MATRIX", "--profile", "operator=3", "--away", "2", "--budget", "2500")
    status, french, _ = run(*arguments)
    assert status == 0
    cost = "2 × 900\u00a0€ = 1\u00a0800\u00a0€"
    for words in ("Équipe de 2 personnes", "Pourvus", "1 à recruter", "P-1, P-2", cost, "Aucune formation"):
        assert words in french
    _, english, _ = run(*arguments, "--lang", "en")
    for words in ("Team of 2 people", "Filled", "1 to recruit", "2 × €900 = €1,800", "No training"):
        assert words in english
    assert max(map(len, french.splitlines())) <= 140


def test_team_when_read_from_standard_input_then_answers(site, run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MATRIX.encode())))
    assert run("-", "--profile", "operator")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("/nulle/part.csv", "--profile", "operator"), "/nulle/part.csv"),
        (("NOBODY", "--profile", "operator"), "personne.csv"),
        (("MATRIX", "--profile", "operatr=2"), "operator"),
        (("MATRIX", "--needs", "MATRIX"), "effectif"),
        (("MATRIX", "--profile", "operator", "--budget", "-5"), "budget"),
        (("MATRIX", "--profile", "operator", "--within-km", "5"), "lieu"),
        (("MATRIX", "--profile", "operator", "--place", "Xyzville"), "Xyzville"),
        (("MATRIX", "--profile", "operator", "--from", "demain"), "AAAA-MM-JJ"),
    ],
)
def test_team_when_it_cannot_be_served_then_exits_with_two(run, arguments, words):
    with pytest.raises(CommandError, match=words) as raised:
        run(*arguments)
    assert raised.value.returncode in {1, 2}
