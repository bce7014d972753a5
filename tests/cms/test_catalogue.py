"""`catalogue`: what is published, one JSON object a line, in the order of codes."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from people.models import OrganisationKind
from skills.models import DataRelease, SkillLabel, SkillStatus
from tests.jobs.factories import make_job_indexes, make_job_page
from tests.people.factories import OrganisationFactory
from tests.skills.factories import SkillFactory
from training.models import Diploma, Training

pytestmark = pytest.mark.django_db


def rows(capsys, kind):
    call_command("catalogue", kind, "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_jobs_join_their_languages_and_drop_what_is_offline(capsys):
    indexes = make_job_indexes()
    french = make_job_page(indexes["fr"], "b-job", title="Métier", alternative_titles="un autre\nencore un")
    make_job_page(
        indexes["en"],
        "b-job",
        title="Job",
        alternative_titles="another",
        translation_key=french.translation_key,
    )
    make_job_page(indexes["fr"], "a-job", title="Seulement français")
    make_job_page(indexes["fr"], "c-job").unpublish()

    assert rows(capsys, "jobs") == [
        {"code": "a-job", "title_fr": "Seulement français", "title_en": "", "labels": []},
        {
            "code": "b-job",
            "title_fr": "Métier",
            "title_en": "Job",
            "labels": ["un autre", "encore un", "another"],
        },
    ]


def test_trainings_are_those_online(capsys):
    provider = OrganisationFactory(kind=OrganisationKind.TRAINING_PROVIDER)
    Training.objects.create(
        code="b-training", title_fr="Bioréacteur", title_en="Bioreactor", provider=provider
    )
    Training.objects.create(code="a-training", title_fr="Brouillon", provider=provider, live=False)
    onisep = DataRelease.objects.create(source="onisep", fingerprint="1")
    diploma = Diploma.objects.create(onisep_id="FOR.1", title="BUT", acronym="GB")
    given = {"title_fr": ["BUT", onisep.pk]}
    Training.objects.create(code="c-diploma", title_fr="BUT", diploma=diploma, given=given)

    assert rows(capsys, "trainings") == [
        {"code": "b-training", "title_fr": "Bioréacteur", "title_en": "Bioreactor", "labels": []},
        {
            "code": "c-diploma",
            "title_fr": "BUT",
            "title_en": "",
            "labels": ["GB"],
            "attributions": ["Onisep, Idéo – licence ODbL"],
        },
    ]


def test_skills_are_those_published_with_every_label(capsys):
    skill = SkillFactory(code="beta", label_fr="Bêta", label_en="Beta")
    for kind, language, text in (
        ("acronym", "", "BET"),
        ("hidden", "fr", "beta sans accent"),
        ("alternative", "en", "B"),
    ):
        SkillLabel.objects.create(skill=skill, kind=kind, language=language, text=text)
    SkillFactory(code="alpha", live=False)
    SkillFactory(code="gamma", status=SkillStatus.DEPRECATED, replaced_by=skill)

    found = rows(capsys, "skills")

    assert [(row["code"], row["label_fr"], row["label_en"]) for row in found] == [("beta", "Bêta", "Beta")]
    assert sorted(found[0]["labels"]) == ["B", "BET", "beta sans accent"]


def test_queries_do_not_grow_with_the_rows(capsys, django_assert_num_queries):
    for number in range(30):
        SkillLabel.objects.create(skill=SkillFactory(), kind="hidden", language="fr", text=f"texte {number}")

    with django_assert_num_queries(2):
        assert len(rows(capsys, "skills")) == 30


def test_the_table_is_for_people_and_an_empty_catalogue_says_so(capsys):
    call_command("catalogue", "skills")
    empty = capsys.readouterr()
    assert empty.out == ""
    assert "Rien n'est publié" in empty.err

    SkillFactory(code="alpha", label_fr="Alpha fr")
    call_command("catalogue", "skills")
    assert "alpha                                Alpha fr" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("help",), ("catalogue", "--help")])
def test_a_reader_who_leaves_early_gets_no_traceback(tmp_path, arguments):
    environment = {**os.environ, "BIOFILIERE_STATE_DIR": str(tmp_path), "DATABASE_URL": "sqlite://:memory:"}
    environment["DJANGO_SETTINGS_MODULE"] = "cms.settings.dev"
    reader, writer = os.pipe()
    os.close(reader)
    command = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )
    os.close(writer)
    assert command.stderr == b""
