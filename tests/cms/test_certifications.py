"""The state of certifications where people meet it: cards, pages, the training form, the list, the report."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.admin.groups import setup_groups
from skills.models import DataRelease
from tests.cms import admin_factories as make
from tests.cms.factories import in_days, make_public_site, make_training, rebuild_index
from training.models import Certification, CertificationSuccession, Training, TrainingAction, TrainingSession

pytestmark = pytest.mark.django_db


def certification(code: str, ends: int | None = None, **fields) -> Certification:
    ends_on = None if ends is None else in_days(ends)
    return Certification.objects.create(
        code=code, title=f"Titre {code}", registration_ends_on=ends_on, **fields
    )


def replace(old: str, new: str) -> None:
    release, _ = DataRelease.objects.get_or_create(source="rncp-kit", fingerprint="x")
    CertificationSuccession.objects.create(old_code=old, new_code=new, release=release)


def certify(training: Training, *certifications: Certification) -> Training:
    training.certifications.set(certifications)
    training.save()
    return training


# --- Public pages


@pytest.fixture
def site(own_index_folder):
    return make_public_site()


def text_of(client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_the_page_names_state_successor_and_late_sessions(client, site):
    ended = certification("RNCP1", ends=10)
    replace("RNCP1", "RNCP2")
    heir = certify(make_training("heritiere", []), certification("RNCP2", ends=900))
    certify(site.training, ended, certification("RNCP3"))
    page = text_of(client, reverse("training", args=[site.training.code]))
    assert "moins d’un an" in page
    assert "Remplacée par" in page
    assert 'href="https://www.francecompetences.fr/recherche/rncp/2/"' in page
    assert f'href="{reverse("training", args=[heir.code])}"' in page
    # The session in 20 days, and the permanent entry until 200 days from now.
    assert "1 session commence après la fin d’enregistrement" in page
    assert "Commence après la fin de RNCP1" in page
    assert "Entrez avant la fin de RNCP1" in page
    assert "Fin d’enregistrement inconnue" in page


def test_cards_tell_the_state_and_the_list_filters_on_it(client, site):
    certify(site.training, certification("RNCP1", ends=-3))
    certify(make_training("tranquille", []), certification("RNCP4", ends=900))
    rebuild_index()
    page = text_of(client, reverse("training_list"))
    assert "Enregistrement terminé le" in page
    assert "Enregistrée jusqu’au" in page
    assert "État de la certification" in page
    filtered = text_of(client, f"{reverse('training_list')}?etat_certification=ended")
    assert reverse("training", args=[site.training.code]) in filtered
    assert reverse("training", args=["tranquille"]) not in filtered
    assert client.get(f"{reverse('training_list')}?etat_certification=non").status_code == 400


def test_the_page_says_how_old_the_end_is_unless_an_editor_corrected_it(client, site):
    release = DataRelease.objects.create(source="rncp-kit", fingerprint="y", dated_on=in_days(-400))
    one = certification("RNCP1", ends=-3)
    one.given = {"registration_ends_on": [in_days(-3).isoformat(), release.pk]}
    one.save()
    certify(site.training, one)
    address = reverse("training", args=[site.training.code])
    assert f"données du {in_days(-400).day}" in text_of(client, address)
    one.registration_ends_on = in_days(500)
    one.save()
    assert "données du" not in text_of(client, address).split("Certifications")[1].split("Blocs")[0]


def test_a_training_without_certification_has_no_state(client, site):
    certify(site.training)
    page = text_of(client, reverse("training", args=[site.training.code]))
    assert "enregistrement inconnue" not in page
    assert "ne prépare à aucune certification déclarée" in page


def test_the_lists_queries_do_not_grow_with_certified_trainings(client, site, django_assert_max_num_queries):
    replace("RNCP10", "RNCP11")
    for number in range(10, 28):
        certify(make_training(f"f-{number}", []), certification(f"RNCP{number}", ends=number))
    rebuild_index()
    client.get(reverse("training_list"))
    with django_assert_max_num_queries(40):
        client.get(reverse("training_list"))


# --- The admin


@pytest.fixture
def sector(db):
    setup_groups()

    class Sector:
        one, two = make.organisation("Institut Un"), make.organisation("Institut Deux")
        provider, moderator = make.provider_account(one), make.moderator_account()

    return Sector


@pytest.fixture
def watched(sector):
    """A training of each provider, of an ended and replaced certification, with a session to come."""
    ended = certification("RNCP1", ends=-3)
    certification("RNCP2", ends=900)
    replace("RNCP1", "RNCP2")
    found = []
    for organisation, title in ((sector.one, "Formation Une"), (sector.two, "Formation Deux")):
        training = certify(make.training(organisation, title, live=True), ended)
        action = TrainingAction.objects.create(training=training)
        TrainingSession.objects.create(action=action, starts_on=in_days(30))
        training.save_revision()
        found.append(training)
    return found


def test_the_form_warns_on_opening_and_saves_all_the_same(client, sector, watched):
    client.force_login(sector.provider)
    url = reverse("admin_trainings:edit", args=[watched[0].pk])
    page = text_of(client, url)
    assert "Certifications à vérifier" in page
    assert "remplacée par RNCP2" in page
    assert "Si la formation prépare désormais à RNCP2, remplacez le code" in page
    assert "commence après la fin d&#x27;enregistrement" in page
    assert "https://www.francecompetences.fr/recherche/rncp/1/" in page
    response = client.post(url, make.training_form("Retouchée", certifications="RNCP1"))
    assert response.status_code == 302
    watched[0].refresh_from_db()
    assert watched[0].get_latest_revision().as_object().title_fr == "Retouchée"


def test_the_form_reads_the_draft_and_is_silent_when_all_is_well(client, sector, watched):
    client.force_login(sector.provider)
    url = reverse("admin_trainings:edit", args=[watched[0].pk])
    client.post(url, make.training_form("Corrigée", certifications="RNCP2"))
    assert "Certifications à vérifier" not in text_of(client, url)


def test_publishing_warns_though_the_form_is_left(client, sector, watched):
    client.force_login(sector.moderator)
    url = reverse("admin_trainings:edit", args=[watched[0].pk])
    data = make.training_form("Publiée", provider=sector.one.pk, certifications="RNCP1")
    response = client.post(url, {**data, "action-publish": "1"}, follow=True)
    assert "Certifications à vérifier. RNCP1 : enregistrement terminé" in response.content.decode()


def test_the_list_is_filtered_by_state(client, sector, watched):
    certify(make.training(sector.one, "Formation sans fin"), certification("RNCP5"))
    client.force_login(sector.provider)
    listing = reverse("admin_trainings:list")
    replaced = text_of(client, f"{listing}?certification_state=replaced")
    assert "Formation Une" in replaced
    assert "Formation sans fin" not in replaced
    assert "Formation sans fin" in text_of(client, f"{listing}?certification_state=unknown")


def test_the_report_is_scoped_and_complete(client, sector, watched):
    report = reverse("certification_watch")
    client.force_login(sector.provider)
    page = text_of(client, report)
    assert "Formation Une" in page
    assert "Formation Deux" not in page
    assert f"{in_days(-3):%d/%m/%Y}" in page
    assert "RNCP2" in page
    assert "commence après la fin" in page
    assert report in client.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(sector.moderator)
    assert "Formation Deux" in text_of(client, report)
    assert "Formation Deux" not in text_of(client, f"{report}?state=unknown")
    assert client.get(reverse("certification_watch_results")).status_code == 200


def test_the_report_is_exported_with_unknown_ends_in_words(client, sector, watched):
    certify(make.training(sector.one, "Formation sans fin"), certification("RNCP5"))
    client.force_login(sector.provider)
    response = client.get(f"{reverse('certification_watch')}?export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [row["Formation"] for row in rows] == ["Formation Une", "Formation sans fin"]
    assert rows[0]["État"] == "enregistrement terminé, remplacée"
    assert rows[1]["Fin d'enregistrement"] == "inconnue"
    xlsx = client.get(f"{reverse('certification_watch')}?export=xlsx")
    assert b"".join(xlsx.streaming_content).startswith(b"PK")
    assert f"{timezone.localdate():%Y-%m-%d}" in response["Content-Disposition"]


def test_the_report_needs_access_to_trainings(client, sector, watched):
    client.force_login(make.employer_account(sector.one))
    assert client.get(reverse("certification_watch")).status_code == 302
    assert reverse("certification_watch") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_reports_queries_do_not_grow_with_its_rows(
    client, sector, watched, django_assert_max_num_queries
):
    for number in range(30):
        certify(
            make.training(sector.one, f"Formation {number}"), certification(f"RNCP9{number}", ends=number)
        )
    client.force_login(sector.moderator)
    client.get(reverse("certification_watch"))
    with django_assert_max_num_queries(30):
        client.get(reverse("certification_watch"))


def test_editors_correct_titles_and_ends_and_only_read_the_rest(client, sector):
    one = certification("RNCP7", ends=10, registration_kind="Enregistrement de droit")
    client.force_login(sector.moderator)
    url = reverse("admin_certifications:edit", args=[one.pk])
    page = text_of(client, url)
    assert "Enregistrement de droit" in page
    assert 'name="registration_kind"' not in page
    data = {
        "title": "Opérateur de bioproduction",
        "level": 5,
        "registration_ends_on": in_days(99).isoformat(),
    }
    client.post(url, {**data, "registration_kind": "autre"})
    one.refresh_from_db()
    assert (one.title, one.level, one.registration_ends_on) == (data["title"], 5, in_days(99))
    assert one.title_keys == "operateur de bioproduction"
    assert one.registration_kind == "Enregistrement de droit"
