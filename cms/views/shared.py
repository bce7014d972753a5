"""What every public view uses: the day, the active language, pages of results, refusals.

One rule: `refuse` answers a refused request, with the message and status 400; nobody sees an exception.
"""

import math
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search.request import MAX_OFFSET, InvalidRequest

PAGE_SIZE = 20
MAX_QUERY_LENGTH = 300


def today():
    return timezone.localdate()


def language() -> str:
    """The active language, of the two that the site speaks."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def foreign(text_language: str) -> str:
    """The `lang` attribute that a text needs on the page: empty when it is in the page's own language."""
    return "" if text_language == language() else text_language


class TranslatedRefusal(InvalidRequest):
    """A refusal whose message is already in the active language; those of lower apps are in French."""


def refuse(request: HttpRequest, error: InvalidRequest, status: int = 400) -> HttpResponse:
    message_lang = "" if isinstance(error, TranslatedRefusal) else foreign("fr")
    context = {"message": str(error), "message_lang": message_lang, "is_error": True}
    return render(request, "errors/400.html", context, status=status)


def read_query(request: HttpRequest) -> str:
    text = request.GET.get("q", "").replace("\x00", "").strip()
    if len(text) > MAX_QUERY_LENGTH:
        message = _("La recherche est trop longue : %(limit)d caractères au plus.")
        raise TranslatedRefusal(message % {"limit": MAX_QUERY_LENGTH})
    return text


def read_page(request: HttpRequest, page_size: int = PAGE_SIZE) -> int:
    """The page asked for; a number that is none, or out of all bounds, is refused."""
    text = request.GET.get("page", "1")
    last = MAX_OFFSET // page_size
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= last):
        raise TranslatedRefusal(_("Le numéro de page doit être un nombre de 1 à %(last)d.") % {"last": last})
    return int(text)


@dataclass(frozen=True)
class PageLink:
    number: int | None
    current: bool = False


def page_links(current: int, total: int, page_size: int = PAGE_SIZE) -> list[PageLink]:
    """First, last and neighbouring pages, gaps as entries without number."""
    last = min(math.ceil(total / page_size), MAX_OFFSET // page_size)
    shown = sorted({n for n in (1, current - 1, current, current + 1, last) if 1 <= n <= last})
    links: list[PageLink] = []
    for number in shown:
        if links and links[-1].number is not None and number > links[-1].number + 1:
            links.append(PageLink(None))
        links.append(PageLink(number, number == current))
    return links
