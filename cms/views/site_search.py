"""One search over jobs, trainings and skills, grouped.

One rule: the three groups are asked the same question and each says how many it found.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.views import job_pages, offers, reduced
from cms.views.shared import language, read_query, refuse
from cms.views.unknown_terms import note_query
from search.errors import SearchUnavailable
from search.failover import said_once
from search.request import PUBLIC_KINDS, InvalidRequest, Kind, SearchRequest
from search.retrieval import search
from skills.models import Skill

GROUP_SIZE = 8


@dataclass(frozen=True)
class Hits:
    """What was found of one kind: codes in order, with their snippet."""

    snippets: dict[str, str]
    total: int
    notice: str = ""
    is_reduced: bool = False


@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    try:
        text = read_query(request)
        hits = {kind: _hits(kind, text) for kind in PUBLIC_KINDS} if text else {}
    except InvalidRequest as error:
        return refuse(request, error)
    groups = [_group(kind, found, text) for kind, found in hits.items()]
    context = {
        "q": text,
        "groups": groups,
        "total": sum(group["total"] for group in groups),
        "notices": said_once(found.notice for found in hits.values()),
        "is_reduced": any(found.is_reduced for found in hits.values()),
    }
    response = render(request, "pages/search.html", context)
    note_query(request, response, text, found_nothing=not context["total"] and not context["is_reduced"])
    return response


def _hits(kind: Kind, text: str) -> Hits:
    try:
        found = search(SearchRequest(kind=kind, text=text, limit=GROUP_SIZE, language=language()))
    except SearchUnavailable:
        codes, total = _reduced(kind, text)
        return Hits(dict.fromkeys(codes, ""), total, notice=reduced.notice(), is_reduced=True)
    return Hits({result.code: result.snippet for result in found.results}, found.total, found.notice)


def _reduced(kind: Kind, text: str) -> tuple[list[str], int]:
    if kind is Kind.TRAININGS:
        return reduced.training_codes(text, 0, GROUP_SIZE)
    return (reduced.job_codes if kind is Kind.JOBS else reduced.skill_codes)(text, GROUP_SIZE)


def _group(kind: Kind, hits: Hits, text: str) -> dict:
    titles = {Kind.JOBS: _("Métiers"), Kind.TRAININGS: _("Formations"), Kind.SKILLS: _("Compétences")}
    rows = _rows(kind, list(hits.snippets))
    more = f"{reverse('training_list')}?{urlencode({'q': text})}" if kind is Kind.TRAININGS else ""
    return {
        "kind": kind.value,
        "title": titles[kind],
        "total": hits.total,
        "rows": [
            {**rows[code], "snippet": snippet} for code, snippet in hits.snippets.items() if code in rows
        ],
        "more_url": more if hits.total > GROUP_SIZE else "",
    }


def _rows(kind: Kind, codes: list[str]) -> dict[str, dict]:
    """Title, address and a line of context of each object, by code, in the active language."""
    if kind is Kind.JOBS:
        pages = job_pages.jobs_by_code(codes)
        return {
            code: {"title": p.title, "url": p.url, "about": p.family.label, "lang": ""}
            for code, p in pages.items()
        }
    if kind is Kind.TRAININGS:
        cards = offers.cards_by_code(codes)
        return {
            code: {"title": c.title, "url": c.url, "about": c.provider, "lang": c.title_lang}
            for code, c in cards.items()
        }
    skills = Skill.objects.published().filter(code__in=codes).select_related("domain")
    return {
        skill.code: {
            "title": skill.label,
            "url": reverse("skill", args=[skill.code]),
            "about": skill.domain.label,
            "lang": "",
        }
        for skill in skills
    }
