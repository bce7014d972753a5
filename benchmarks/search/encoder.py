"""The model itself, in a process of its own: the one place where it encodes, and where its time is measured."""

from functools import partial

from django.utils import timezone

from benchmarks.search.engine_subject import corpus, vector_texts
from benchmarks.search.processes import Measured
from benchmarks.search.queries import queries
from benchmarks.search.timing import seconds
from benchmarks.search.vectors import batches, vectorised, vectors_of
from search.embeddings import embedder
from search.errors import EmbeddingUnavailable
from skills.imports.progress import progress

CHUNK = 200  # trainings; what is encoded between two stops


class Encoder(Measured):
    def __init__(self, count: int = 0) -> None:
        self.model = embedder()
        if self.model is None:
            raise EmbeddingUnavailable("This benchmark needs the model (option « ml »).")
        self.texts = [text for text in vector_texts(queries(timezone.localdate(), count)) if text]

    def prepare(self, size: int, open_data: str, originals: int) -> int:
        """Encode every text that a corpus of this size and the queries need; how many trainings are originals."""
        made, own = corpus(open_data, originals), min(size, originals)
        for numbers in progress(batches(range(own), CHUNK), "encoding", -(-own // CHUNK)):
            vectorised(made, numbers, self.model)
        vectors_of(self.texts, self.model)
        return own

    def round(self) -> list[float | None]:
        """Seconds to encode each query alone, as a search does."""
        self.model.encode(self.texts[:1])
        return [seconds(partial(self.model.encode, [text])) for text in self.texts]
