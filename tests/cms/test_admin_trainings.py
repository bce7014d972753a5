"""A training's life: a provider writes and submits, a moderator approves, the site shows."""

import pytest
from django.urls import reverse
from wagtail.models import TaskState
from wagtail.signals import published

from cms.admin.groups import setup_groups
from cms.admin.trainings import new_code
from tests.cms import admin_factories as make
from training.models import Certification, SkillOrigin, Training

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector(db):
    """Two providers, a moderator, two skills and a place."""
    setup_groups()

    class Sector:
        one, two = make.organisation("Institut Un"), make.organisation("Institut Deux")
        provider, other = make.provider_account(one), make.provider_account(two)
        moderator = make.moderator_account()
        culture = make.skill("culture-cellulaire", "Culture cellulaire")
        filling = make.skill("remplissage-aseptique", "Remplissage aseptique")
        lyon = make.commune()

    return Sector


def add(client, data, **actions):
    return client.post(reverse("admin_trainings:add"), {**data, **actions})


def edit_url(training):
    return reverse("admin_trainings:edit", args=[training.pk])


def test_a_provider_creates_a_whole_draft(client, sector):
    client.force_login(sector.provider)
    data = make.training_form(
        "Œuvrer en zone aseptique : bases", [sector.culture, sector.filling], sector.lyon
    )
    response = add(client, data)
    training = Training.objects.get()
    assert response.status_code == 302
    assert response.url == edit_url(training)
    assert training.provider == sector.one
    assert training.code.startswith("oeuvrer-en-zone-aseptique-bases-")
    assert not training.live
    assert {link.origin for link in training.skill_links.all()} == {SkillOrigin.DECLARED}
    action = training.actions.get()
    assert (action.languages, action.funding, action.region.code) == (["fr"], ["cpf", "opco"], "84")
    assert action.sessions.get().seats == 12


def test_a_draft_may_be_incomplete_but_not_what_is_submitted(client, sector):
    client.force_login(sector.provider)
    add(client, make.training_form("Ébauche"))
    training = Training.objects.get()
    response = client.post(edit_url(training), {**make.training_form("Ébauche"), "action-submit": "1"})
    assert "au moins une compétence visée" in response.content.decode()
    assert not training.workflow_in_progress


def test_from_draft_to_site(client, sector, django_capture_on_commit_callbacks):
    client.force_login(sector.provider)
    data = make.training_form("Culture en bioréacteur", [sector.culture], sector.lyon)
    add(client, data, **{"action-submit": "1"})
    training = Training.objects.get()
    assert not training.live
    assert training.workflow_in_progress

    client.force_login(sector.moderator)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 formation à relire" in home
    assert "Culture en bioréacteur" in home
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    heard = []

    def listen(instance, **kwargs):
        stored = Training.objects.get(pk=instance.pk)
        heard.append((stored.live, stored.skill_links.count(), stored.actions.get().sessions.count()))

    published.connect(listen, sender=Training)
    try:
        client.post(reverse("admin_trainings:workflow_action", args=[training.pk, "approve", state.pk]))
    finally:
        published.disconnect(listen, sender=Training)
    training.refresh_from_db()
    assert training.live
    assert not training.workflow_in_progress
    assert heard == [(True, 1, 1)], "the children are stored before the signal"
    page = client.get(edit_url(training)).content.decode()
    assert reverse("training", args=[training.code]) in page


def test_a_provider_cannot_publish_by_asking(client, sector):
    client.force_login(sector.provider)
    data = make.training_form("Ruse", [sector.culture], sector.lyon)
    add(client, data, **{"action-publish": "1"})
    training = Training.objects.get()
    client.post(edit_url(training), {**data, "action-publish": "1"})
    client.post(reverse("admin_trainings:unpublish", args=[training.pk]))
    training.refresh_from_db()
    assert not training.live


