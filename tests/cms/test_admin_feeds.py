"""The feeds' screens: who sees and runs what, what the form refuses, the runs and the two buttons."""

import datetime as dt
import html
import re
import socket

import pytest
from django.contrib.messages import get_messages
from django.urls import get_resolver, reverse
from django.utils import timezone

from cms.admin.groups import setup_groups
from people.models import OrganisationKind
from tests.cms import admin_factories as make
from tests.training.feeds import server as at
from tests.training.feeds.conftest import feed_settings, server  # noqa: F401 - fixtures
from tests.training.lheo_samples import formation, lheo
from training.feeds.claims import open_run
from training.models import FeedRun, Training, TrainingFeed

pytestmark = pytest.mark.django_db

SECRET = "Flux très secret"
OF_A_FEED = ["edit", "delete", "usage", "history", "history_results", "runs", "run", "fetch", "accept"]
WITHOUT_OBJECT = {"list", "list_results", "add"}


@pytest.fixture
def world(db, server, feed_settings):  # noqa: F811 - the fixtures imported above
    """A feed of organisation one, held; a stranger of organisation two."""
    setup_groups()

    class World:
        one, two = make.organisation("École d'essai"), make.organisation("Institut Deux")
        employer = make.employer_account(make.organisation("Biotech", OrganisationKind.CDMO))
        owner, stranger, moderator = (
            make.provider_account(one),
            make.provider_account(two),
            make.moderator_account(),
        )
        feed = TrainingFeed.objects.create(
            name=SECRET, source="secret", organisation=one, url=server.url(), is_active=True
        )

    World.server = server
    return World


def serve(world, count, **changes):
    formations = [formation(f"F{number}", siret="", **changes) for number in range(1, count + 1)]
    world.server.answers["/flux.xml"] = at.reply(lheo(*formations).encode())


def url(name, feed, run=None) -> str:
    return reverse(f"admin_feeds:{name}", args=[feed.pk, *([run.pk] if run else [])])


def words(response) -> list[str]:
    """The messages that are waiting, the last one first."""
    return [html.unescape(str(message)) for message in get_messages(response.wsgi_request)][::-1]


@pytest.fixture
def held(client, world):
    """Ten trainings loaded, then a content that would remove seven."""
    client.force_login(world.owner)
    for count in (10, 3):
        serve(world, count)
        client.post(url("fetch", world.feed))
    return FeedRun.objects.get(outcome="held")


def test_the_list_of_addresses_is_complete():
    admin = get_resolver().namespace_dict["admin_feeds"][1]
    assert {name for name in admin.reverse_dict if isinstance(name, str)} == {*OF_A_FEED, *WITHOUT_OBJECT}


@pytest.mark.parametrize("name", OF_A_FEED)
def test_anothers_feed_is_out_of_reach(client, world, held, name):
    before = FeedRun.objects.count()
    address = url(name, world.feed, held if name in {"run", "accept"} else None)
    for user in (world.stranger, world.employer):
        client.force_login(user)
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in {302, 404}
            assert SECRET not in response.content.decode()
    assert FeedRun.objects.count() == before
    assert TrainingFeed.objects.filter(name=SECRET).exists()
    held.refresh_from_db()
    assert held.accepted_at is None


def test_a_run_is_not_reached_through_ones_own_feed(client, world, held):
    own = TrainingFeed.objects.create(
        name="Le mien", organisation=world.two, url=world.server.url(), is_active=True
    )
    client.force_login(world.stranger)
    assert client.get(url("run", own, held)).status_code == 404
    assert client.post(url("accept", own, held)).status_code == 404
    held.refresh_from_db()
    assert held.accepted_at is None


