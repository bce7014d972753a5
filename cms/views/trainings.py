"""The training list and the page of a training.

One rule: the list always answers; without an index it lists from the database and says so.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.views import offers, reduced
from cms.views.shared import PAGE_SIZE, TranslatedRefusal, language, page_links, read_page, read_query, refuse
from cms.views.unknown_terms import note_query
from search.errors import SearchUnavailable
from search.filters import DEFAULT_KILOMETRES, FILTERS, BoundFilter, PlaceFilter, parse_filters
from search.request import PLACE, Facet, InvalidRequest, Kind, SearchRequest, SortKey
from search.retrieval import search
from training.models import Training

DATE_PARAMETERS = frozenset({"debut_apres", "debut_avant"})
# Facets unfolded at first sight; the others open at a click, or when one of their values is chosen.
OPEN_FACETS = frozenset({"region", "mode", "kind", "origin"})

# The public values of the parameter « tri », and how the list names them.
SORTS = {
    "pertinence": (SortKey.RELEVANCE, gettext_lazy("Pertinence")),
    "date": (SortKey.DATE, gettext_lazy("Date la plus proche")),
    "prix": (SortKey.PRICE, gettext_lazy("Prix le plus bas")),
    "distance": (SortKey.DISTANCE, gettext_lazy("Distance la plus courte")),
}
DEFAULT_SORT, NEAREST = "pertinence", "distance"


@dataclass(frozen=True)
class Listing:
    """One page of trainings: codes with their snippet, and what search says about the whole.

    `origin` is where distances are counted from, when a place is asked for.
    """

    snippets: dict[str, str]
    total: int
    abstained: bool = False
    facets: tuple[Facet, ...] = ()
    notice: str = ""
    origin: tuple[float, float] | None = None
    is_reduced: bool = False


@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    try:
        text, page = read_query(request), read_page(request)
        filters = parse_filters(Kind.TRAININGS, request.GET)
        sort, sort_notice = _read_sort(request, has_place=PLACE in filters)
        listing = _listing(text, filters, sort, (page - 1) * PAGE_SIZE)
        if page > 1 and not listing.snippets:
            raise TranslatedRefusal(_("Il n’y a pas de page %(page)d pour cette recherche.") % {"page": page})
    except InvalidRequest as error:
        return refuse(request, error)
    cards = offers.cards_by_code(list(listing.snippets), listing.origin)
    context = {
        "q": text,
        "listing": listing,
        "notices": [one for one in (listing.notice, "" if listing.is_reduced else sort_notice) if one],
        "results": [(cards[code], snippet) for code, snippet in listing.snippets.items() if code in cards],
        "facets": _facet_rows(listing.facets),
        "bounds": _bound_fields(request) if not listing.is_reduced else [],
        "place": _place_fields(request) if not listing.is_reduced else None,
        "sorts": _sort_options(sort, has_place=PLACE in filters) if not listing.is_reduced else [],
        "filter_count": sum(1 if name == PLACE else len(values) for name, values in filters.items()),
        "unfiltered_query": _unfiltered_query(text, sort),
        "pages": page_links(page, listing.total),
    }
    response = render(request, "pages/training_list.html", context)
    if page == 1:
        found_nothing = not (listing.total or filters or listing.is_reduced)
        note_query(request, response, text, found_nothing=found_nothing)
    return response


def _read_sort(request: HttpRequest, *, has_place: bool) -> tuple[str, str]:
    """The order, and what to say of it: who takes the place away leaves the order by distance in the form."""
    value = request.GET.get("tri") or DEFAULT_SORT
    if value not in SORTS:
        message = _("Tri inconnu : « %(value)s ». Choisissez parmi : %(known)s.")
        raise TranslatedRefusal(message % {"value": value[:60], "known": ", ".join(SORTS)})
    if value == NEAREST and not has_place:
        notice = _("Sans lieu, pas de tri par distance : les formations sont triées par pertinence.")
        return DEFAULT_SORT, notice
    return value, ""


def _listing(text: str, filters: dict[str, tuple[str, ...]], sort: str, offset: int) -> Listing:
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
                sort=SORTS[sort][0],
            )
        )
    except SearchUnavailable:
        codes, total = reduced.training_codes(text, offset, PAGE_SIZE)
        return Listing(dict.fromkeys(codes, ""), total, notice=reduced.notice(), is_reduced=True)
    snippets = {result.code: result.snippet for result in found.results}
    return Listing(snippets, found.total, found.abstained, found.facets, found.notice, found.origin)


def _sort_options(sort: str, *, has_place: bool) -> list[dict]:
    return [
        {"value": value, "label": label, "selected": value == sort}
        for value, (_key, label) in SORTS.items()
        if has_place or value != NEAREST
    ]


def _unfiltered_query(text: str, sort: str) -> str:
    """The query string of the same list without its filters; an order by distance goes with the place."""
    kept = {"q": text, "tri": sort if sort not in (DEFAULT_SORT, NEAREST) else ""}
    return urlencode({name: value for name, value in kept.items() if value})


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


def _place_fields(request: HttpRequest) -> dict:
    definition = next(one for one in FILTERS[Kind.TRAININGS] if isinstance(one, PlaceFilter))
    return {
        "definition": definition,
        "town": request.GET.get(definition.parameter, ""),
        "kilometres": request.GET.get(definition.distance_parameter) or DEFAULT_KILOMETRES,
    }


@require_safe
def training(request: HttpRequest, code: str) -> HttpResponse:
    rows = offers.training_rows().prefetch_related("skill_links__skill", "certifications__blocks")
    found: Training | None = rows.filter(code=code).first()
    if found is None:
        raise Http404
    return render(request, "pages/training.html", {"object": found})
