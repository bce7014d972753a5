"""The two engines on the same documents."""

from collections.abc import Sequence

import pytest

from search.engines import engine
from search.engines.base import Engine, VectorisedDocument
from search.request import Kind

RECIPE = {"documents": 0, "analysis": {}, "embedding": None}


def serve(chosen: Engine, documents: dict[Kind, Sequence[VectorisedDocument]]) -> str:
    """Make these documents the live generation."""
    generation = chosen.create({**RECIPE, "analysis": chosen.analysis()})
    for kind, items in documents.items():
        chosen.write(generation, kind, items)
    chosen.mark_ready(generation)
    chosen.promote(generation)
    return generation


@pytest.fixture
def engines(elasticsearch_prefix, settings, tmp_path) -> list[Engine]:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    engine.cache_clear()
    return [engine("embedded"), engine("elasticsearch")]