def test_each_sees_the_feeds_within_reach(client, world):
    TrainingFeed.objects.create(name="Flux de Deux", organisation=world.two, url=world.server.url())
    for user, seen in (
        (world.owner, {SECRET}),
        (world.stranger, {"Flux de Deux"}),
        (world.moderator, {SECRET, "Flux de Deux"}),
    ):
        client.force_login(user)
        listed = client.get(reverse("admin_feeds:list")).content.decode()
        assert {name for name in (SECRET, "Flux de Deux") if name in listed} == seen
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "Ajouter un flux" in home
    client.force_login(world.employer)
    assert client.get(reverse("admin_feeds:list")).status_code == 302
    assert "Ajouter un flux" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_list_asks_no_more_for_more_feeds(client, world, django_assert_max_num_queries):
    for number in range(12):
        organisation = make.organisation(f"Institut {number}")
        TrainingFeed.objects.create(name=f"Flux {number}", organisation=organisation, url=world.server.url())
    client.force_login(world.moderator)
    client.get(reverse("admin_feeds:list"))
    with django_assert_max_num_queries(25):
        listed = client.get(reverse("admin_feeds:list"))
    assert "jamais récupéré" in listed.content.decode()
    assert client.get(reverse("admin_feeds:list"), {"is_active": "true"}).status_code == 200


# --- The form


def form(world, **fields) -> dict:
    return {"name": "Nouveau", "url": world.server.url(), "format": "lheo", "interval_hours": "24", **fields}


def test_a_providers_feed_waits_for_a_moderator(client, world):
    client.force_login(world.owner)
    posted = form(
        world, is_active="on", admits_others="on", folder="x", source="mine", organisation=world.two.pk
    )
    client.post(reverse("admin_feeds:add"), posted)
    feed = TrainingFeed.objects.get(name="Nouveau")
    assert feed.organisation == world.one
    assert (feed.is_active, feed.admits_others, feed.folder) == (False, False, "")
    assert feed.source == "ecole-dessai-nouveau"
    response = client.post(url("fetch", feed))
    assert "n'est pas actif" in words(response)[0]
    assert not feed.runs.exists()

    client.force_login(world.moderator)
    posted = form(world, organisation=world.one.pk, is_active="on", source="autre")
    client.post(url("edit", feed), posted)
    feed.refresh_from_db()
    assert feed.is_active
    assert feed.source == "ecole-dessai-nouveau", "given once and for all"


def test_a_source_that_trainings_come_from_is_never_given_again(client, world):
    make.training(world.two, "Importée", source="ecole-dessai-nouveau", external_id="1")
    client.force_login(world.owner)
    client.post(reverse("admin_feeds:add"), form(world))
    assert TrainingFeed.objects.get(name="Nouveau").source == "ecole-dessai-nouveau-2"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"url": "ftp://exemple.fr/flux.xml"}, "https://"),
        ({"url": "http://10.0.0.1/flux.xml"}, "publique"),
        ({"url": "http://0xa000001/flux.xml"}, "publique"),
        ({"url": "http://[fd00::1]/flux.xml"}, "publique"),
        ({"url": "https://moi:secret@exemple.fr/"}, "mot de passe"),
        ({"url": "https://interne.exemple.fr/"}, "aucune adresse publique"),
        ({"url": ""}, "l&#x27;un des deux"),
        ({"interval_hours": "0"}, "1"),
        ({"interval_hours": "1000"}, "168"),
        ({"name": ""}, "requis"),
    ],
)
def test_the_form_refuses_at_once_without_fetching(client, world, monkeypatch, fields, why):
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *args, **kwargs: real("10.0.0.1", *args, **kwargs)
    )
    client.force_login(world.owner)
    response = client.post(reverse("admin_feeds:add"), form(world, **fields))
    assert response.status_code == 200
    assert why in response.content.decode()
    assert TrainingFeed.objects.count() == 1
    assert world.server.requests == []