def test_a_provider_cannot_approve_its_own(client, sector):
    client.force_login(sector.provider)
    add(client, make.training_form("Ruse", [sector.culture], sector.lyon), **{"action-submit": "1"})
    training, state = Training.objects.get(), TaskState.objects.get()
    client.post(reverse("admin_trainings:workflow_action", args=[training.pk, "approve", state.pk]))
    training.refresh_from_db()
    assert not training.live


def test_editing_what_is_online_makes_a_draft(client, sector):
    training = make.training(sector.one, "Titre en ligne", live=True)
    client.force_login(sector.provider)
    client.post(edit_url(training), make.training_form("Titre retouché", [sector.culture], sector.lyon))
    training.refresh_from_db()
    assert training.live
    assert training.title_fr == "Titre en ligne"
    assert training.get_latest_revision_as_object().title_fr == "Titre retouché"
    assert training.actions.count() == 0


def test_a_provider_cannot_take_what_is_online_off(client, sector):
    training = make.training(sector.one, "En ligne", live=True)
    client.force_login(sector.provider)
    client.post(reverse("admin_trainings:unpublish", args=[training.pk]))
    client.post(reverse("admin_trainings:delete", args=[training.pk]))
    client.post(f"{_bulk_delete()}?id={training.pk}&next=/admin/")
    training.refresh_from_db()
    assert training.live


def test_a_provider_deletes_its_draft(client, sector):
    training = make.training(sector.one, "Brouillon")
    client.force_login(sector.provider)
    client.post(reverse("admin_trainings:delete", args=[training.pk]))
    assert not Training.objects.exists()


def _bulk_delete() -> str:
    return reverse("wagtail_bulk_action", args=["training", "training", "delete"])


def test_the_organisation_cannot_be_forged(client, sector):
    client.force_login(sector.provider)
    add(client, make.training_form("À moi", provider=sector.two.pk))
    training = Training.objects.get()
    assert training.provider == sector.one
    client.post(edit_url(training), make.training_form("À moi", provider=sector.two.pk))
    training.refresh_from_db()
    assert training.provider == sector.one
    assert training.get_latest_revision_as_object().provider == sector.one


def test_who_acts_for_two_organisations_chooses_among_them_only(client, sector):
    both = make.provider_account(sector.one, sector.two)
    stranger = make.organisation("Institut Trois")
    client.force_login(both)
    form = client.get(reverse("admin_trainings:add")).content.decode()
    assert "Institut Deux" in form
    assert "Institut Trois" not in form
    response = add(client, make.training_form("Ailleurs", provider=stranger.pk))
    assert response.status_code == 200
    assert not Training.objects.exists()
    add(client, make.training_form("Chez nous", provider=sector.two.pk))
    assert Training.objects.get().provider == sector.two


def test_what_only_moderators_may_say_is_ignored_from_providers(client, sector):
    client.force_login(sector.provider)
    data = make.training_form("Démonstration ?", [sector.culture], sector.lyon)
    data |= {"is_demonstration": "on", "code": "mon-code", "source": "lheo", "external_id": "7"}
    data |= {"skill_links-0-origin": "confirmed", "actions-0-delivering_provider": sector.two.pk}
    add(client, data)
    training = Training.objects.get()
    assert not training.is_demonstration
    assert training.code != "mon-code"
    assert (training.source, training.external_id) == ("", "")
    assert training.skill_links.get().origin == SkillOrigin.DECLARED
    assert training.actions.get().delivering_provider is None


def test_the_code_stays_when_the_title_changes(client, sector):
    training = make.training(sector.one, "Ancien titre", code="ancien-titre-1234")
    client.force_login(sector.provider)
    page = client.get(edit_url(training)).content.decode()
    assert "ancien-titre-1234" in page
    assert 'name="code"' not in page
    client.post(edit_url(training), make.training_form("Nouveau titre"))
    training.refresh_from_db()
    assert (training.title_fr, training.code) == ("Nouveau titre", "ancien-titre-1234")


