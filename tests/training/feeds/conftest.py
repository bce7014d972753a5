"""What the tests of feeds share: the server, a state folder of the test's own, a feed that reads the server."""

import pytest

from people.models import Organisation, OrganisationKind
from tests.training.feeds import server as at
from tests.training.feeds.server import FeedServer
from tests.training.lheo_samples import SIRET, commune, lheo
from training.feeds.fetching import Limits, Validators, fetch
from training.feeds.problems import FeedProblem
from training.feeds.running import Request, run_feed
from training.models import FeedRun, TrainingFeed


@pytest.fixture
def server():
    started = FeedServer()
    yield started
    started.close()


@pytest.fixture
def feed_settings(settings, tmp_path):
    settings.FEED_STATE_DIR = tmp_path / "state"
    settings.FEED_TIMEOUT_SECONDS = 5
    settings.FEED_FOLDERS_ROOT = ""
    return settings


@pytest.fixture
def school(db):
    commune("69266", "Villeurbanne", "69100")
    return Organisation.objects.create(
        name="École d'essai", kind=OrganisationKind.TRAINING_PROVIDER, siret=SIRET
    )


@pytest.fixture
def feed(feed_settings, school, server):
    return TrainingFeed.objects.create(
        name="Flux d'essai", source="essai", organisation=school, url=server.url(), is_active=True
    )


@pytest.fixture
def serve(server):
    def serve_formations(*formations, **headers):
        server.answers["/flux.xml"] = at.reply(lheo(*formations).encode(), **headers)

    return serve_formations


@pytest.fixture
def run(feed):
    def run_now(**options) -> FeedRun:
        return run_feed(feed.pk, Request(**options))

    return run_now


@pytest.fixture
def target(tmp_path):
    return tmp_path / "incoming"


@pytest.fixture
def get(server, target):
    def get_with(url="", *, answer=None, max_bytes=1_000_000, seconds=5.0, loopback=True, **validators):
        if answer is not None:
            server.answers["/flux.xml"] = answer
        return fetch(
            url or server.url(), target, Limits(max_bytes, seconds, loopback), Validators(**validators)
        )

    return get_with


@pytest.fixture
def problem(get, target):
    """Fetch, expecting a problem; nothing of the content may stay behind."""

    def of(*args, kind=FeedProblem, **kwargs):
        with pytest.raises(kind) as caught:
            get(*args, **kwargs)
        assert not target.exists()
        return caught.value

    return of
