"""What matching asks of search: nothing else in this app speaks to it.

One rule: an engine proposes, the scorer decides. When no index can answer, the database proposes and a notice says so, unless
the engine was named: then its failure is `SearchUnavailable`.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from matching.database_candidates import having, holding
from search.embeddings import Vectors
from search.errors import SearchUnavailable
from search.members import members
from search.neighbours import nearest_to
from search.request import MAX_LIMIT, Kind, SearchRequest
from search.retrieval import search

logger = logging.getLogger(__name__)
# Of those that can be joined: enough for every one that brings a skill of a job, few enough to be weighed.
MOST_OPEN = 300
# Of one kind, compared with each passage of a text: more jobs than a sector has, and of the trainings those that are near.
MOST_NEAR = 300

__all__ = [
    "Candidates",
    "PeopleFound",
    "SearchUnavailable",
    "jobs_asking_for",
    "jobs_near",
    "open_trainings_bringing",
    "people_holding",
    "trainings_bringing",
    "trainings_near",
]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The address of each object proposed, the best first, and what to say of where they come from; `is_cut` when there are
    more.
    """

    urls: dict[str, str]
    notice: str = ""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """The pseudonym of everybody proposed, however many, in no order, and what to say of where they come from."""

    codes: tuple[str, ...]
    notice: str = ""


def jobs_asking_for(codes: Sequence[str], language: str, engine: str = "") -> Candidates:
    """Job profiles that ask for any of these skills, those asking for the most first."""
    return _having(Kind.JOBS, codes, language, engine)


def jobs_near(passages: Vectors | None, engine: str = "") -> list[dict[str, float]]:
    """For each passage (one row, a unit vector of the configured model) the cosine with each job near it, by code; nothing
    without passages, or when no index can tell. Raises SearchUnavailable when the engine is named.
    """
    return _near(Kind.JOBS, passages, engine)


def trainings_near(passages: Vectors | None, engine: str = "") -> list[dict[str, float]]:
    """The same, of trainings."""
    return _near(Kind.TRAININGS, passages, engine)


def _near(kind: Kind, passages: Vectors | None, engine: str) -> list[dict[str, float]]:
    if passages is None:
        return []
    try:
        found = nearest_to(kind, passages, MOST_NEAR, engine) or []
    except SearchUnavailable as error:
        if engine:
            raise
        logger.warning("matching: no index tells which %s a text is near to: %s", kind.value, error)
        return []
    return [{one.code: one.similarity for one in passage} for passage in found]


def trainings_bringing(codes: Sequence[str], language: str, engine: str = "") -> Candidates:
    """Trainings that bring any of these skills, those bringing the most first."""
    return _having(Kind.TRAININGS, codes, language, engine)


def people_holding(
    codes: Sequence[str], *, need_kind: str = "", available_by: dt.date | None = None, engine: str = ""
) -> PeopleFound:
    """Everybody in the pool of candidates who holds any of these skills, wants this kind of need and is available by this day.

    Whoever asks checks them against the database (`matching.catalogue.people`): an index may be late.
    """
    if not codes:
        return PeopleFound(())
    filters = {}
    if need_kind:
        filters["need_kind"] = (need_kind,)
    if available_by:
        filters["available_by"] = (available_by.isoformat(),)
    wanted = tuple(sorted(set(codes)))
    try:
        found = members(SearchRequest(Kind.CANDIDATES, filters=filters, wanted_skills=wanted), engine)
    except SearchUnavailable as error:
        if engine:
            raise
        logger.warning("matching: candidates come from the database: %s", error)
        return PeopleFound(holding(wanted), _database_notice())
    return PeopleFound(tuple(found.value), found.notice)


def open_trainings_bringing(codes: Sequence[str], on: dt.date, language: str, engine: str = "") -> Candidates:
    """The same, of those alone that have a session to begin on that day or later: all of them, up to `MOST_OPEN`."""
    return _having(Kind.TRAININGS, codes, language, engine, open_on=on)


def _having(
    kind: Kind, codes: Sequence[str], language: str, engine: str, open_on: dt.date | None = None
) -> Candidates:
    if not codes:
        return Candidates({})
    wanted = tuple(sorted(set(codes)))
    request = SearchRequest(
        kind=kind,
        wanted_skills=wanted,
        limit=MAX_LIMIT,
        language=language,
        filters={"starts_after": (open_on.isoformat(),)} if open_on else {},
    )
    most = MOST_OPEN if open_on else MAX_LIMIT
    try:
        found = search(request, engine)
        results = list(found.results)
        for offset in range(MAX_LIMIT, min(found.total, most), MAX_LIMIT):
            results += search(replace(request, offset=offset), engine).results
    except SearchUnavailable as error:
        if engine:
            raise
        logger.warning("matching: candidates come from the database: %s", error)
        return Candidates(having(kind, wanted, language, most, open_on), _database_notice())
    return Candidates(
        {result.code: result.url for result in results}, found.notice, is_cut=found.total > len(results)
    )


def _database_notice() -> str:
    return _(
        "L'index de recherche ne répond pas : les propositions viennent directement de la base de données, "
        "qui ne compare que les compétences déclarées."
    )
