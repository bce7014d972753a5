"""What search knows of a job: its words, the jobs that people come from, the authorisations that it asks for."""

import pytest

from jobs.models import JobBridge, JobDiploma, JobGate
from search.documents import jobs as documents
from search.filters import parse_filters
from search.models import OutboxEntry
from search.request import Kind
from skills.models import Skill, SkillKind
from tests.jobs.factories import make_job_indexes, make_job_page, make_skills

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    make_skills("alpha", "forklift")
    Skill.objects.filter(code="forklift").update(kind=SkillKind.AUTHORISATION)
    page = make_job_page(make_job_indexes()["fr"], "a-job")
    JobGate.objects.create(
        page=page,
        kind="authorisation",
        label_fr="-",
        label_en="-",
        skill=Skill.objects.get(code="forklift"),
    )
    JobGate.objects.create(page=page, kind="medical-fitness", label_fr="-", label_en="-")
    JobBridge.objects.create(page=page, sector="food", from_fr="Crémière", from_en="Dairy worker")
    JobDiploma.objects.create(page=page, level=2, label_fr="-", label_en="-")
    return page


def test_a_job_is_found_by_where_people_come_from_and_by_its_authorisations(page):
    (document,) = documents.build(["a-job"])
    assert "Crémière" in document.body_fr
    assert document.body_en == ""  # there is no English page
    assert document.skill_labels == ("Compétence forklift", "Skill forklift")


def test_an_authorisation_is_no_skill_to_weigh(page):
    (document,) = documents.build(["a-job"])
    assert document.keywords["skill"] == ()


def test_a_job_open_without_diploma_is_filtered_as_such(page):
    (document,) = documents.build(["a-job"])
    assert document.keywords["level"] == ("2",)
    assert parse_filters(Kind.JOBS, {"niveau": "2"}) == {"level": ("2",)}


def test_the_queries_of_documents_do_not_grow_with_jobs(page, django_assert_max_num_queries):
    index = page.get_parent().specific
    for number in range(12):
        more = make_job_page(index, f"job-{number}")
        JobBridge.objects.create(page=more, sector="food", from_fr="-", from_en="-")
    with django_assert_max_num_queries(12):
        assert len(documents.build(["a-job", *(f"job-{number}" for number in range(12))])) == 13


def test_a_changed_bridge_reaches_the_outbox(page):
    OutboxEntry.objects.all().delete()
    bridge = page.bridges.get()
    bridge.from_fr = "Fromagère"
    bridge.save()
    assert list(OutboxEntry.objects.values_list("code", flat=True)) == ["a-job"]
