"""From a title (a job, a diploma) to the nearest labels of a list, by meaning and by spelling. Pure: no Django, no engine.

One rule: labels stand in the neutral order of `search.fusion`, and scores are compared to the sixth decimal: a stable sort is
all that a ranking needs, and nobody gains from an equal score.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.characters import CharacterIndex
from search.engines.base import Vectors
from search.errors import LinkingUnavailable
from search.fusion import neutral_order
from skills.text import one_line

# Of the cosine of characters, against 1 for the cosine of meaning.
CHARACTER_WEIGHT = 0.05
# Of a concept's best label, against 1 for the label's own score, when labels are ranked by concept.
CONCEPT_WEIGHT = 3.0
_DECIMALS = 6
_QUERIES_AT_ONCE = 64
_TEXTS_AT_ONCE = 512

Rows = npt.NDArray[np.intp]
Watch = Callable[[Sequence[int]], Iterable[int]]  # lets somebody see how far a long loop is

# « (H/F) », « h/f/x », « (M/W/D) », « (femme/homme) ».
_GENDER = r"(?:[hfmwdx]|hommes?|femmes?)"
_GENDERS = re.compile(
    rf"\(\s*{_GENDER}(?:\s*[/,.|-]\s*{_GENDER})+\s*\)|(?<![\w/]){_GENDER}(?:\s*/\s*{_GENDER})+(?![\w/])",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s*/\s*")


def clean_title(text: str) -> str:
    """The title without « (H/F) » and the like, in lower case, its two forms joined as ESCO joins them."""
    bare = one_line(_GENDERS.sub(" ", text)).strip(" -–,;:")
    return _SLASH.sub("/", bare or one_line(text)).lower()


class Mode(Enum):
    HYBRID = "hybrid"
    MODEL = "model"
    CHARACTERS = "characters"


class Encoder(Protocol):
    """A model: texts to unit vectors, one row a text."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Half(Protocol):
    """One way of comparing titles with the texts of a list: cosines, one row a title, one column a text."""

    def similarities(self, titles: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class MeaningIndex:
    vectors: Vectors
    model: Encoder

    def similarities(self, titles: Sequence[str]) -> Vectors:
        return self.model.encode(titles) @ self.vectors.T


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a concept, and the code of what bears it."""

    code: str
    text: str
    concept: str


class LabelSet:
    """Labels in neutral order; `texts` has each distinct cleaned text once, and `text_rows` says which is a label's."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.labels = sorted(labels, key=lambda label: (neutral_order(label.code), label.text))
        self.texts, self.text_rows = _numbered(clean_title(label.text) for label in self.labels)
        self.concepts, self.concept_rows = _numbered(label.concept for label in self.labels)

    @cached_property
    def concept_places(self) -> dict[str, int]:
        return {concept: row for row, concept in enumerate(self.concepts)}

    @cached_property
    def by_concept(self) -> tuple[Rows, Rows]:
        """The labels, those of a concept together, and where each concept begins among them."""
        order = np.argsort(self.concept_rows, kind="stable")
        return order, np.searchsorted(self.concept_rows[order], np.arange(len(self.concepts)))

    def of_concept(self, concept: int) -> Rows:
        order, starts = self.by_concept
        end = starts[concept + 1] if concept + 1 < len(starts) else len(order)
        return order[starts[concept] : end]


def _numbered(values: Iterable[str]) -> tuple[list[str], Rows]:
    """The distinct values, in the order in which they come, and the place of each value among them."""
    places: dict[str, int] = {}
    rows = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(rows, dtype=np.intp)


class LabelRanker:
    """Scores titles against every label of a set, from 0 (or just under) to 1."""

    def __init__(self, known: LabelSet, meaning: Half | None, characters: Half | None) -> None:
        if not known.labels:
            raise LinkingUnavailable("Il n'y a aucun intitulé à comparer.")
        halves = ((meaning, 1.0), (characters, CHARACTER_WEIGHT))
        self.known = known
        self._halves = [(half, weight) for half, weight in halves if half is not None]

    def scores(self, titles: Sequence[str]) -> Vectors:
        """One row a title, one column a label, in the order of the set."""
        cleaned = [clean_title(title) for title in titles]
        total = sum(weight * half.similarities(cleaned) for half, weight in self._halves)
        mean = np.asarray(total) / sum(weight for _half, weight in self._halves)
        scores: Vectors = np.round(mean, _DECIMALS).astype(np.float32)[:, self.known.text_rows]
        return scores

    def each(self, titles: Iterable[str]) -> Iterator[Vectors]:
        """The scores of many titles, one after the other, in bounded memory."""
        waiting = iter(titles)
        while some := list(islice(waiting, _QUERIES_AT_ONCE)):
            yield from self.scores(some)

    def best_of_concepts(self, scores: Vectors) -> Vectors:
        """The score of each concept's best label, for the scores of one title."""
        order, starts = self.known.by_concept
        best: Vectors = np.maximum.reduceat(scores[order], starts)
        return best

    def with_concepts(self, scores: Vectors) -> Vectors:
        """The scores of one title's labels, each raised by the best label of its concept."""
        best = self.best_of_concepts(scores)
        raised = scores + CONCEPT_WEIGHT * best[self.known.concept_rows]
        return np.round(raised, _DECIMALS).astype(np.float32)


def build_ranker(
    known: LabelSet, mode: Mode, model: Encoder | None, watch: Watch = lambda steps: steps
) -> LabelRanker:
    """Compute what the mode needs. Raises LinkingUnavailable, and EmbeddingUnavailable when the model cannot encode."""
    meaning = characters = None
    if mode is not Mode.CHARACTERS:
        if model is None:
            raise LinkingUnavailable("Aucun modèle n'est choisi : donnez EMBEDDING_MODEL.")
        meaning = MeaningIndex(encode_all(known.texts, model, watch), model)
    if mode is not Mode.MODEL:
        characters = CharacterIndex.fit(known.texts)
    return LabelRanker(known, meaning, characters)


def encode_all(texts: Sequence[str], model: Encoder, watch: Watch = lambda steps: steps) -> Vectors:
    """The vectors of many texts, those of a length together, which the model likes."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    parts = []
    for start in watch(range(0, len(order), _TEXTS_AT_ONCE)):
        parts.append(model.encode([texts[row] for row in order[start : start + _TEXTS_AT_ONCE]]))
    if not parts:
        return np.zeros((0, 0), dtype=np.float32)
    vectors = np.concatenate(parts)
    placed = np.empty_like(vectors)
    placed[order] = vectors
    return placed


def ranks(scores: Vectors, columns: Rows) -> list[int]:
    """The rank from 1 of these labels among all, equal scores in the order of the labels."""
    best_first = np.argsort(-scores, kind="stable")
    places = np.empty(len(best_first), dtype=np.intp)
    places[best_first] = np.arange(1, len(best_first) + 1)
    return [int(rank) for rank in places[columns]]
