"""`brings` on the command line, and `match --from`."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from matching.origins.titles import MOST_CANDIDATES
from skills.models import RomeJob, Skill, SkillMapping
from tests.matching.origins.factories import (
    make_diploma,
    make_diploma_training,
    make_rome_job,
    make_rome_title,
)
from tests.matching.test_match import catalogue  # noqa: F401 - fixture

pytestmark = pytest.mark.django_db

STEP_KEYS = ["kind", "code", "label", "relation", "source", "status"]


@pytest.fixture
def titles(catalogue):  # noqa: F811
    """Three titles: an analyst, who brings HPLC, and two lawyers, who bring nothing."""
    SkillMapping.objects.create(
        skill=Skill.objects.get(code="hplc-analysis"), scheme="rome", code="1001", match="close"
    )
    job = make_rome_job("H1503", "Technicien / Technicienne de laboratoire", ("1001", "Principale"))
    make_rome_title("19789", "Technicien / Technicienne de laboratoire d'analyse industrielle", job)
    lawyer = make_rome_job("K1903", "Juriste", ("9", "Principale"))
    make_rome_title("11469", "Avocat / Avocate fiscaliste", lawyer)
    make_rome_title("11470", "Avocat / Avocate pénaliste", lawyer)


@pytest.fixture
def run(titles, capsys):
    def call(*arguments: str) -> list[dict]:
        call_command(*arguments)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


def give(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_brings_when_asked_for_json_then_has_the_keys_of_the_documentation(run):
    (answer,) = run("brings", "technicienne de laboratoire d'analyse industrielle", "--json")
    assert list(answer) == ["id", "abstained", "origin", "candidates", "skills", "to_check"]
    assert (answer["id"], answer["abstained"]) == (None, False)
    assert answer["origin"] == {
        "kind": "rome-title",
        "code": "19789",
        "title": "Technicien / Technicienne de laboratoire d'analyse industrielle",
        "status": "current",
        "source": "rome",
    }
    (skill,) = answer["skills"]
    assert list(skill) == ["code", "label_fr", "label_en", "level", "reason", "strength", "paths"]
    assert (skill["code"], skill["level"], skill["strength"]) == ("hplc-analysis", 2, "strong")
    assert [list(step) for step in skill["paths"][0]] == [STEP_KEYS] * 4


def test_brings_when_the_title_is_ambiguous_then_lists_and_abstains(run):
    (answer,) = run("brings", "avocat", "--json")
    assert (answer["abstained"], answer["origin"], answer["skills"]) == (True, None, [])
    assert [one["code"] for one in answer["candidates"]] == ["11469", "11470"]


def test_brings_when_there_are_more_candidates_than_shown_then_says_so(titles, capsys):
    call_command("brings", "avocat")
    assert "20 premiers" not in capsys.readouterr().err
    for number in range(MOST_CANDIDATES):
        make_rome_title(f"9{number}", f"Avocat / Avocate numéro {number}", RomeJob.objects.get(code="K1903"))
    call_command("brings", "avocat")
    assert f"Seuls les {MOST_CANDIDATES} premiers sont montrés : précisez." in capsys.readouterr().err
    call_command("brings", "avocat", "--lang", "en", "--json")
    assert "Only the first 20 are shown" in capsys.readouterr().err
    with pytest.raises(CommandError, match="20 premiers"):
        call_command("match", "--from", "avocat", "-")


def test_brings_when_one_title_only_comes_near_then_does_not_say_several(titles, capsys):
    call_command("brings", "fiscaliste")
    assert "Un seul intitulé s'en approche" in capsys.readouterr().err


def test_brings_when_no_mapping_leads_to_ours_then_abstains(run, capsys):
    (answer,) = run("brings", "11469", "--json")
    assert (answer["abstained"], answer["origin"]["code"], answer["skills"], answer["to_check"]) == (
        True, "11469", [], [],
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["esco", "diploma", "certification"])
def test_brings_when_a_kind_is_asked_for_then_looks_there_only(run, kind):
    (answer,) = run("brings", "avocat", "--kind", kind, "--json")
    assert answer["candidates"] == []


def test_brings_batch_answers_every_line_in_order(run, tmp_path, capsys):
    lines = [
        json.dumps({"id": "a", "text": "H1503"}),
        "pas du JSON",
        json.dumps({"id": 3, "text": "Z9999"}),
        json.dumps({"id": "d", "text": "avocat"}),
    ]
    path = tmp_path / "lot.jsonl"
    path.write_text("\n".join(lines))
    with pytest.raises(SystemExit) as stopped:
        run("brings", "--batch", str(path))
    assert stopped.value.code == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, 3, "d"]
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert answers[0]["skills"][0]["code"] == "hplc-analysis"


def test_brings_when_read_by_a_person_then_shows_the_path_and_the_source(titles, capsys):
    call_command("brings", "19789")
    shown = capsys.readouterr().out
    assert "Analyser par HPLC  Application (2) : c'est au cœur du métier ; lien direct" in shown
    assert "au cœur du métier Compétence ROME 1001 « Compétence 1001 »" in shown
    assert "France Travail – ROME" in shown
    call_command("brings", "avocat", "--lang", "en")
    shown = capsys.readouterr()
    assert "Titles that come near:" in shown.out
    assert "Several titles fit" in shown.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["brings"], "intitulé"),
        (["brings", "H1503", "--batch", "x"], "intitulé"),
        (["brings", "Z9999"], "Z9999"),
        (["brings", "--batch", "/nulle/part"], "/nulle/part"),
        (["match", "--from", "avocat", "-"], "Plusieurs intitulés"),
        (["match", "--from", "Z9999", "-"], "Z9999"),
        (["match", "--from", "zzzz", "-"], "moins de mots"),
    ],
)
def test_command_when_the_question_is_wrong_then_says_what(run, monkeypatch, arguments, message):
    give(monkeypatch, "HPLC")
    with pytest.raises(CommandError, match=message) as raised:
        run(*arguments)
    assert raised.value.returncode == 2


def test_match_when_a_title_is_given_then_its_skills_are_added(run, monkeypatch):
    give(monkeypatch, "")
    (answer,) = run("match", "--from", "19789", "-", "--json")
    assert list(answer) == ["id", "abstained", "skills", "jobs", "versions"]
    (skill,) = answer["skills"]
    assert (skill["code"], skill["level"], skill["found_by"], skill["start"], skill["end"]) == (
        "hplc-analysis", 2, "origin", None, None,
    )  # fmt: skip
    assert skill["quote"] == "Technicien / Technicienne de laboratoire d'analyse industrielle"
    reasons = [one["reason"] for job in answer["jobs"] for one in job["requirements"] if one["covered_by"]]
    assert reasons
    assert all("Apportée par le métier « Technicien" in reason for reason in reasons)


def test_match_when_the_text_speaks_of_the_skill_then_the_text_wins(run, monkeypatch):
    give(monkeypatch, "Expert en HPLC.")
    (answer,) = run("match", "--from", "19789", "-", "--json")
    assert [(one["code"], one["level"], one["found_by"]) for one in answer["skills"]] == [
        ("hplc-analysis", 4, "acronym")
    ]
    assert not any("Apportée" in one["reason"] for job in answer["jobs"] for one in job["requirements"])


def test_match_when_the_text_denies_the_skill_then_a_title_does_not_bring_it_back(run, monkeypatch):
    give(monkeypatch, "Je n'ai jamais fait de HPLC.")
    (answer,) = run("match", "--from", "19789", "-", "--json")
    assert answer["skills"] == []


def test_match_when_several_titles_are_given_then_the_best_of_each_skill_counts(run, monkeypatch):
    diploma = make_diploma(12, "BTS métiers de la chimie")
    make_diploma_training("bts-chimie", Skill.objects.get(code="hplc-analysis"), level=3, diploma=diploma)
    give(monkeypatch, "")
    (answer,) = run("match", "--from", "19789", "--from", "FOR.12", "-", "--json")
    (skill,) = answer["skills"]
    assert (skill["level"], skill["quote"]) == (3, "BTS métiers de la chimie")
    reasons = " ".join(one["reason"] for job in answer["jobs"] for one in job["requirements"])
    assert "Apportée par le diplôme « BTS métiers de la chimie »." in reasons
