"""What becomes of gates when the authorisation that they name is retired."""

import pytest

from jobs.models import JobGate, JobProfilePage
from skills.models import Skill, SkillKind
from skills.retirement import follow_retired, retire, use_counts
from tests.jobs.factories import make_job_indexes, make_job_page, make_skills

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    make_skills("old", "new")
    Skill.objects.update(kind=SkillKind.AUTHORISATION)
    return make_job_page(make_job_indexes()["fr"], "a-job")


def skill(code):
    return Skill.objects.get(code=code)


def gate(label, code=""):
    return JobGate(kind="authorisation", label_fr=label, label_en=label, skill=skill(code) if code else None)


def publish(page, *gates):
    for position, row in enumerate(gates):
        row.sort_order = position  # as forms and files do: without it, PostgreSQL gives rows in any order
    page.gates = gates
    page.save_revision().publish()


def named(page):
    """The gates of the page online, then of its latest revision."""
    page = JobProfilePage.objects.get(pk=page.pk)
    return [
        [(row.label_fr, row.skill and row.skill.code) for row in each.gates.all()]
        for each in (page, page.latest_revision.as_object())
    ]


def test_a_gate_follows_and_one_without_skill_stays_as_it_is(page):
    publish(page, gate("CACES", "old"), gate("Aptitude"))

    moved = retire(skill("old"), skill("new"))

    assert [str(one) for one in moved] == ["condition de métier a-job : old → new"]
    assert named(page) == [[("CACES", "new"), ("Aptitude", None)]] * 2
    assert follow_retired() == []


def test_two_gates_that_come_to_name_one_skill_stay_two(page):
    publish(page, gate("CACES 1", "old"), gate("CACES 3", "new"), gate("Aptitude"))

    retire(skill("old"), skill("new"))

    assert named(page) == [[("CACES 1", "new"), ("CACES 3", "new"), ("Aptitude", None)]] * 2


def test_a_draft_from_before_gates_named_skills_is_read(page):
    publish(page, gate("CACES", "old"))
    revision = page.latest_revision
    del revision.content["gates"][0]["skill"]
    revision.save()

    retire(skill("old"), skill("new"))

    assert named(page) == [[("CACES", "new")], [("CACES", None)]]


def test_uses_tell_conditions_from_requirements(page):
    publish(page, gate("CACES", "old"), gate("CACES 3", "old"), gate("Aptitude"))

    assert use_counts([skill("old").pk]) == {skill("old").pk: {"condition de métier": 1}}
