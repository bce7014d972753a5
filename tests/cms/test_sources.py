"""Where facts come from: the page of sources, the panel of a training, the mappings of a skill, the admin's screens."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.urls import reverse

from cms.admin.groups import setup_groups
from skills.models import DataRelease, EscoSkill, MappingMatch, MappingScheme, RomeCompetence, SkillMapping
from tests.cms import admin_factories as make
from training.models import (
    Certification,
    Confirmation,
    Diploma,
    SkillOrigin,
    Training,
    TrainingKind,
    TrainingSkill,
)

pytestmark = pytest.mark.django_db


def release(source: str, **fields) -> DataRelease:
    return DataRelease.objects.create(source=source, fingerprint=f"empreinte {source}", **fields)


@pytest.fixture
def onisep() -> DataRelease:
    return release("onisep", extracted_on=dt.date(2026, 11, 22))


@pytest.fixture
def diploma(onisep) -> Diploma:
    given = {"title": ["bac pro laboratoire", onisep.pk]}
    return Diploma.objects.create(
        onisep_id="FOR.7698", title="bac pro laboratoire", duration="3 ans", given=given, release=onisep
    )


@pytest.fixture
def training(diploma, onisep) -> Training:
    training = Training.objects.create(
        code="diplome-for-7698",
        title_fr="Bac pro laboratoire",
        kind=TrainingKind.INITIAL,
        diploma=diploma,
        live=True,
        given={"title_fr": ["Bac pro laboratoire", onisep.pk], "objectives": ["", onisep.pk]},
    )
    TrainingSkill.objects.create(
        training=training,
        skill=make.skill("essai-bpf", "Appliquer les BPF"),
        origin=SkillOrigin.CONFIRMED,
        confirmed_by=Confirmation.EDITOR,
        evidence="bonnes pratiques de fabrication",
    )
    return training


def page(client, name: str, *arguments: str) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_sources_names_every_licence_version_and_date(client, site_without_index, onisep):
    release("rome", version="4.60")
    release("rncp-export", dated_on=dt.date(2024, 2, 22))
    text = page(client, "source_list")
    assert "Ce service utilise la classification ESCO de la Commission européenne." in text
    assert "4.60" in text
    assert "données du 22 février 2024" in text
    assert "fichier du 22 novembre 2026" in text
    assert "ODbL 1.0" in text
    assert "pas encore chargée" in text  # ESCO
    assert "organisme de formation" not in text.split("<main")[1].split("</main>")[0]


def test_a_true_diploma_says_so_without_provider_nor_demonstration(client, site_without_index, training):
    text = page(client, "training", training.code)
    assert "Diplôme réel, tiré des données ouvertes." in text
    assert "Démonstration : organisme et formation inventés." not in text
    assert "Onisep, Idéo – licence ODbL" in text
    assert "3 ans" in text
    assert '<q lang="fr">bonnes pratiques de fabrication</q>' in text
    assert "objectifs" not in text.split("D’où viennent")[1]  # the source gave none


def test_a_correction_and_a_withdrawal_show(client, site_without_index, training, diploma):
    Training.objects.update(title_fr="Bac pro corrigé")
    Diploma.objects.update(withdrawn_on=dt.date(2026, 11, 1))
    text = page(client, "training", training.code)
    assert "Corrigé par la rédaction" in text
    assert "La source ne le donne plus depuis le 1 novembre 2026." in text


def test_the_mappings_of_a_skill_are_named_and_attributed(client, site_without_index):
    skill = make.skill("batch-record", "Remplir le dossier de lot")
    uri = "http://data.europa.eu/esco/skill/c438aa25-0000-0000-0000-000000000000"
    EscoSkill.objects.create(uri=uri, label_fr="rédiger des dossiers de lots", is_retired=True)
    RomeCompetence.objects.create(ogr_code="501386", label="Surveiller l'intégrité des données")
    for scheme, code in (
        (MappingScheme.ESCO, uri),
        (MappingScheme.ROME, "501386"),
        (MappingScheme.ROME, "9"),
    ):
        SkillMapping.objects.create(skill=skill, scheme=scheme, code=code, match=MappingMatch.CLOSE)
    text = page(client, "skill", skill.code)
    assert "rédiger des dossiers de lots" in text
    assert "retirée d’ESCO" in text
    assert "Surveiller l&#x27;intégrité des données" in text
    assert "(proche · 501386)" in text
    assert "Compétence 9 " in text  # not loaded: its code speaks for it
    assert text.count("France Travail – ROME · Licence Ouverte 2.0</p>") == 1
    release("rome", version="4.60", extracted_on=dt.date(2026, 11, 22))
    text = page(client, "skill", skill.code)
    assert "France Travail – ROME · Licence Ouverte 2.0 · 4.60 · fichier du 22 novembre 2026" in text


@pytest.fixture
def moderator(client):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


LISTS = ["esco_skills", "esco_occupations", "rome_jobs", "rome_titles", "rome_competences", "diplomas"]


@pytest.mark.parametrize("name", [*LISTS, "onisep_job_sheets", "data_releases"])
def test_moderators_read_what_was_loaded_and_add_nothing(client, moderator, name, diploma):
    assert client.get(reverse(f"admin_{name}:list")).status_code == 200
    assert client.get(reverse(f"admin_{name}:add")).status_code == 302  # refused


def test_a_moderator_corrects_a_field_and_sees_what_the_source_says(client, moderator, diploma):
    url = reverse("admin_diplomas:edit", args=[diploma.pk])
    fields = {name: getattr(diploma, name) or "" for name in ("kind", "duration", "rncp_code", "url", "jobs")}
    sent = client.post(url, {**fields, "title": "bac pro laboratoire contrôle qualité"})
    assert sent.status_code == 302
    diploma.refresh_from_db()
    assert diploma.corrected_fields == ["title"]
    assert diploma.title_keys == "bac pro laboratoire controle qualite"
    shown = client.get(url).content.decode()
    assert "corrigé par la rédaction" in shown
    assert "La source dit : « bac pro laboratoire »" in shown
    assert "fichier du 22 novembre 2026" in shown


def test_an_export_carries_source_licence_and_corrections(client, moderator, diploma):
    Diploma.objects.update(title="corrigé")
    response = client.get(reverse("admin_diplomas:list"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert row["source"] == "Idéo"
    assert row["licence"] == "ODbL 1.0"
    assert row["mention"] == "Onisep, Idéo – licence ODbL"
    assert row["champs corrigés par la rédaction"] == "intitulé"


def test_providers_do_not_see_the_open_data(client, moderator):
    client.force_login(make.provider_account(make.organisation("Institut")))
    assert client.get(reverse("admin_diplomas:list")).status_code == 302


def test_a_training_page_costs_no_query_more_with_more_fields(
    client, site_without_index, training, onisep, django_assert_max_num_queries
):
    rome = release("rome")
    given = {name: ["texte", rome.pk] for name in ("content", "prerequisites", "url")}
    Training.objects.update(given={**training.given, **given})
    page(client, "training", training.code)
    with django_assert_max_num_queries(30):
        page(client, "training", training.code)


def test_what_an_editor_corrected_on_a_certification_shows_on_its_trainings(
    client, site_without_index, training, onisep
):
    kit = release("rncp-kit", dated_on=dt.date(2025, 1, 31))
    titles = release("rncp-titles", extracted_on=dt.date(2026, 11, 22))
    certification = Certification.objects.create(
        code="RNCP35310",
        title="Technicien de laboratoire",
        registration_ends_on=dt.date(2026, 6, 5),
        is_active=True,
        given={
            "title": ["Technicien de laboratoire", titles.pk],
            "is_active": [True, titles.pk],
            "registration_ends_on": ["2026-06-05", kit.pk],
        },
    )
    training.certifications.add(certification)
    training.save()
    text = page(client, "training", training.code)
    assert "données du 31 janvier 2025 ; la liste des fiches actives (fichier du 22 novembre 2026)" in text
    assert "RNCP35310 : fin d&#x27;enregistrement" in text  # in the panel of sources
    Certification.objects.update(registration_ends_on=dt.date(2029, 1, 1))
    text = page(client, "training", training.code)
    assert "(corrigé par la rédaction)" in text


def test_a_withdrawn_title_that_only_the_register_lists_says_so(client, site_without_index):
    title = Certification.objects.create(code="RNCP38936", withdrawn_on=dt.date(2026, 11, 2))
    training = Training.objects.create(code="diplome-rncp38936", title_fr="Titre", live=True)
    training.certifications.add(title)
    training.save()
    assert "La source ne le donne plus depuis le 2 novembre 2026." in page(client, "training", training.code)


def exported(client, name: str) -> list[dict[str, str]]:
    response = client.get(reverse(name), {"export": "csv"})
    return list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_certifications_and_trainings_are_exported_with_their_mentions(client, moderator, training, onisep):
    titles = release("rncp-titles")
    Certification.objects.create(
        code="RNCP1", title="corrigé", given={"title": ["t", titles.pk]}, release=titles
    )
    (row,) = [
        one
        for one in exported(client, "admin_certifications:list")
        if one["champs corrigés par la rédaction"]
    ]
    assert (row["mention"], row["champs corrigés par la rédaction"]) == (
        "France compétences – répertoires RNCP et RS",
        "intitulé",
    )
    (row,) = exported(client, "admin_trainings:list")
    assert row["mentions des sources"] == "Onisep, Idéo – licence ODbL"
    assert row["champs corrigés par la rédaction"] == ""
