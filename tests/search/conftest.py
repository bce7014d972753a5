"""A real index of its own for every test: embedded, or in the Elasticsearch server that tests share."""

import pytest
from django.core.management import call_command

from search import engines
from tests.search.stand_ins import distant_engine


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    engines.engine.cache_clear()
    yield
    engines.engine.cache_clear()


@pytest.fixture
def rebuild(db):
    def run() -> None:
        call_command("search_index", "rebuild", verbosity=0, stdout=_Silent())

    return run


@pytest.fixture
def distant(own_index, settings, monkeypatch, tmp_path):
    """An engine that can be told to fail is the site's; the embedded one stands by."""
    with distant_engine(settings, monkeypatch, tmp_path / "distant") as engine:
        yield engine


class _Silent:
    def write(self, text: str) -> None:
        pass
