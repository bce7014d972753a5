"""The nearest objects by their several vectors. Pure: bodies and their answers.

One rule: candidates come from the int8 graph and are scored again with the full vectors, so that cosines compare with those
of the embedded engine; filters apply while the graph is walked, never after.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from elasticsearch.dsl import query as q

from search.engines.base import Neighbour
from search.engines.elasticsearch.mappings import VECTOR_FIELD

# Candidates looked at in the graph for one result kept, and how many of them are scored again.
CANDIDATES_A_RESULT = 2
LEAST_CANDIDATES = 150
OVERSAMPLE = 2.0


def nearest_body(
    vector: Any, limit: int, filters: Sequence[q.Query] = (), *, named: bool = False
) -> dict[str, Any]:
    """The `limit` nearest documents that pass the filters; `named` asks which of their vectors is the nearest."""
    knn: dict[str, Any] = {
        "field": VECTOR_FIELD,
        "query_vector": np.asarray(vector, dtype=np.float32).tolist(),
        "k": limit,
        "num_candidates": max(limit * CANDIDATES_A_RESULT, LEAST_CANDIDATES),
        "rescore_vector": {"oversample": OVERSAMPLE},
    }
    if filters:
        knn["filter"] = [one.to_dict() for one in filters]
    if named:
        knn["inner_hits"] = {"size": 1, "_source": False, "docvalue_fields": ["vectors.name"]}
    return {"knn": knn, "size": limit, "_source": False}


def similarities(response: Any) -> dict[str, float]:
    """The cosine of each document found, best first."""
    return {hit["_id"]: _cosine(hit["_score"]) for hit in response["hits"]["hits"]}


def neighbours(response: Any) -> list[Neighbour]:
    """Best first, equal ones by code."""
    found = [
        Neighbour(hit["_id"], _cosine(hit["_score"]), _vector_name(hit)) for hit in response["hits"]["hits"]
    ]
    return sorted(found, key=lambda one: (-one.similarity, one.code))


def _cosine(score: float) -> float:
    """Elasticsearch scores unit vectors by (1 + cosine) / 2."""
    return 2 * score - 1


def _vector_name(hit: Any) -> str:
    inner = next(iter(hit["inner_hits"].values()))
    return str(inner["hits"]["hits"][0]["fields"]["vectors.name"][0])
