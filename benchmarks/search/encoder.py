"""The model itself, in a process of its own: the one place where it encodes, and where its time is measured."""

from functools import partial
from pathlib import Path

from django.utils import timezone

from benchmarks.search.engine_subject import corpus, vector_texts
from benchmarks.search.processes import Measured
from benchmarks.search.queries import queries
from benchmarks.search.timing import seconds
from benchmarks.search.vectors import encoded, original_texts
from search.embeddings import embedder
from search.errors import EmbeddingUnavailable


class Encoder(Measured):
    def __init__(self, state: str, count: int = 0) -> None:
        self.model, self.state = embedder(), Path(state)
        if self.model is None:
            raise EmbeddingUnavailable("This benchmark needs the model (option « ml »).")
        self.texts = [text for text in vector_texts(queries(timezone.localdate(), count)) if text]

    def prepare(self, size: int, open_data: str, originals: int) -> int:
        """Encode every text that a corpus of this size and the queries need; how many trainings are originals."""
        made = corpus(open_data, originals)
        encoded(original_texts(made, size), self.model, self.state)
        encoded(self.texts, self.model, self.state)
        return min(size, originals)

    def round(self) -> list[float | None]:
        """Seconds to encode each query alone, as a search does."""
        self.model.encode(self.texts[:1])
        return [seconds(partial(self.model.encode, [text])) for text in self.texts]
