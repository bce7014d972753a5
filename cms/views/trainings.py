"""The training list and the page of a training.

One rule: the list always answers; without an index it lists from the database and says so.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.views import offers, reduced
from cms.views.shared import PAGE_SIZE, TranslatedRefusal, language, page_links, read_page, read_query, refuse
from cms.views.unknown_terms import note_query
from search.errors import SearchUnavailable
from search.filters import FILTERS, BoundFilter, parse_filters
from search.request import Facet, InvalidRequest, Kind, SearchRequest
from search.retrieval import search
from training.models import Training

DATE_PARAMETERS = frozenset({"debut_apres", "debut_avant"})
# Facets unfolded at first sight; the others open at a click, or when one of their values is chosen.
OPEN_FACETS = frozenset({"region", "mode", "kind", "origin"})


@dataclass(frozen=True)
class Listing:
    """One page of trainings: codes with their snippet, and what search says about the whole."""

    snippets: dict[str, str]
    total: int
    abstained: bool = False
    facets: tuple[Facet, ...] = ()
    notice: str = ""
    is_reduced: bool = False


@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    try:
        text, page = read_query(request), read_page(request)
        filters = parse_filters(Kind.TRAININGS, request.GET)
        listing = _listing(text, filters, (page - 1) * PAGE_SIZE)
        if page > 1 and not listing.snippets:
            raise TranslatedRefusal(_("Il n’y a pas de page %(page)d pour cette recherche.") % {"page": page})
    except InvalidRequest as error:
        return refuse(request, error)
    cards = offers.cards_by_code(list(listing.snippets))
    context = {
        "q": text,
        "listing": listing,
        "results": [(cards[code], snippet) for code, snippet in listing.snippets.items() if code in cards],
        "facets": _facet_rows(listing.facets),
        "bounds": _bound_fields(request) if not listing.is_reduced else [],
        "filter_count": sum(len(values) for values in filters.values()),
        "pages": page_links(page, listing.total),
    }
    response = render(request, "pages/training_list.html", context)
    if page == 1:
        found_nothing = not (listing.total or filters or listing.is_reduced)
        note_query(request, response, text, found_nothing=found_nothing)
    return response


def _listing(text: str, filters: dict[str, tuple[str, ...]], offset: int) -> Listing:
    try:
        found = search(
            SearchRequest(
                kind=Kind.TRAININGS,
                text=text,
                filters=filters,
                limit=PAGE_SIZE,
                offset=offset,
                language=language(),
                with_facets=True,
            )
        )
    except SearchUnavailable:
        codes, total = reduced.training_codes(text, offset, PAGE_SIZE)
        return Listing(dict.fromkeys(codes, ""), total, notice=reduced.notice(), is_reduced=True)
    snippets = {result.code: result.snippet for result in found.results}
    return Listing(snippets, found.total, found.abstained, found.facets, found.notice)


def _facet_rows(facets: tuple[Facet, ...]) -> list[dict]:
    """Facets that have a value to offer, with the parameter that their checkboxes send."""
    parameters = {definition.name: definition.parameter for definition in FILTERS[Kind.TRAININGS]}
    return [
        {
            "facet": facet,
            "parameter": parameters[facet.name],
            "is_open": facet.name in OPEN_FACETS or any(value.selected for value in facet.values),
        }
        for facet in facets
        if facet.values
    ]


def _bound_fields(request: HttpRequest) -> list[dict]:
    return [
        {
            "parameter": definition.parameter,
            "label": definition.label,
            "type": "date" if definition.parameter in DATE_PARAMETERS else "number",
            "value": request.GET.get(definition.parameter, ""),
        }
        for definition in FILTERS[Kind.TRAININGS]
        if isinstance(definition, BoundFilter)
    ]


@require_safe
def training(request: HttpRequest, code: str) -> HttpResponse:
    rows = offers.training_rows().prefetch_related("skill_links__skill", "certifications__blocks")
    found: Training | None = rows.filter(code=code).first()
    if found is None:
        raise Http404
    return render(request, "pages/training.html", {"object": found})
