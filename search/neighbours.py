"""The nearest objects to many texts at once, by meaning alone: what text → skills builds upon.

One rule: whoever decides on a cosine asks `calibration` what it is worth.
"""

from collections.abc import Sequence

from django.conf import settings

from search.calibration import Calibration, anchored
from search.embeddings import embedder
from search.engines.base import Engine, Neighbour, Vectors
from search.failover import Answered, ask
from search.recipe import embedder_for
from search.request import Kind

__all__ = ["Neighbour", "ask_nearest", "calibration", "nearest", "nearest_to"]


def calibration(kind: Kind) -> Calibration:
    """What a cosine with an object of this kind is worth, for the configured model."""
    model = embedder()
    return (model.calibrations.get(kind.value) if model else None) or anchored(
        settings.SEARCH_SEMANTIC_FLOOR, settings.SEARCH_SEMANTIC_PROBABILITY
    )


def nearest(
    kind: Kind, texts: Sequence[str], limit: int, engine_name: str = ""
) -> list[list[Neighbour]] | None:
    """For each text, the nearest objects, best first. None when no model made the live index's vectors.

    Raises `SearchUnavailable` without an index and `EmbeddingUnavailable` when the model cannot encode.
    """
    return ask_nearest(kind, texts, limit, engine_name).value


def ask_nearest(
    kind: Kind, texts: Sequence[str], limit: int, engine_name: str = ""
) -> Answered[list[list[Neighbour]] | None]:
    """`nearest`, with the notice of the index that answered."""
    return ask(lambda chosen: _nearest(chosen, kind, texts, limit), engine_name)


def nearest_to(
    kind: Kind, vectors: Vectors, limit: int, engine_name: str = ""
) -> list[list[Neighbour]] | None:
    """`nearest`, of texts that the configured model has encoded already, one row a text."""
    return ask(lambda chosen: _nearest_to(chosen, kind, vectors, limit), engine_name).value


def _nearest_to(chosen: Engine, kind: Kind, vectors: Vectors, limit: int) -> list[list[Neighbour]] | None:
    if embedder_for(chosen.live_recipe()) is None:
        return None
    return chosen.neighbours(kind, vectors, limit)


def _nearest(chosen: Engine, kind: Kind, texts: Sequence[str], limit: int) -> list[list[Neighbour]] | None:
    model = embedder_for(chosen.live_recipe())
    if model is None:
        return None
    if not texts:
        return []
    return chosen.neighbours(kind, model.encode(texts), limit)