@pytest.mark.parametrize("title", ["", "***", "A_b__c", "Œ" * 300])
def test_codes_are_valid_whatever_the_title(title):
    Training._meta.get_field("code").run_validators(new_code(title))


def test_moving_an_action_moves_its_coordinates(client, sector):
    lille = make.commune("Lille", "59350", "59000")
    lille.latitude, lille.longitude = 50.63, 3.06
    lille.save()
    client.force_login(sector.provider)
    add(client, make.training_form("Mobile", [sector.culture], sector.lyon))
    training = Training.objects.get()
    action, link = training.actions.get(), training.skill_links.get()
    data = make.training_form("Mobile", [sector.culture], lille)
    data |= {"actions-INITIAL_FORMS": "1", "actions-0-id": action.pk}
    data |= {"actions-0-sessions-INITIAL_FORMS": "1", "actions-0-sessions-0-id": action.sessions.get().pk}
    data |= {"skill_links-INITIAL_FORMS": "1", "skill_links-0-id": link.pk}
    client.post(edit_url(training), data)
    action.refresh_from_db()
    assert (action.commune, action.latitude) == (lille, 50.63)


def test_certifications_are_named_by_code(client, sector):
    Certification.objects.create(code="RNCP35806", title="Technicien de bioproduction")
    client.force_login(sector.provider)
    response = add(client, make.training_form("Certifiante", certifications="rncp35806, RS1"))
    assert "Code inconnu : « RS1 »" in response.content.decode()
    add(client, make.training_form("Certifiante", certifications="rncp35806"))
    assert [one.code for one in Training.objects.get().certifications.all()] == ["RNCP35806"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("actions-0-funding", ["cpf", "pourboire"], "pourboire"),
        ("actions-0-practical_hours", "99", "La pratique ne peut pas durer plus que la formation."),
        ("actions-0-sessions-0-ends_on", "2001-01-01", "La fin précède le début."),
        ("actions-0-commune", "999999", "Sélectionnez un choix valide"),
        ("actions-0-commune", "Lyon", "Sélectionnez un choix valide"),
    ],
)
def test_bad_values_are_refused_with_a_message(client, sector, name, value, message):
    client.force_login(sector.provider)
    data = make.training_form("Fautive", [sector.culture], sector.lyon)
    response = add(client, {**data, name: value})
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Training.objects.exists()


def test_the_same_skill_twice_is_refused(client, sector):
    client.force_login(sector.provider)
    response = add(client, make.training_form("Double", [sector.culture, sector.culture]))
    assert response.status_code == 200
    assert not Training.objects.exists()


def test_unknown_skill_and_hidden_lists(client, sector):
    """Places and skills are chosen in searchable lists, never in giant drop-downs."""
    client.force_login(sector.provider)
    form = client.get(reverse("admin_trainings:add")).content.decode()
    assert "Lyon (69)" not in form
    assert "Remplissage aseptique" not in form
    assert reverse("choose_commune:choose") in form
    assert reverse("choose_skill:choose") in form


def test_the_list_shows_states_and_searches(client, sector):
    make.training(sector.one, "Purification des protéines", live=True)
    make.training(sector.one, "Lyophilisation")
    client.force_login(sector.provider)
    page = client.get(reverse("admin_trainings:list"), {"q": "lyoph"}).content.decode()
    assert "Lyophilisation" in page
    assert "Purification" not in page
    assert "brouillon" in page
    online = client.get(reverse("admin_trainings:list"), {"live": "true"}).content.decode()
    assert "Purification" in online
    assert "Lyophilisation" not in online


def test_an_account_without_organisation_is_told_so(client, sector):
    lonely = make.provider_account()
    client.force_login(lonely)
    assert client.get(reverse("admin_trainings:add")).status_code == 302
    assert "aucune organisation" in client.get(reverse("wagtailadmin_home")).content.decode()
