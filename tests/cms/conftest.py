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
def static_root(settings, tmp_path):
    """WhiteNoise warns about a folder that collectstatic has not made yet."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def site_without_index(db, own_index_folder, static_root):
    return make_public_site()


@pytest.fixture
def public_site(site_without_index):
    rebuild_index()
    return site_without_index
