"""What the tests of feeds share: the server, a state folder of the test's own, a feed that reads the server."""

import pytest

from people.models import Organisation, OrganisationKind
from tests.training.feeds.server import FeedServer
from tests.training.lheo_samples import SIRET, commune
from training.models import TrainingFeed


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
