"""What matching asks of search: nothing else in this app speaks to it.

One rule: an engine proposes, the scorer decides. Failures of the engine become `SearchUnavailable`, those of
the model a notice.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import EmbeddingUnavailable, SearchUnavailable
from search.neighbours import calibration, nearest
from search.request import MAX_LIMIT, Kind, SearchRequest, SearchResult
from search.retrieval import search

logger = logging.getLogger(__name__)
NEIGHBOURS = 3

__all__ = ["NearSkill", "SearchUnavailable", "jobs_asking_for", "nearest_skills", "trainings_bringing"]


@dataclass(frozen=True, slots=True)
class NearSkill:
    """A skill near a passage: the cosine, and the probability that the passage means it."""

    code: str
    similarity: float
    probability: float


def jobs_asking_for(codes: Sequence[str], language: str, engine: str = "") -> tuple[SearchResult, ...]:
    """Job profiles that ask for any of these skills, those asking for the most first."""
    return _having(Kind.JOBS, codes, language, engine)


def trainings_bringing(codes: Sequence[str], language: str, engine: str = "") -> tuple[SearchResult, ...]:
    """Trainings that bring any of these skills, those bringing the most first."""
    return _having(Kind.TRAININGS, codes, language, engine)


def _having(kind: Kind, codes: Sequence[str], language: str, engine: str) -> tuple[SearchResult, ...]:
    if not codes:
        return ()
    wanted = tuple(sorted(set(codes)))
    return search(
        SearchRequest(kind=kind, wanted_skills=wanted, limit=MAX_LIMIT, language=language), engine
    ).results


def nearest_skills(texts: Sequence[str], engine: str = "") -> list[list[NearSkill]] | None:
    """For each text its nearest skills, best first; None when no model can answer."""
    try:
        found = nearest(Kind.SKILLS, texts, NEIGHBOURS, engine)
    except (SearchUnavailable, EmbeddingUnavailable) as error:
        logger.warning("matching: labels only, passages cannot be compared by meaning: %s", error)
        return None
    if found is None:
        return None
    curve = calibration(Kind.SKILLS)
    return [
        [NearSkill(one.code, one.similarity, curve.probability(one.similarity)) for one in neighbours]
        for neighbours in found
    ]
