"""Needs from a file: dates counted from today, requirements taken from the job, published once."""

import datetime as dt

import pytest
from django.utils import timezone

from jobs.importers.needs import import_needs
from jobs.models import EmployerNeed, JobProfilePage, JobRequirement
from skills.imports.report import Action
from skills.models import Skill
from tests.jobs.factories import make_job_indexes, make_job_page, make_skills
from tests.people.factories import OrganisationFactory
from tests.skills.factories import CommuneFactory

pytestmark = pytest.mark.django_db

SIRET = "00000011700010"


def need_text(code="a-need", **replaced):
    values = {
        "employer": f'"{SIRET}"',
        "kind": "vacancy",
        "job": "a-job",
        "title": '"Un poste"',
        "positions": "3",
        "commune": '"69266"',
        "starts_in_days": "30",
        "closes_in_days": "60",
    } | replaced
    return "\n".join([f"  - code: {code}", *(f"    {key}: {value}" for key, value in values.items())]) + "\n"


@pytest.fixture
def write(tmp_path):
    CommuneFactory()
    OrganisationFactory(siret=SIRET, is_demonstration=True)
    make_skills("alpha", "beta")
    page = make_job_page(make_job_indexes()["fr"], "a-job")
    page.requirements = [
        JobRequirement(skill=Skill.objects.get(code="alpha"), level=3, sort_order=0),
        JobRequirement(skill=Skill.objects.get(code="beta"), level=1, importance="useful", sort_order=1),
    ]
    page.save_revision().publish()

    def write_file(*texts):
        path = tmp_path / "needs.yaml"
        path.write_text("needs:\n" + "".join(texts), "utf-8")
        return path

    return write_file


def test_a_need_is_published_with_the_requirements_of_its_job(write):
    report = import_needs(write(need_text()), apply=True)

    today = timezone.localdate()
    need = EmployerNeed.objects.get()
    assert report.counts[Action.ADDED] == 1
    assert need.is_open(today)
    assert not need.is_open(today + dt.timedelta(days=61))
    assert need.starts_on == today + dt.timedelta(days=30)
    assert (need.positions, need.is_demonstration, need.has_unpublished_changes) == (3, True, False)
    assert [(r.skill.code, r.level, r.importance) for r in need.requirements.all()] == [
        ("alpha", 3, "essential"),
        ("beta", 1, "useful"),
    ]


def test_later_days_change_nothing_until_the_need_has_closed(write):
    path = write(need_text())
    import_needs(path, apply=True)
    today = timezone.localdate()

    EmployerNeed.objects.update(closes_on=today, starts_on=today - dt.timedelta(days=5))
    assert not import_needs(path, apply=True).changed_anything
    EmployerNeed.objects.update(closes_on=today - dt.timedelta(days=1))
    report = import_needs(path, apply=True)

    assert [f.name for f in report.changes[0].fields] == ["starts_on", "closes_on"]
    assert EmployerNeed.objects.get().closes_on == today + dt.timedelta(days=60)


def test_requirements_that_the_employer_changed_are_left_alone(write):
    import_needs(write(need_text()), apply=True)
    need = EmployerNeed.objects.get()
    need.requirements = [row for row in need.requirements.all() if row.skill.code == "alpha"]
    need.save()

    import_needs(write(need_text(title='"Autre titre"')), apply=True)

    need = EmployerNeed.objects.get()
    assert need.title == "Autre titre"
    assert [row.skill.code for row in need.requirements.all()] == ["alpha"]


def test_a_need_that_was_taken_down_stays_down(write):
    import_needs(write(need_text()), apply=True)
    EmployerNeed.objects.get().unpublish()

    import_needs(write(need_text(title='"Autre titre"')), apply=True)

    need = EmployerNeed.objects.get()
    assert (need.title, need.live) == ("Autre titre", False)


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        ({"employer": '"00000002600013"'}, "employeur inconnu"),
        ({"job": "no-job"}, "fiche métier inconnue"),
        ({"commune": '"00000"'}, "commune inconnue"),
        ({"kind": "wish"}, "« kind » vaut « wish »"),
        ({"positions": "0"}, "nombre attendu de 1 à"),
        ({"closes_in_days": "demain"}, "nombre attendu"),
    ],
)
def test_a_wrong_need_is_refused_alone(write, replaced, reason):
    report = import_needs(write(need_text(**replaced), need_text("right")), apply=True)

    assert report.error_count == 1
    assert reason in report.errors[0].reason
    assert list(EmployerNeed.objects.values_list("code", flat=True)) == ["right"]


def test_a_job_that_is_not_online_is_refused(write):
    JobProfilePage.objects.get(code="a-job").unpublish()

    report = import_needs(write(need_text()), apply=True)

    assert "non publiée" in report.errors[0].reason
