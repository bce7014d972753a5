"""Vectors of the generated trainings: the model's own for the originals, those with noise for their variations.

One rule: what the model has encoded stays in the scratch database, where the product itself keeps vectors by content: neither a
second run nor one that goes on after a stop encodes anything twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from benchmarks.search.corpus import Corpus
from search.documents.base import SearchDocument
from search.embeddings import Embedder
from search.engines.base import VectorisedDocument, Vectors
from search.vectors import vectorise

# A variation's vector is at this cosine from its original's, as a text and another wording of it are.
COSINE_OF_VARIATIONS = 0.95
_NOISE = np.sqrt(1 / COSINE_OF_VARIATIONS**2 - 1)


def batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    iterator = iter(numbers)
    while batch := list(islice(iterator, size)):
        yield batch


def vectors_of(texts: Iterable[str], embedder: Embedder) -> dict[str, Vectors]:
    """The vector of each text, by text."""
    named = {str(number): text for number, text in enumerate(dict.fromkeys(texts))}
    (made,) = vectorise([SearchDocument("", "", vectors=named)], embedder)
    return dict(zip(named.values(), made.vectors, strict=True))


def vectorised(corpus: Corpus, numbers: Sequence[int], embedder: Embedder) -> list[VectorisedDocument]:
    """These documents of a corpus, with their vectors."""
    originals = vectorise([corpus.document(number % corpus.originals) for number in numbers], embedder)
    return [
        _variation(corpus, number, original) if number >= corpus.originals else original
        for number, original in zip(numbers, originals, strict=True)
    ]


def _variation(corpus: Corpus, number: int, original: VectorisedDocument) -> VectorisedDocument:
    rows, dimensions = original.vectors.shape
    noise = np.random.default_rng(number).standard_normal((rows, dimensions)) * _NOISE / np.sqrt(dimensions)
    moved = original.vectors + noise
    vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return VectorisedDocument(corpus.document(number), original.names, vectors)
