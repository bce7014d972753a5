"""Vectors of documents, computed once and kept by content hash."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from search.documents.base import SearchDocument
from search.embeddings import Embedder
from search.engines.base import VectorisedDocument
from search.models import EmbeddingVector


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def vectorise(documents: Sequence[SearchDocument], embedder: Embedder | None) -> list[VectorisedDocument]:
    """Each document with its vectors; without an embedder, with none."""
    if embedder is None:
        return [VectorisedDocument(document) for document in documents]
    vectors = _vectors(
        dict.fromkeys(text for document in documents for _, text in _texts(document)), embedder
    )
    return [_with_vectors(document, vectors) for document in documents]


def _texts(document: SearchDocument) -> list[tuple[str, str]]:
    return [(name, text) for name, text in document.vectors.items() if text.strip()]


def _with_vectors(document: SearchDocument, vectors: dict[str, np.ndarray]) -> VectorisedDocument:
    named = _texts(document)
    if not named:
        return VectorisedDocument(document)
    rows = np.stack([vectors[text] for _, text in named])
    return VectorisedDocument(document, tuple(name for name, _ in named), rows)


def _vectors(texts: Iterable[str], embedder: Embedder) -> dict[str, np.ndarray]:
    recipe = embedder.recipe.fingerprint
    by_digest = {text_digest(text): text for text in texts}
    kept = EmbeddingVector.objects.filter(recipe=recipe, digest__in=list(by_digest)).values_list(
        "digest", "vector"
    )
    found = {digest: np.frombuffer(bytes(vector), dtype=np.float32) for digest, vector in kept}
    missing = [digest for digest in by_digest if digest not in found]
    if missing:
        encoded = embedder.encode([by_digest[digest] for digest in missing])
        found.update(zip(missing, encoded, strict=True))
        EmbeddingVector.objects.bulk_create(
            [EmbeddingVector(recipe=recipe, digest=d, vector=found[d].tobytes()) for d in missing],
            ignore_conflicts=True,
        )
    return {by_digest[digest]: vector for digest, vector in found.items()}
