"""Nobody learns anything of another organisation: every address, list, report and chooser of the admin."""

import pytest
from django.urls import get_resolver, reverse
from wagtail.models import TaskState

from cms.admin.groups import setup_groups
from people.models import OrganisationKind
from tests.cms import admin_factories as make
from training.models import Training

pytestmark = pytest.mark.django_db

SECRET = "Titre très secret"

TRAINING_VIEWS = [
    "edit",
    "delete",
    "usage",
    "history",
    "history_results",
    "preview_on_edit",
    "revisions_view",
    "revisions_revert",
    "revisions_compare",
    "revisions_unschedule",
    "unpublish",
    "lock",
    "unlock",
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_history",
    "workflow_history_detail",
    "workflow_preview",
]
NEED_VIEWS = [
    "edit",
    "delete",
    "usage",
    "history",
    "history_results",
    "revisions_revert",
    "revisions_compare",
    "revisions_unschedule",
    "unpublish",
    "programmes",
]
WITHOUT_OBJECT = {"list", "list_results", "add", "preview_on_add"}


@pytest.fixture
def world(db):
    """A training in moderation and a need, each of organisation one; strangers belong to organisation two."""
    setup_groups()

    class World:
        provider_one, provider_two = make.organisation("Institut Un"), make.organisation("Institut Deux")
        employer_one = make.organisation("Biotech Un", OrganisationKind.PHARMA_BIOTECH)
        employer_two = make.organisation("Biotech Deux", OrganisationKind.PHARMA_BIOTECH)
        owner, stranger = make.provider_account(provider_one), make.provider_account(provider_two)
        employer, other_employer = make.employer_account(employer_one), make.employer_account(employer_two)
        moderator = make.moderator_account()
        training = make.training(provider_one, SECRET)
        need = make.need(employer_one, SECRET)

    World.training.get_workflow().start(World.training, World.owner)
    World.state = TaskState.objects.get()
    return World


def address(namespace: str, name: str, obj, world) -> str:
    revision = obj.latest_revision_id
    state = world.state
    extra = {
        "revisions_view": [revision],
        "revisions_revert": [revision],
        "revisions_unschedule": [revision],
        "revisions_compare": ["earliest", "latest"],
        "workflow_action": ["approve", state.pk],
        "collect_workflow_action_data": ["reject", state.pk],
        "workflow_history_detail": [state.workflow_state_id],
        "workflow_preview": [state.task_id],
    }
    return reverse(f"{namespace}:{name}", args=[obj.pk, *extra.get(name, [])])


def refuses(client, url: str) -> None:
    for method in (client.get, client.post):
        response = method(url)
        assert response.status_code in {302, 403, 404, 405}, (
            f"{method.__name__} {url} : {response.status_code}"
        )
        assert SECRET not in response.content.decode()
        if response.status_code == 302:
            assert SECRET not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(
    ("namespace", "names"), [("admin_trainings", TRAINING_VIEWS), ("admin_needs", NEED_VIEWS)]
)
def test_the_lists_of_addresses_are_complete(namespace, names):
    admin = get_resolver().namespace_dict[namespace][1]
    known = {name for name in admin.reverse_dict if isinstance(name, str)}
    assert known == {*names, *WITHOUT_OBJECT} - ({"preview_on_add"} if namespace == "admin_needs" else set())


@pytest.mark.parametrize("name", TRAINING_VIEWS)
def test_another_providers_training_is_out_of_reach(client, world, name):
    url = address("admin_trainings", name, world.training, world)
    client.force_login(world.stranger)
    refuses(client, url)
    client.force_login(world.other_employer)
    refuses(client, url)
    world.training.refresh_from_db()
    assert not world.training.live
    assert not world.training.locked
    assert world.training.workflow_in_progress


@pytest.mark.parametrize("name", NEED_VIEWS)
def test_another_employers_need_is_out_of_reach(client, world, name):
    url = address("admin_needs", name, world.need, world)
    client.force_login(world.other_employer)
    refuses(client, url)
    client.force_login(world.stranger)
    refuses(client, url)


@pytest.mark.parametrize(
    "name", ["edit", "history", "usage", "revisions_view", "revisions_compare", "workflow_history"]
)
def test_the_owner_opens_what_is_its_own(client, world, name):
    client.force_login(world.owner)
    response = client.get(address("admin_trainings", name, world.training, world))
    assert response.status_code == 200
    if name != "revisions_compare":
        assert SECRET in response.content.decode()


@pytest.mark.parametrize(
    "name", ["edit", "history", "revisions_view", "workflow_preview", "workflow_history_detail"]
)
def test_moderators_see_all(client, world, name):
    client.force_login(world.moderator)
    response = client.get(address("admin_trainings", name, world.training, world))
    assert response.status_code == 200
    assert SECRET in response.content.decode()


@pytest.mark.parametrize("name", ["abc", "0", "99999999999999999999999", "1..2"])
def test_absurd_numbers_are_not_found(client, world, name):
    client.force_login(world.owner)
    response = client.get(f"/admin/formations/history/{name}/revisions/compare/earliest...latest/")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/admin/formations/",
        "/admin/formations/add/",
        "/admin/besoins/",
        "/admin/choisir/commune/",
        "/admin/reports/site-history/",
    ],
)
def test_anonymous_visitors_are_sent_to_the_login_page(client, world, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))


