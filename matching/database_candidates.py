"""Candidates straight from the database, for when no search index can answer.

One rule: they are those that an index would give, by how many of the wanted skills they have; the scorer decides as ever.
"""

from collections.abc import Sequence

from django.db.models import Count

from search.clauses import Card
from search.documents import candidates, jobs, trainings
from search.fusion import ranked
from search.request import MAX_LIMIT, Kind
from search.retrieval import result_url


def having(kind: Kind, skills: Sequence[str], language: str) -> dict[str, str]:
    """The address of each job or training that has any of these skills, those having the most first."""
    if kind is Kind.JOBS:
        counted = jobs.eligible().filter(requirements__skill__code__in=skills)
        count = Count("requirements__skill", distinct=True)
    else:
        counted = trainings.eligible().filter(skill_links__skill__code__in=skills)
        count = Count("skill_links__skill", distinct=True)
    scores = dict(counted.order_by().values_list("code").annotate(skills=count))
    codes = ranked(scores)[:MAX_LIMIT]
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


def _job_addresses(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for page in jobs.eligible().filter(code__in=codes).select_related("locale"):
        found.setdefault(page.code, {})[page.locale.language_code] = page.url or ""
    return found


def _url(kind: Kind, code: str, addresses: dict[str, dict[str, str]], language: str) -> str:
    urls = addresses.get(code, {})
    card = Card(code, "", "", url_fr=urls.get("fr", ""), url_en=urls.get("en", ""))
    return result_url(kind, card, language)
