"""Cases: what passes, what does not and why, the command that runs them, and the files that they may join."""

import json

import pytest
from django.core.management import CommandError, call_command

from matching.evaluation.annotated_set import read_annotations, read_texts
from matching.evaluation.cases import Case, Expectation, Problem, Wrong, annotated, problems_of
from matching.models import MatchCase, MatchCaseSkill, Stance
from matching.referential import load_referential
from matching.stored_cases import stored_cases
from skills.models import Skill, SkillStatus
from tests.matching.factories import load_part_of_referential

TEXT = "Je remplis les dossiers de lot. Jamais de HPLC."


def case(*expected: tuple, text: str = TEXT) -> Case:
    return Case("cas-1", "fr", text, tuple(Expectation(*one) for one in expected))


@pytest.mark.parametrize(
    ("expected", "held", "problems"),
    [
        (("gmp", "held", 2), {"gmp": 2, "sampling": 3}, ()),
        (("gmp", "held", 2), {}, (Problem("gmp", Wrong.MISSED, 2),)),
        (("gmp", "held", 3), {"gmp": 2}, (Problem("gmp", Wrong.LEVEL, 3, 2),)),
        (("gmp", "absent"), {}, ()),
        (("gmp", "absent"), {"gmp": 1}, (Problem("gmp", Wrong.FOUND, None, 1),)),
        (("gmp", "denied"), {"gmp": 1}, (Problem("gmp", Wrong.FOUND, None, 1),)),
        (("gmp", "wished"), {"sampling": 1}, ()),
    ],
)
def test_a_case_passes_when_all_is_found_as_it_says(expected, held, problems):
    assert problems_of(case(expected), held) == problems


@pytest.mark.parametrize(
    ("stances", "kind"),
    [
        (["held"], "plain"),
        (["held", "absent"], "plain"),
        (["held", "denied"], "denial"),
        (["held", "wished"], "wish"),
        (["absent"], "no_answer"),
        ([], "no_answer"),
    ],
)
def test_the_nature_of_a_case_is_told_by_its_stances(stances, kind):
    assert case(*[(f"skill-{number}", one, 2) for number, one in enumerate(stances)]).kind == kind


def test_a_line_is_read_as_a_text_and_as_an_annotation(tmp_path):
    line = annotated(
        case(
            ("batch-documentation", "held", 2, "remplis les dossiers de lot"),
            ("gmp", "held", 1),
            ("hplc-analysis", "denied", None, "Jamais de HPLC"),
            ("sampling", "absent"),
        )
    )
    path = tmp_path / "cas.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    problems: list[str] = []
    texts = read_texts(path, problems)
    found = read_annotations(path, texts, problems)
    assert problems == []
    assert texts["cas-1"].text == TEXT
    assert {code: one.level for code, one in found["cas-1"].held.items()} == {
        "batch-documentation": 2,
        "gmp": 1,
    }
    assert found["cas-1"].set_aside == {"hplc-analysis": "denied"}
    assert line["absent"] == ["sampling"]


# --- Of the database


@pytest.fixture
def skills(db) -> dict[str, Skill]:
    load_part_of_referential("batch-documentation", "bioreactor-operation", "hplc-analysis", "sampling")
    return {skill.code: skill for skill in Skill.objects.all()}


def store(skills, *expected: tuple[str, str, int | None], text: str = TEXT) -> MatchCase:
    stored = MatchCase.objects.create(text=text, language="fr", names_nobody=True)
    for code, stance, level in expected:
        MatchCaseSkill.objects.create(case=stored, skill=skills[code], stance=stance, level=level)
    return stored


def run(*arguments: str) -> int:
    try:
        call_command("match_cases", *arguments)
    except SystemExit as stopped:
        return int(stopped.code)
    return 0


@pytest.fixture
def both(skills) -> tuple[MatchCase, MatchCase]:
    """One that passes and one that does not, for two reasons."""
    right = store(skills, ("batch-documentation", "held", 2), ("hplc-analysis", "denied", None))
    wrong = store(skills, ("batch-documentation", "held", 4), ("sampling", "held", 2))
    return right, wrong


def test_without_cases_nothing_is_wrong(db, capsys):
    assert run() == 0
    assert "Aucun cas" in capsys.readouterr().out


def test_when_all_pass_then_the_status_says_so(skills, capsys):
    store(skills, ("batch-documentation", "held", 2), ("hplc-analysis", "absent", None))
    assert run() == 0
    assert "1 cas sur 1 réussi" in capsys.readouterr().out


def test_when_one_fails_then_the_table_says_why(both, capsys):
    assert run() == 1
    shown = capsys.readouterr()
    assert "1 cas sur 2 réussi." in shown.out
    assert "« Renseigner le dossier de lot » est trouvée au niveau 2 au lieu de 4" in shown.out
    assert "n'est pas trouvée" in shown.out
    assert shown.err.count("modèle") == 1, "without a model, which is said once"


def test_json_tells_machines(both, capsys):
    right, wrong = both
    assert run("--json") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"id": str(right), "lang": "fr", "passed": True, "problems": []},
        {
            "id": str(wrong),
            "lang": "fr",
            "passed": False,
            "problems": [
                {"skill": "batch-documentation", "what": "level", "expected": 4, "found": 2},
                {"skill": "sampling", "what": "missed", "expected": 2, "found": None},
            ],
        },
    ]


def test_export_writes_every_case(both, tmp_path, capsys):
    path = tmp_path / "cas.jsonl"
    assert run("--export", str(path), "--json") == 1
    problems: list[str] = []
    texts = read_texts(path, problems)
    annotations = read_annotations(path, texts, problems)
    assert problems == []
    assert list(texts) == list(annotations) == [str(one) for one in both]
    assert "2 cas écrits" in capsys.readouterr().err


def test_export_to_nowhere_is_refused(both):
    with pytest.raises(CommandError) as raised:
        call_command("match_cases", "--export", "/nulle/part.jsonl")
    assert raised.value.returncode == 2


def test_a_retired_skill_stands_for_the_one_that_replaced_it(skills):
    store(skills, ("hplc-analysis", "held", 2), ("batch-documentation", "held", 2))
    kept = skills["batch-documentation"]
    Skill.objects.filter(code="hplc-analysis").update(status=SkillStatus.DEPRECATED, replaced_by=kept)
    (found,) = stored_cases(load_referential())
    assert [one.skill for one in found.expected] == ["batch-documentation"]


def test_more_cases_cost_no_more_queries(skills, django_assert_num_queries):
    referential = load_referential()
    for _number in range(6):
        store(skills, ("batch-documentation", "held", 2), ("sampling", "absent", None))
    with django_assert_num_queries(2):
        assert len(stored_cases(referential)) == 6


def test_only_a_skill_that_is_shown_has_a_level(skills):
    row = MatchCaseSkill(skill=skills["sampling"], stance=Stance.ABSENT, level=3)
    row.clean()
    assert row.level is None
