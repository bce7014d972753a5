"""Suggestions under a search box, as the options of its `<datalist>`.

One rule: what somebody types is answered and forgotten: neither stored nor logged, and kept by no shared cache.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cms.views.shared import foreign, language
from search.request import PUBLIC_KINDS, Kind
from search.suggestions import Suggestion, suggestions

SECONDS_KEPT = 60
# Of each kind: where everything is searched, and where one kind is (the value of the parameter « parmi »).
OF_EACH = 4
OF_ONE = 8
ONE_KIND = {"formations": Kind.TRAININGS}


@dataclass(frozen=True)
class Option:
    """What a choice writes in the box, and what is shown beside it.

    Browsers show only the options whose value or label has what was typed, letter for letter: the label says it when the title
    does not (another name, another accent, another order of words).
    """

    value: str
    label: str
    lang: str


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    typed, one_kind = request.GET.get("q", ""), ONE_KIND.get(request.GET.get("parmi", ""))
    kinds, limit = ((one_kind,), OF_ONE) if one_kind else (PUBLIC_KINDS, OF_EACH)
    found = {one.title(language()): one for one in suggestions(typed, kinds, limit, language())}
    options = [_option(typed, title, one) for title, one in found.items()]
    response = HttpResponse(render_to_string("components/suggestions.html", {"options": options}))
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=SECONDS_KEPT)
    return response


def _option(typed: str, title: str, suggestion: Suggestion) -> Option:
    says_so = typed.casefold() in title.casefold()
    title_language = "fr" if title == suggestion.title_fr else "en"
    return Option(title, "" if says_so else f"{typed} : {title}", foreign(title_language))
