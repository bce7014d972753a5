"""An employer's need: from a job profile to its programmes, drafts and published needs alike."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import TaskState

from cms.admin.groups import setup_groups
from jobs.models import EmployerNeed, NeedRequirement
from people.models import OrganisationKind
from search.outbox import drain
from skills.models import Commune
from tests.cms import admin_factories as make
from training.models import Training

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector(db):
    """Two employers, a moderator and a job profile that asks for two skills."""
    setup_groups()

    class Sector:
        one = make.organisation("Biotech Un", OrganisationKind.PHARMA_BIOTECH)
        two = make.organisation("Biotech Deux", OrganisationKind.CDMO)
        employer, other = make.employer_account(one), make.employer_account(two)
        moderator = make.moderator_account()
        culture = make.skill("culture-cellulaire", "Culture cellulaire")
        filling = make.skill("remplissage-aseptique", "Remplissage aseptique")
        job = make.job_profile("technicien-upstream", "Technicien de production", culture, filling)

    return Sector


def edit_url(need):
    return reverse("admin_needs:edit", args=[need.pk])


def requirements(need):
    return sorted(need.requirements.values_list("skill__code", "level"))


COPIED = [("culture-cellulaire", 2), ("remplissage-aseptique", 3)]


def test_a_need_starts_from_a_job_profile(client, sector):
    client.force_login(sector.employer)
    form = client.get(reverse("admin_needs:add"), {"job": "technicien-upstream"}).content.decode()
    assert 'value="Technicien de production"' in form
    client.post(reverse("admin_needs:add"), make.need_form("Deux techniciens", job_profile=sector.job.pk))
    need = EmployerNeed.objects.get()
    assert need.organisation == sector.one
    assert not need.live
    assert requirements(need) == COPIED


def test_a_need_published_at_once_has_its_requirements(client, sector):
    client.force_login(sector.employer)
    data = make.need_form("Deux techniciens", job_profile=sector.job.pk)
    client.post(reverse("admin_needs:add"), {**data, "action-publish": "1"})
    need = EmployerNeed.objects.get()
    assert need.live
    assert requirements(need) == COPIED


def test_a_draft_over_a_published_need_takes_them_too(client, sector):
    need = make.need(sector.one, "Déjà en ligne", live=True)
    client.force_login(sector.employer)
    client.post(edit_url(need), make.need_form("Déjà en ligne", job_profile=sector.job.pk))
    assert requirements(need) == [], "what is online has not changed"
    need.refresh_from_db()
    draft = need.get_latest_revision_as_object()
    assert sorted(one.skill.code for one in draft.requirements.all()) == [code for code, _ in COPIED]
    need.latest_revision.publish()
    assert requirements(need) == COPIED


def test_own_requirements_are_kept(client, sector):
    client.force_login(sector.employer)
    data = make.need_form("Sur mesure", [sector.filling], job_profile=sector.job.pk)
    client.post(reverse("admin_needs:add"), data)
    assert requirements(EmployerNeed.objects.get()) == [("remplissage-aseptique", 2)]


def test_saving_again_from_an_old_page_does_not_fail(client, sector):
    """The page does not show yet what was copied; the same skill added there meets a message."""
    need = make.need(sector.one, "Deux onglets")
    NeedRequirement.objects.create(need=need, skill=sector.culture, level=2)
    need.save_revision()
    client.force_login(sector.employer)
    response = client.post(edit_url(need), make.need_form("Deux onglets", [sector.culture]))
    assert "Déjà enregistré depuis une autre page : Culture cellulaire" in response.content.decode()


def test_unknown_job_profiles_are_ignored_or_refused(client, sector):
    client.force_login(sector.employer)
    assert client.get(reverse("admin_needs:add"), {"job": "inconnu\x00"}).status_code == 200
    response = client.post(reverse("admin_needs:add"), make.need_form("Mauvaise fiche", job_profile="999999"))
    assert "Sélectionnez un choix valide" in response.content.decode()
    assert not EmployerNeed.objects.exists()


def test_the_employer_cannot_be_forged(client, sector):
    client.force_login(sector.employer)
    client.post(reverse("admin_needs:add"), make.need_form("À moi", organisation=sector.two.pk))
    assert EmployerNeed.objects.get().organisation == sector.one


def test_providers_do_not_reach_needs(client, sector):
    need = make.need(sector.one, "Poste confidentiel", live=True)
    client.force_login(make.provider_account(make.organisation("Institut")))
    for name, args in (("list", []), ("add", []), ("edit", [need.pk]), ("programmes", [need.pk])):
        response = client.get(reverse(f"admin_needs:{name}", args=args))
        assert response.status_code in {302, 403, 404}
        assert "Poste confidentiel" not in response.content.decode()


def test_job_profiles_offer_the_button_in_the_page_list(admin_client, sector):
    page = admin_client.get(
        reverse("wagtailadmin_explore", args=[sector.job.get_parent().pk])
    ).content.decode()
    assert f"{reverse('admin_needs:add')}?job=technicien-upstream" in page


def test_the_programmes_page_is_the_organisations_own(client, sector):
    need = make.need(sector.one, "Deux techniciens")
    url = reverse("admin_needs:programmes", args=[need.pk])
    client.force_login(sector.other)
    assert client.get(url).status_code == 404
    for user in (sector.employer, sector.moderator):
        client.force_login(user)
        response = client.get(url)
        assert response.status_code == 200
        assert "Deux techniciens" in response.content.decode()
    client.force_login(sector.employer)
    assert url in client.get(reverse("admin_needs:list")).content.decode()
    assert url in client.get(edit_url(need)).content.decode()


def test_programmes_are_ranked_by_what_they_cover(
    client, sector, own_index_folder, django_assert_max_num_queries
):
    provider = make.organisation("Institut")
    both = make.training(provider, "Couvre tout", code="couvre-tout")
    half = make.training(provider, "Couvre à moitié", code="couvre-moitie")
    hidden = make.training(provider, "Brouillon caché", code="brouillon-cache")
    for training, skills in (
        (both, [sector.culture, sector.filling]),
        (half, [sector.culture]),
        (hidden, [sector.filling]),
    ):
        make.offer(training, skills, make_place=training is both)
    for training in (both, half):
        training.save_revision().publish()
    call_command("search_index", "rebuild", stdout=StringIO(), stderr=StringIO())
    need = make.need(sector.one, "Deux techniciens", job_profile=sector.job, commune=Commune.objects.get())
    need.copy_requirements_from_job()
    need.save_revision()
    client.force_login(sector.employer)
    url = reverse("admin_needs:programmes", args=[need.pk])
    client.get(url)
    with django_assert_max_num_queries(40):
        page = client.get(url).content.decode()
    assert page.index("Couvre tout") < page.index("Couvre à moitié")
    assert "couvre 100" in page
    assert "à 0" in page
    assert "Brouillon caché" not in page


def test_an_approved_training_is_found_by_the_employer(client, sector, own_index_folder):
    """The whole slice: a provider submits, a moderator approves, the outbox carries, the employer sees."""
    call_command("search_index", "rebuild", stdout=StringIO(), stderr=StringIO())
    client.force_login(make.provider_account(make.organisation("Institut")))
    data = make.training_form("Culture et remplissage", [sector.culture, sector.filling], make.commune())
    client.post(reverse("admin_trainings:add"), {**data, "action-submit": "1"})
    need = make.need(sector.one, "Deux techniciens", job_profile=sector.job)
    need.copy_requirements_from_job()
    need.save_revision()
    url = reverse("admin_needs:programmes", args=[need.pk])

    client.logout()  # the messages that name the training go with the session
    client.force_login(sector.employer)
    drain()
    assert "Culture et remplissage" not in client.get(url).content.decode()

    client.force_login(sector.moderator)
    state = TaskState.objects.get()
    training = Training.objects.get()
    client.post(reverse("admin_trainings:workflow_action", args=[training.pk, "approve", state.pk]))
    drain()
    client.logout()
    client.force_login(sector.employer)
    assert "Culture et remplissage" in client.get(url).content.decode()
