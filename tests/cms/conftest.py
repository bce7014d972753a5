"""The public site that page tests read, with or without a search index."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms.views import health
from tests.cms.factories import make_public_site, rebuild_index
from tests.search.stand_ins import distant_engine


@pytest.fixture
def site_without_index(db, own_index_folder):
    return make_public_site()


@pytest.fixture
def public_site(site_without_index):
    rebuild_index()
    return site_without_index


@pytest.fixture
def distant(site_without_index, settings, monkeypatch, tmp_path):
    """The site's engine can be told to fail; the embedded index stands by, and both are built."""
    monkeypatch.setattr(health, "_probe", health.Probe())  # what another test asked may still be waiting
    with distant_engine(settings, monkeypatch, tmp_path / "distant") as engine:
        for name in ("embedded", "distant"):
            call_command("search_index", "rebuild", engine=name, stdout=StringIO(), stderr=StringIO())
        yield engine
