"""The directions of a match, each on a real database and a real index of each engine."""

import json

import pytest
from django.core.management import CommandError, call_command

from jobs.models import EmployerNeed, JobNeighbour, NeedRequirement
from matching.catalogue.needs import load_need
from matching.directions.person_to_jobs import match_person
from matching.directions.person_to_trainings import trainings_for_person
from matching.directions.requirements_to_trainings import programmes_for_requirements
from matching.directions.skill_to_uses import uses_of_skill
from matching.directions.skills_to_jobs import jobs_beside, jobs_prepared_by
from matching.errors import UnknownJob, UnknownNeed, UnknownSkill, UnknownTraining
from matching.scoring import Held, Requirement, State
from people.models import Organisation, OrganisationKind
from skills.models import Skill
from tests.matching.factories import in_days, make_job, make_training, rebuild_index
from tests.matching.test_match import catalogue  # noqa: F401 - fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]

HELD = (Held("bioreactor-operation", 2), Held("batch-documentation", 2))


@pytest.fixture
def wider(catalogue):  # noqa: F811
    """One more job next to « upstream », and the narrower skill of another."""
    near = make_job("harvest", ("batch-documentation", 2, "essential"), ("sampling", 2, "useful"))
    upstream = type(near).objects.get(code="upstream")
    JobNeighbour.objects.create(page=upstream, neighbour=type(near).objects.get(code="control"))
    narrow, wide = (Skill.objects.get(code=code) for code in ("aseptic-connections", "gmp"))
    Skill.broader.through.objects.create(from_skill=narrow, to_skill=wide)
    make_training("aseptic", ("aseptic-connections", 2))
    rebuild_index()


@pytest.fixture
def need(wider):
    employer = Organisation.objects.create(name="Site d'essai", kind=OrganisationKind.CDMO)
    need = EmployerNeed.objects.create(
        code="besoin-essai", organisation=employer, title="Deux postes", live=True
    )
    for code, level in (("bioreactor-operation", 3), ("gmp", 2)):
        NeedRequirement.objects.create(need=need, skill=Skill.objects.get(code=code), level=level)
    return need


# --- Person and job → trainings
def test_trainings_for_a_person_when_they_add_nothing_then_are_not_listed(wider):
    found = trainings_for_person(HELD, "upstream")
    assert found.improvements[0].training == "far"
    before = found.scored.value
    assert all(one.before == before < one.after for one in found.improvements)
    assert found.improvements[0].covers == ("bioreactor-operation", "aseptic-connections")
    full = [*HELD, Held("bioreactor-operation", 4), Held("aseptic-connections", 4)]
    assert trainings_for_person(full, "upstream").improvements == ()


def test_trainings_for_a_person_when_the_job_is_unknown_then_says_so(wider):
    with pytest.raises(UnknownJob, match="catalogue jobs"):
        trainings_for_person(HELD, "nowhere")


# --- Training → jobs, job → jobs
def test_jobs_when_a_training_prepares_for_them_then_say_what_is_covered_and_missing(wider):
    found = jobs_prepared_by("far")
    first = found.jobs[0]
    assert first.job.code == "upstream"
    assert [one.skill for one in first.with_state(State.COVERED)] == [
        "bioreactor-operation",
        "aseptic-connections",
    ]
    assert [one.skill for one in first.with_state(State.MISSING)] == ["batch-documentation"]
    assert first.coverage == pytest.approx(4 / 7, abs=1e-4)
    with pytest.raises(UnknownTraining):
        jobs_prepared_by("nowhere")
    with pytest.raises(UnknownTraining):
        jobs_prepared_by("draft")


def test_jobs_beside_when_asked_then_the_job_itself_is_not_there_and_editors_are_heard(wider):
    found = jobs_beside("upstream")
    assert [one.job.code for one in found.jobs] == ["harvest", "control"]
    assert [one.is_neighbour for one in found.jobs] == [False, True]
    assert found.jobs[0].coverage == 0.75


