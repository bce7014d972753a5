"""A real embedded index in a folder of its own for every test."""

import pytest
from django.core.management import call_command

from search import engines


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


class _Silent:
    def write(self, text: str) -> None:
        pass
