"""The titles nearest to what was typed, by meaning and by spelling, over every title in the database.

One rule: the index is built by `manage.py build_title_index`, never in a request. Without it, or when another model made it,
titles are found by their words only; and a row is shown as the database has it, not as it was when the index was built.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.conf import settings
from django.db.models import Model

from matching.calibration import NEAR_TITLE
from matching.origins.title_tables import (
    ESCO_OCCUPATION,
    KINDS,
    ROME_JOB,
    TABLES,
    Candidate,
    make_candidate,
    names_of,
    titles_of,
)
from search.embeddings import embedder
from search.engines.base import Vectors
from search.errors import EmbeddingUnavailable, LinkingUnavailable
from search.label_store import LabelStore
from search.linking import Label, LabelRanker
from skills.text import text_key

logger = logging.getLogger(__name__)
# Titles that words did not find and that are proposed, at most.
MOST_NEAREST = 10
_READ_AT_ONCE = 2000


def store() -> LabelStore:
    return LabelStore(settings.SEARCH_INDEX_DIR / "titles")


def stored_titles() -> Iterator[Label]:
    """Every name of every row; a ROME job is one of its own titles. The concept is the row."""
    for kind in KINDS:
        if kind == ROME_JOB:
            continue
        for row in TABLES[kind].rows().order_by("pk").iterator(_READ_AT_ONCE):
            key = make_candidate(kind, row, 0.0).key
            yield from (Label(key, name, key) for name in names_of(kind, row) if text_key(name))


def with_nearest(text: str, kinds: Sequence[str], found: Sequence[Candidate]) -> list[Candidate]:
    """What words found, with how near each comes, and the nearest others. Without an index, what words found. One query a
    table.
    """
    try:
        model = embedder()
        ranker = store().ranker(model) if model and text_key(text) else None
        measured = _Measured(ranker, ranker.scores([text])[0]) if ranker else None
    except (EmbeddingUnavailable, LinkingUnavailable) as error:
        logger.warning("titles are found by words only", extra={"error": str(error)})
        measured = None
    if measured is None:
        return list(found)
    known = {one.key for one in found}
    placed = [replace(one, nearness=measured.nearness(one)) for one in found]
    return placed + list(_candidates(_near(measured, kinds, known)))


@dataclass(frozen=True, slots=True)
class _Near:
    kind: str
    code: str
    name: str
    nearness: float


class _Measured:
    """How near one text comes to each row of the index."""

    def __init__(self, ranker: LabelRanker, scores: Vectors) -> None:
        self._known, self._scores = ranker.known, scores
        self._best = ranker.best_of_concepts(scores)

    def nearness(self, one: Candidate) -> float:
        """Of a row that came after the index was built, words alone can tell."""
        row = self._known.concept_places.get(one.key)
        return one.likeness if row is None else float(self._best[row])

    def best_first(self) -> Iterator[_Near]:
        for row in np.argsort(-self._best, kind="stable"):
            kind, _, code = self._known.concepts[row].partition(":")
            labels = self._known.of_concept(row)
            name = self._known.labels[labels[np.argmax(self._scores[labels])]].text
            yield _Near(kind, code, name, float(self._best[row]))


def _near(measured: _Measured, kinds: Sequence[str], known: Iterable[str]) -> list[_Near]:
    """The nearest rows of these kinds above the floor that are not known yet."""
    kept: list[_Near] = []
    for one in measured.best_first():
        if one.nearness < NEAR_TITLE or len(kept) == MOST_NEAREST:
            break
        if one.kind in kinds and f"{one.kind}:{one.code}" not in known:
            kept.append(one)
    return kept


def _candidates(near: Iterable[_Near]) -> Iterator[Candidate]:
    by_kind: defaultdict[str, dict[str, _Near]] = defaultdict(dict)
    for one in near:
        by_kind[one.kind][one.code] = one
    for kind, wanted in by_kind.items():
        column = TABLES[kind].codes[0]
        for row in TABLES[kind].rows().filter(**{f"{column}__in": list(wanted)}):
            one = wanted[getattr(row, column)]
            if one.name in names_of(kind, row):  # else the row is called otherwise since the index was built
                yield replace(
                    make_candidate(kind, row, 0.0, _other_name(kind, row, one.name)), nearness=one.nearness
                )


def _other_name(kind: str, row: Model, name: str) -> str:
    return name if kind == ESCO_OCCUPATION and name not in titles_of(kind, row) else ""