# --- Skill → jobs and trainings
def test_uses_of_a_skill_when_a_narrower_one_is_asked_or_brought_then_it_counts(wider):
    uses = uses_of_skill("gmp")
    assert {one.job.code: one.requirement.skill for one in uses.jobs} == {
        "control": "gmp",
        "upstream": "aseptic-connections",
    }
    assert {(one.training.code, one.skill, one.level) for one in uses.trainings} >= {
        ("aseptic", "aseptic-connections", 2),
        ("far", "aseptic-connections", 2),
    }
    with pytest.raises(UnknownSkill):
        uses_of_skill("nowhere")


# --- Need → trainings
def test_need_when_a_training_brings_a_narrower_skill_then_is_proposed(need):
    asked = load_need("besoin-essai")
    assert asked.requirements == (Requirement("bioreactor-operation", 3), Requirement("gmp", 2))
    found = {one.training: one.coverage for one in programmes_for_requirements(asked.requirements).matches}
    assert found["far"] == 1.0
    assert found["aseptic"] == 0.5


def test_need_when_closed_or_unknown_then_is_refused(need):
    EmployerNeed.objects.update(closes_on=in_days(-1))
    with pytest.raises(UnknownNeed, match="clos"):
        load_need("besoin-essai")


# --- What would change it
def test_skills_that_would_help_when_listed_then_follow_the_formula(wider):
    job = next(one for one in match_person(HELD).jobs if one.code == "upstream")
    gains = {one.skill: (one.level, one.before, one.after) for one in job.improve_skills}
    assert gains["bioreactor-operation"] == (3, job.score, pytest.approx(job.score + 3 / 7 / 3, abs=1e-4))
    assert [one.after for one in job.improve_skills] == sorted(
        (one.after for one in job.improve_skills), reverse=True
    )


# --- Commands
@pytest.mark.parametrize(
    ("arguments", "key", "codes"),
    [
        (("jobs_for", "--training", "far", "--limit", "1"), "jobs", ["upstream"]),
        (("jobs_for", "--job", "upstream"), "jobs", ["harvest", "control"]),
        (("jobs_for", "--skill", "sampling"), "jobs", ["harvest"]),
        (("trainings_for", "--skill", "gmp", "--limit", "2"), "trainings", ["aseptic", "far"]),
        (("trainings_for", "--need", "besoin-essai", "--limit", "1"), "trainings", ["far"]),
        (
            (
                "trainings_for",
                "--job",
                "upstream",
                "--place",
                "Toulouse",
                "--within-km",
                "10",
                "--limit",
                "1",
            ),
            "trainings",
            ["far"],
        ),
    ],
)
def test_command_when_asked_for_json_then_one_line_answers(need, capsys, arguments, key, codes):
    call_command(*arguments, "--json")
    (line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(line)
    assert list(answer)[:2] == ["asked", "abstained"]
    assert [one["code" if key == "jobs" else "training"] for one in answer[key]] == codes
    call_command(*arguments)
    assert codes[0] in capsys.readouterr().out


def test_trainings_for_a_person_when_given_a_text_then_the_gap_counts(need, capsys, tmp_path):
    path = tmp_path / "texte.txt"
    path.write_text("Conduite de bioréacteurs, notions.", encoding="utf-8")
    call_command("trainings_for", "--job", "upstream", "--person", str(path), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["score"] == pytest.approx(3 / 7 / 3, abs=1e-4)
    assert answer["trainings"][0]["training"] == "far"
    assert answer["gates"][0]["state"] == "to-obtain"


@pytest.mark.parametrize(
    "arguments",
    [
        ("jobs_for", "--training", "nowhere"),
        ("jobs_for", "--skill", "nowhere"),
        ("trainings_for", "--need", "nowhere"),
        ("trainings_for", "--skill", "gmp", "--person", "-"),
        ("trainings_for", "--job", "upstream", "--within-km", "5"),
        ("jobs_for", "--job", "upstream", "--limit", "0"),
    ],
)
def test_command_when_it_cannot_be_served_then_exits_with_two(need, arguments):
    with pytest.raises(CommandError) as refused:
        call_command(*arguments)
    assert refused.value.returncode == 2