def test_a_name_server_in_trouble_does_not_stop_the_form(client, world, monkeypatch):
    def away(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    client.force_login(world.owner)
    client.post(reverse("admin_feeds:add"), form(world, url="https://exemple.fr/flux.xml"))
    assert TrainingFeed.objects.filter(name="Nouveau").exists()


@pytest.mark.parametrize("folder", ["/etc", "../ailleurs", "a/../../b"])
def test_a_moderator_gives_a_folder_below_the_root(client, world, folder):
    client.force_login(world.moderator)
    posted = form(world, organisation=world.one.pk, url="")
    response = client.post(reverse("admin_feeds:add"), {**posted, "folder": folder})
    assert "racine des flux" in response.content.decode()
    both = client.post(reverse("admin_feeds:add"), form(world, organisation=world.one.pk, folder="ecole"))
    assert "un des deux" in both.content.decode()
    client.post(reverse("admin_feeds:add"), {**posted, "folder": "ecole/flux"})
    assert TrainingFeed.objects.get(name="Nouveau").folder == "ecole/flux"


def test_a_provider_who_changes_the_address_puts_the_feed_to_sleep(client, world, held):
    client.force_login(world.owner)
    renamed = form(world, name="Renommé", interval_hours="6")
    client.post(url("edit", world.feed), renamed)
    world.feed.refresh_from_db()
    assert (world.feed.is_active, world.feed.name) == (True, "Renommé")
    assert world.feed.fingerprint
    response = client.post(url("edit", world.feed), {**renamed, "url": world.server.url("/autre.xml")})
    assert "attend que la modération" in " ".join(words(response))
    world.feed.refresh_from_db()
    assert (world.feed.is_active, world.feed.fingerprint) == (False, "")
    held.refresh_from_db()
    assert not held.can_be_accepted, "the content held was that of the former address"


def test_a_provider_keeps_the_folder_that_a_moderator_gave(client, world):
    TrainingFeed.objects.update(url="", folder="ecole")
    client.force_login(world.owner)
    client.post(url("edit", world.feed), form(world, name="Renommé", url=""))
    world.feed.refresh_from_db()
    assert (world.feed.name, world.feed.folder, world.feed.is_active) == ("Renommé", "ecole", True)
    response = client.post(url("edit", world.feed), form(world))
    assert "un des deux" in response.content.decode()


def test_a_moderator_changes_the_address_of_an_active_feed(client, world):
    client.force_login(world.moderator)
    posted = form(world, organisation=world.one.pk, is_active="on", url=world.server.url("/autre.xml"))
    client.post(url("edit", world.feed), posted)
    world.feed.refresh_from_db()
    assert (world.feed.is_active, world.feed.url) == (True, world.server.url("/autre.xml"))


def test_a_feed_is_deleted_and_its_trainings_stay(client, world, held):
    client.force_login(world.owner)
    client.post(url("delete", world.feed))
    assert not TrainingFeed.objects.exists()
    assert Training.objects.filter(live=True).count() == 10


# --- Runs and buttons


def test_the_buttons_only_take_posts(client, world, held):
    client.force_login(world.owner)
    assert client.get(url("fetch", world.feed)).status_code == 405
    assert client.get(url("accept", world.feed, held)).status_code == 405


def test_fetching_now_writes_a_task_and_the_run_is_shown(client, world):
    serve(world, 2)
    client.force_login(world.owner)
    assert "encore jamais" in client.get(url("runs", world.feed)).content.decode()
    response = client.post(url("fetch", world.feed))
    assert response.url == url("runs", world.feed)
    assert "Récupération demandée" in words(response)[0]
    page = client.get(url("runs", world.feed)).content.decode()
    assert "2 ajouts, 0 modification, 0 retrait." in page
    assert "Récupérer maintenant" in page


def test_nothing_is_fetched_in_the_request(client, world, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client.force_login(world.owner)
    client.post(url("fetch", world.feed))
    assert world.server.requests == []
    assert not FeedRun.objects.exists()


def test_a_feed_being_fetched_is_not_asked_again(client, world):
    open_run(world.feed.pk)
    client.force_login(world.owner)
    page = client.get(url("runs", world.feed)).content.decode()
    assert "en cours" in page
    assert "Récupérer maintenant" not in page
    assert "déjà en cours" in words(client.post(url("fetch", world.feed)))[0]
    assert FeedRun.objects.count() == 1
    FeedRun.objects.update(started_at=timezone.now() - dt.timedelta(days=1))
    assert "Récupérer maintenant" in client.get(url("runs", world.feed)).content.decode()


@pytest.mark.parametrize("who", ["owner", "moderator"])
def test_a_held_run_shows_its_difference_and_is_accepted_once(client, world, held, who):
    client.force_login(getattr(world, who))
    page = client.get(url("run", world.feed, held)).content.decode()
    assert "7 formations en ligne sur 10" in page
    assert "Différences, non chargées" in page
    assert page.count(">retrait<") == 7
    assert "Accepter les retraits" in page
    assert Training.objects.filter(live=True).count() == 10
    client.post(url("accept", world.feed, held))
    assert Training.objects.filter(live=True).count() == 3
    held.refresh_from_db()
    assert held.accepted_by == getattr(world, who)
    page = client.get(url("run", world.feed, held)).content.decode()
    assert "Retraits acceptés le" in page
    assert "quitteront" not in page
    response = client.post(url("accept", world.feed, held))
    assert "ne peut plus être accepté" in words(response)[0]


def test_an_account_that_may_only_look_has_no_buttons(client, world, held):
    group = world.owner.groups.get()
    group.permissions.remove(group.permissions.get(codename="change_trainingfeed"))
    client.force_login(world.owner)
    page = client.get(url("runs", world.feed)).content.decode()
    assert "retenu" in page
    assert "Récupérer maintenant" not in page
    assert "quitteront" not in client.get(url("run", world.feed, held)).content.decode()
    before = FeedRun.objects.count()
    client.post(url("fetch", world.feed))
    client.post(url("accept", world.feed, held))
    assert FeedRun.objects.count() == before
    held.refresh_from_db()
    assert held.accepted_at is None


def test_a_run_shows_rejections_warnings_and_changes_as_text(client, world):
    serve(world, 1, title="Cuve &amp; filtre", hours="beaucoup")
    client.force_login(world.owner)
    client.post(url("fetch", world.feed))
    formations = [formation("F1", siret="", title="Cuve &amp; pompe"), formation("F2", title="")]
    world.server.answers["/flux.xml"] = at.reply(lheo(*formations).encode())
    client.post(url("fetch", world.feed))
    page = client.get(url("run", world.feed, FeedRun.objects.first())).content.decode()
    assert "Cuve &amp; filtre → Cuve &amp; pompe" in page
    assert "formation sans intitulé" in page
    assert "Premiers avertissements" in page


def test_long_lists_have_pages(client, world):
    serve(world, 60)
    client.force_login(world.owner)
    client.post(url("fetch", world.feed))
    run = FeedRun.objects.get()
    assert [
        client.get(url("run", world.feed, run), {"p": page}).content.decode().count(">ajout<")
        for page in (1, 2)
    ] == [50, 10]
    FeedRun.objects.bulk_create(
        FeedRun(feed=world.feed, finished_at=timezone.now(), outcome="failed", message=f"essai {number}")
        for number in range(30)
    )
    pages = [client.get(url("runs", world.feed), {"p": page}).content.decode() for page in (1, 2, "x")]
    assert [len(re.findall(r"<td>essai \d+</td>", page)) for page in pages] == [20, 10, 20]


def test_the_runs_of_a_feed_are_listed_in_few_queries(client, world, held, django_assert_max_num_queries):
    FeedRun.objects.bulk_create(
        FeedRun(feed=world.feed, finished_at=timezone.now(), outcome="failed") for _ in range(30)
    )
    with django_assert_max_num_queries(20):
        client.get(url("runs", world.feed))
