"""The public site that page tests read, with or without a search index."""

import pytest

from search.engines import engine
from tests.cms.factories import make_public_site, rebuild_index


@pytest.fixture
def own_index_folder(settings, tmp_path):
    """An index folder of the test's own, empty."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    engine.cache_clear()
    yield
    engine.cache_clear()


@pytest.fixture
def site_without_index(db, own_index_folder):
    return make_public_site()


@pytest.fixture
def public_site(site_without_index):
    rebuild_index()
    return site_without_index