def test_lists_and_exports_hold_ones_own_only(client, world):
    for user in (world.stranger, world.other_employer):
        client.force_login(user)
        for namespace in ("admin_trainings", "admin_needs"):
            for query in ({}, {"q": "secret"}, {"export": "csv"}):
                for name in ("list", "list_results"):
                    response = client.get(reverse(f"{namespace}:{name}"), query)
                    body = b"".join(response) if response.streaming else response.content
                    assert SECRET not in body.decode()
    client.force_login(world.owner)
    assert SECRET in client.get(reverse("admin_trainings:list")).content.decode()


REPORTS = [
    "site_history",
    "site_history_results",
    "workflow",
    "workflow_results",
    "workflow_tasks",
    "workflow_tasks_results",
    "aging_pages",
    "locked_pages",
    "page_types_usage",
]


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_the_moderators(client, world, name):
    url = reverse(f"wagtailadmin_reports:{name}")
    for user in (world.stranger, world.owner, world.employer):
        client.force_login(user)
        refuses(client, url)
        refuses(client, f"{url}?export=csv")


def test_moderators_read_the_workflow_report(client, world):
    client.force_login(world.moderator)
    assert SECRET in client.get(reverse("wagtailadmin_reports:workflow")).content.decode()


OTHER_PLACES = [
    "/admin/",
    "/admin/snippets/",
    "/admin/pages/",
    "/admin/pages/search/?q=secret",
    "/admin/api/main/pages/",
    "/admin/workflows/list/",
    "/admin/workflows/tasks/index/",
    "/admin/users/",
    "/admin/groups/",
    "/admin/organisations/",
    "/admin/rattachements/",
    "/admin/competences/",
    "/admin/snippets/choose/training/training/",
    "/admin/snippets/choose/people/organisation/",
]


@pytest.mark.parametrize("url", OTHER_PLACES)
def test_no_other_place_tells(client, world, url):
    for user in (world.stranger, world.other_employer):
        client.force_login(user)
        response = client.get(url)
        body = response.content.decode()
        for words in (SECRET, "Institut Un", "Biotech Un"):
            assert words not in body, url


def test_bulk_deletion_neither_names_nor_deletes(client, world):
    url = reverse("wagtail_bulk_action", args=["training", "training", "delete"])
    client.force_login(world.stranger)
    for query in (f"?id={world.training.pk}&next=/admin/", "?id=all&next=/admin/"):
        assert SECRET not in client.get(url + query).content.decode()
        client.post(url + query)
    assert Training.objects.count() == 1


def test_editing_sessions_do_not_tell_who_edits(client, world):
    client.force_login(world.stranger)
    url = reverse("wagtailadmin_editing_sessions:ping", args=["training", "training", world.training.pk, 1])
    assert client.post(url).status_code == 404


def test_the_organisation_chooser_knows_ones_own_only(client, world):
    client.force_login(world.stranger)
    listed = client.get(reverse("choose_organisation:choose")).content.decode()
    assert "Institut Deux" in listed
    assert "Institut Un" not in listed
    chosen = reverse("choose_organisation:chosen", args=[world.provider_one.pk])
    assert client.get(chosen).status_code == 404
    several = client.get(reverse("choose_organisation:chosen_multiple"), {"id": [world.provider_one.pk, "x"]})
    assert "Institut Un" not in several.content.decode()


def test_who_leaves_an_organisation_sees_nothing_more(client, world):
    world.owner.memberships.all().delete()
    client.force_login(world.owner)
    refuses(client, address("admin_trainings", "edit", world.training, world))
    assert SECRET not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_previews_are_for_those_permitted(client, world):
    url = reverse("admin_trainings:preview_on_edit", args=[world.training.pk])
    client.force_login(world.stranger)
    refuses(client, url)
    client.force_login(world.owner)
    posted = client.post(url, make.training_form("Titre en préparation"))
    assert posted.json() == {"is_valid": True, "is_available": True}
    assert "Titre en préparation" in client.get(url).content.decode()


def test_a_training_is_previewed_before_its_first_save(client, world):
    client.force_login(world.owner)
    url = reverse("admin_trainings:preview_on_add")
    place, skill = make.commune(), make.skill("culture", "Culture cellulaire")
    assert client.post(url, make.training_form("Pas encore née", [skill], place)).json()["is_available"]
    page = client.get(url).content.decode()
    assert "Pas encore née" in page
    assert "Culture cellulaire" in page
    assert "Lyon" in page
    assert Training.objects.count() == 1


@pytest.mark.parametrize(("namespace", "factory"), [("admin_trainings", "training"), ("admin_needs", "need")])
def test_the_number_of_queries_does_not_grow_with_the_list(
    client, world, namespace, factory, django_assert_max_num_queries
):
    owner = world.provider_one if factory == "training" else world.employer_one
    client.force_login(world.moderator)
    client.get(reverse(f"{namespace}:list"))
    for number in range(15):
        getattr(make, factory)(owner, f"Numéro {number}", live=bool(number % 2))
    with django_assert_max_num_queries(25):
        page = client.get(reverse(f"{namespace}:list")).content.decode()
    assert "Numéro 14" in page
