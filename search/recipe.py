"""The recipe of an index: what it was built with. An index of another recipe answers by words only and says so."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from search.embeddings import Embedder, embedder
from search.engines.base import Engine

DOCUMENT_VERSION = 6


def current_recipe(chosen: Engine) -> dict[str, Any]:
    """What an index built now by this engine would be made with. `embedding` is None without a model."""
    model = embedder()
    return {
        "documents": DOCUMENT_VERSION,
        "analysis": chosen.analysis(),
        "embedding": {**asdict(model.recipe), "fingerprint": model.recipe.fingerprint} if model else None,
    }


def embedder_for(recipe: Mapping[str, Any]) -> Embedder | None:
    """The embedder that made the vectors of this recipe, when it is the one configured now; else None."""
    model, built_with = embedder(), recipe.get("embedding")
    if model is None or not built_with or built_with["fingerprint"] != model.recipe.fingerprint:
        return None
    return model
