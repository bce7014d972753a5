"""The nearest objects to many texts at once, by meaning alone: what text → skills builds upon."""

from collections.abc import Sequence

from search.engines import engine
from search.engines.base import Neighbour
from search.recipe import embedder_for
from search.request import Kind

__all__ = ["Neighbour", "nearest"]


def nearest(
    kind: Kind, texts: Sequence[str], limit: int, engine_name: str = ""
) -> list[list[Neighbour]] | None:
    """For each text, the nearest objects, best first. None when no model made the live index's vectors.

    Raises `SearchUnavailable` without an index and `EmbeddingUnavailable` when the model cannot encode.
    """
    chosen = engine(engine_name)
    model = embedder_for(chosen.live_recipe())
    if model is None:
        return None
    if not texts:
        return []
    return chosen.neighbours(kind, model.encode(texts), limit)
