"""Candidates straight from the database, for when no search index can answer.

One rule: they are those that an index would give, by how many of the wanted skills they have; the scorer decides as ever.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from search.clauses import Card
from search.documents import candidates, jobs, trainings
from search.fusion import ranked
from search.request import MAX_LIMIT, Kind
from search.retrieval import result_url
from training.models import TrainingSession


def having(
    kind: Kind,
    skills: Sequence[str],
    language: str,
    most: int = MAX_LIMIT,
    open_on: dt.date | None = None,
) -> dict[str, str]:
    """The address of each job or training that has any of these skills, those having the most first; of trainings, only those
    that have a session to begin on this day or later when it is given.
    """
    if kind is Kind.JOBS:
        counted = jobs.eligible().filter(requirements__skill__code__in=skills)
        count = Count("requirements__skill", distinct=True)
    else:
        counted = trainings.eligible().filter(skill_links__skill__code__in=skills)
        count = Count("skill_links__skill", distinct=True)
        if open_on is not None:
            sessions = sessions_to_begin(open_on).filter(action__training_id=OuterRef("pk"))
            counted = counted.filter(Exists(sessions))
    scores = dict(counted.order_by().values_list("code").annotate(skills=count))
    codes = ranked(scores)[:most]
    if kind is Kind.JOBS:
        return job_urls(codes, language)
    return {code: _url(kind, code, {}, language) for code in codes}


def job_urls(codes: Sequence[str], language: str) -> dict[str, str]:
    """The address of each of these jobs, in the same order; empty for one that is not public."""
    addresses = _job_addresses(codes)
    return {code: _url(Kind.JOBS, code, addresses, language) for code in codes}


def holding(skills: Sequence[str]) -> tuple[str, ...]:
    """The pseudonym of everybody in the pool of candidates who has any of these skills."""
    people = candidates.eligible().filter(skill_links__skill__code__in=skills)
    return tuple(people.order_by("code").values_list("code", flat=True).distinct())


def training_urls(codes: Iterable[str], language: str) -> dict[str, str]:
    """The address of trainings that no search proposed."""
    return {code: _url(Kind.TRAININGS, code, {}, language) for code in codes}


def sessions_to_begin(on: dt.date) -> QuerySet[TrainingSession]:
    """As the filter `starts_after` of search says it: a dated session by its start, a permanent entry by its last day."""
    is_window = Q(is_permanent_entry=True) & (Q(ends_on=None) | Q(ends_on__gte=on))
    return TrainingSession.objects.filter(is_window | Q(is_permanent_entry=False, starts_on__gte=on))


def _job_addresses(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for page in jobs.eligible().filter(code__in=codes).select_related("locale"):
        found.setdefault(page.code, {})[page.locale.language_code] = page.url or ""
    return found


def _url(kind: Kind, code: str, addresses: dict[str, dict[str, str]], language: str) -> str:
    urls = addresses.get(code, {})
    card = Card(code, "", "", url_fr=urls.get("fr", ""), url_en=urls.get("en", ""))
    return result_url(kind, card, language)
