"""The whole demonstration, loaded by the real importers from the shipped files."""

import re
from itertools import combinations

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.models import Page, Revision

from cms.steps import StepResult
from jobs.importers.profile_files import read_profiles
from jobs.models import EmployerNeed, JobProfilePage, NeedKind
from people.models import Organisation
from skills.concept_files.parsing import read_referential
from skills.models import Skill, SkillLabel
from training.models import Training, TrainingSession

DOMAINS_OF_THE_VALUE_CHAIN = 16


def counts():
    models = (
        Skill,
        SkillLabel,
        Page,
        Revision,
        Organisation,
        Training,
        TrainingSession,
        EmployerNeed,
        get_user_model(),
    )
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_loaded_twice_the_second_time_nothing_changes(capsys):
    call_command("load_demonstration")
    first = capsys.readouterr()
    loaded = counts()

    call_command("load_demonstration")
    second = capsys.readouterr()

    assert "Démonstration chargée" in first.out
    assert "rejet" not in first.err
    steps = re.findall(r"^\[(\d+)/(\d+)\] ", first.err, flags=re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, int(steps[0][1]) + 1))
    assert "Rien n'a changé : la démonstration était déjà chargée" in second.out
    assert counts() == loaded
    assert_content_is_worth_showing()


def assert_content_is_worth_showing():
    assert Skill.objects.published().count() >= 80
    assert JobProfilePage.objects.live().filter(locale__language_code="fr").count() >= 16
    assert JobProfilePage.objects.live().filter(locale__language_code="en").count() >= 16
    trainings = Training.objects.filter(live=True)
    assert trainings.count() >= 40
    assert not trainings.filter(is_demonstration=False).exists()
    assert not trainings.filter(skill_links__isnull=True).exists()
    assert not Organisation.objects.exclude(is_demonstration=True, name__contains="(démonstration)").exists()
    regions = set(TrainingSession.objects.values_list("action__region__code", flat=True)) - {None}
    assert len(regions) >= 6
    assert EmployerNeed.objects.filter(live=True).count() == 8
    assert set(EmployerNeed.objects.values_list("kind", flat=True)) == set(NeedKind.values)
    assert not EmployerNeed.objects.filter(requirements__isnull=True).exists()
    assert get_user_model().objects.filter(is_superuser=True, username="admin").exists()


@pytest.mark.django_db
def test_a_refused_row_is_named_and_the_command_exits_with_one(monkeypatch, capsys):
    from cms.management.commands import load_demonstration
    from cms.steps import Step

    steps = [
        Step(
            "essai",
            lambda: StepResult(added=1, rejected_count=1, rejected=["fichier.csv, ligne 3 : date illisible"]),
        )
    ]
    monkeypatch.setattr(load_demonstration, "demonstration_steps", lambda: steps)

    with pytest.raises(SystemExit) as end:
        call_command("load_demonstration")

    assert end.value.code == 1
    output = capsys.readouterr()
    assert "rejet : fichier.csv, ligne 3 : date illisible" in output.err
    assert "Lignes rejetées : 1" in output.out


def test_the_shipped_referential_has_no_error_and_covers_the_value_chain():
    files = read_referential(settings.BASE_DIR / "skills" / "referential")

    assert [str(error) for error in files.errors] == []
    assert len(files.skills) >= 320
    assert len(files.domains) == DOMAINS_OF_THE_VALUE_CHAIN
    assert {skill.domain for skill in files.skills.values()} == set(files.domains)


def test_no_two_shipped_profiles_share_over_sixty_percent_of_their_requirements():
    files = read_profiles(settings.BASE_DIR / "jobs" / "profiles")

    assert [str(error) for error in files.errors] == []
    assert len(files.profiles) >= 16
    skills = {code: {r.skill for r in profile.requirements} for code, profile in files.profiles.items()}
    overlaps = {
        (one, other): len(skills[one] & skills[other]) / min(len(skills[one]), len(skills[other]))
        for one, other in combinations(skills, 2)
    }
    assert {pair: share for pair, share in overlaps.items() if share > 0.6} == {}


def test_sample_texts_are_of_a_length_people_write():
    samples = sorted((settings.BASE_DIR / "matching" / "samples").glob("*.txt"))

    assert len(samples) == 5
    for path in samples:
        assert 100 <= len(path.read_text("utf-8").split()) <= 180, path.name
