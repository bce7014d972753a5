"""Vectors of the generated trainings: the model's own for the originals, those with noise for their variations.

One rule: what the model has encoded is kept under the state folder by content, chunk by chunk, so that neither a second run nor
one that goes on after a stop encodes anything twice.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.search.corpus import Corpus
from search.documents.base import SearchDocument
from search.embeddings import Embedder
from search.engines.base import VectorisedDocument, Vectors
from skills.imports.progress import progress

CHUNK = 256
# A variation's vector is at this cosine from its original's, as a text and another wording of it are.
COSINE_OF_VARIATIONS = 0.95
_NOISE = np.sqrt(1 / COSINE_OF_VARIATIONS**2 - 1)


def encoded(texts: Iterable[str], embedder: Embedder, state: Path) -> dict[str, Vectors]:
    """The vector of each text, by text."""
    folder = state / "vectors" / embedder.recipe.fingerprint
    folder.mkdir(parents=True, exist_ok=True)
    distinct = sorted(
        set(texts), key=lambda text: (len(text), text)
    )  # texts of one length pad each other least
    chunks = [distinct[at : at + CHUNK] for at in range(0, len(distinct), CHUNK)]
    return {
        text: vector
        for chunk in progress(chunks, "encoding")
        for text, vector in zip(chunk, _chunk(chunk, embedder, folder), strict=True)
    }


def _chunk(texts: Sequence[str], embedder: Embedder, folder: Path) -> Vectors:
    path = folder / f"{hashlib.sha256(repr(texts).encode()).hexdigest()[:24]}.npy"
    if not path.exists():
        beside = path.with_suffix(".new.npy")
        np.save(beside, embedder.encode(texts))
        beside.replace(path)
    vectors: Vectors = np.load(path)
    return vectors


def original_texts(corpus: Corpus, size: int) -> Iterable[str]:
    """The texts that the model itself must encode for a corpus of this size."""
    for document in corpus.documents(0, min(size, corpus.originals)):
        yield from filled(document).values()


def filled(document: SearchDocument) -> dict[str, str]:
    return {name: text for name, text in document.vectors.items() if text}


class VectorisedCorpus:
    def __init__(self, corpus: Corpus, by_text: dict[str, Vectors]) -> None:
        self.corpus, self.by_text = corpus, by_text

    def chunks(self, size: int, of: int) -> Iterable[list[VectorisedDocument]]:
        numbers = iter(range(size))
        while chunk := list(islice(numbers, of)):
            yield [self.document(number) for number in chunk]

    def document(self, number: int) -> VectorisedDocument:
        document = self.corpus.document(number)
        original = number % self.corpus.originals
        is_original = original == number
        texts = filled(document if is_original else self.corpus.document(original))
        vectors = np.stack([self.by_text[text] for text in texts.values()])
        return VectorisedDocument(document, tuple(texts), vectors if is_original else _noisy(vectors, number))


def _noisy(vectors: Vectors, number: int) -> Vectors:
    rows, dimensions = vectors.shape
    noise = np.random.default_rng(number).standard_normal((rows, dimensions)) * _NOISE / np.sqrt(dimensions)
    moved = vectors + noise
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
