"""Gates that name an authorisation: met by what the person says, never part of the score."""

import pytest
from django.core.management import call_command

from matching.directions.person_to_jobs import match_person
from matching.reading.extraction import extract_skills
from matching.scoring import Held
from skills.models import Domain, Skill, SkillKind, SkillLabel
from skills.text import text_key
from tests.matching.factories import load_part_of_referential, make_job, rebuild_index

pytestmark = pytest.mark.django_db

SAYS_IT = "Je conduis des bioréacteurs. J'ai le CACES R489."
SAYS_NOTHING = "Je conduis des bioréacteurs."


def make_authorisation(code: str, label: str) -> Skill:
    skill = Skill.objects.create(
        code=code,
        domain=Domain.objects.get(),
        kind=SkillKind.AUTHORISATION,
        label_fr=label,
        label_en=label,
    )
    SkillLabel.objects.create(
        skill=skill, kind="alternative", language="fr", text=f"le {label}", key=text_key(label)
    )
    return skill


@pytest.fixture
def licence(own_index_folder):
    load_part_of_referential("bioreactor-operation", "batch-documentation")
    licence = make_authorisation("forklift-licence", "CACES R489")
    make_job(
        "warehouse",
        ("bioreactor-operation", 2, "essential"),
        ("batch-documentation", 2, "useful"),
        gate="Conduite de chariots",
        gate_skill="forklift-licence",
    )
    rebuild_index()
    return licence


def states(match):
    return [gate.state.value for job in match.jobs for gate in job.gates]


def test_gate_when_the_text_gives_its_authorisation_then_is_met_and_scores_nothing(licence):
    without, said = (match_person(extract_skills(text).held) for text in (SAYS_NOTHING, SAYS_IT))
    assert states(without) == ["to-obtain"]
    assert states(said) == ["met"]
    assert said.jobs[0].score == without.jobs[0].score
    assert said.jobs[0].as_dict()["gates"] == [
        {
            "kind": "medical-fitness",
            "label": "Conduite de chariots",
            "how": "Une visite.",
            "skill": "forklift-licence",
            "state": "met",
        }
    ]


@pytest.mark.parametrize(
    "text", ["Je conduis des bioréacteurs, jamais le CACES R489.", "Je n'ai pas le CACES R489."]
)
def test_gate_when_the_text_denies_it_then_is_to_obtain(licence, text):
    held = (*extract_skills(text).held, Held("bioreactor-operation", 2))
    assert states(match_person(held)) == ["to-obtain"]


def test_gate_when_a_narrower_authorisation_is_said_then_is_met_and_a_broader_one_is_not_enough(licence):
    narrow, wide = (make_authorisation(code, code) for code in ("category-3", "any-vehicle"))
    narrow.broader.set([licence])
    narrow.save()
    licence.broader.set([wide])
    licence.save()
    bioreactor = Held("bioreactor-operation", 2)
    assert states(match_person([bioreactor, Held("category-3", 2)])) == ["met"]
    assert states(match_person([bioreactor, Held("any-vehicle", 2)])) == ["to-obtain"]


def test_gate_when_only_a_title_brings_the_authorisation_then_is_to_obtain(licence):
    match = match_person([Held("bioreactor-operation", 2)], brought=[Held("forklift-licence", 2)])
    assert states(match) == ["to-obtain"]


def test_job_when_only_its_gate_is_said_then_is_no_answer(licence):
    assert match_person([Held("forklift-licence", 2)]).abstained


def test_match_when_read_by_a_person_then_says_which_gates_are_met(licence, tmp_path, capsys):
    path = tmp_path / "texte.txt"
    for text, words in ((SAYS_IT, "✓ Vous l'avez dit"), (SAYS_NOTHING, "! À obtenir")):
        path.write_text(text, "utf-8")
        call_command("match", str(path))
        assert f"{words} : Conduite de chariots" in capsys.readouterr().out
