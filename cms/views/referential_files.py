"""The referential's files over HTTP: their own addresses, and the same address as the page for those who ask for data.

One rule: a page and its data are forms of one thing. Whoever gets one is told where the others are, and a copy that is still
good is not sent again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import referential_exports as exports
from cms.negotiation import preferred
from cms.referential_exports import CONCEPT_FORMATS, WHOLE_FORMATS, Edition, FileFormat
from skills.shipped_history import shipped_scheme

HTML = "text/html"


@dataclass(frozen=True)
class Alternate:
    """Another form of the same thing."""

    url: str
    media_type: str
    name: str


def concept_alternates(code: str) -> list[Alternate]:
    return [
        Alternate(reverse("skill_file", args=[code, one.suffix]), one.media_type, one.name)
        for one in CONCEPT_FORMATS
    ]


def whole_alternates() -> list[Alternate]:
    return [
        Alternate(reverse("referential_file", args=[one.suffix]), one.media_type, one.name)
        for one in WHOLE_FORMATS
    ]


def link_header(alternates: Iterable[Alternate]) -> str:
    links = [f'<{one.url}>; rel="alternate"; type="{one.media_type}"' for one in alternates]
    return ", ".join([*links, f'<{shipped_scheme().licence}>; rel="license"'])


# --- The page's address
def data_asked_for(
    request: HttpRequest,
    formats: tuple[FileFormat, ...],
    answer: Callable[[FileFormat], HttpResponse],
) -> HttpResponse | None:
    """The answer to a request that wants data rather than the page; None where it wants the page."""
    by_type = {one.media_type: one for one in formats}
    wanted = preferred(request.headers.get("Accept", ""), [HTML, *by_type])
    if wanted == HTML:
        return None
    if wanted is None:
        known = ", ".join([HTML, *by_type])
        message = _(
            "Aucune forme de cette page ne convient à l’en-tête Accept reçu. Formes connues : %(types)s."
        )
        return HttpResponse(
            message % {"types": known} + "\n", status=406, content_type="text/plain; charset=utf-8"
        )
    return answer(by_type[wanted])


# --- The files' own addresses
@require_safe
def skill_file(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    return concept_response(request, code, _format(suffix, CONCEPT_FORMATS))


@require_safe
def referential_file(request: HttpRequest, suffix: str) -> HttpResponse:
    response = whole_response(request, _format(suffix, WHOLE_FORMATS))
    name = f"referentiel-{shipped_scheme().version}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _format(suffix: str, formats: tuple[FileFormat, ...]) -> FileFormat:
    for one in formats:
        if one.suffix == suffix:
            return one
    raise Http404


def concept_response(request: HttpRequest, code: str, file_format: FileFormat) -> HttpResponse:
    edition = exports.current_edition()  # read first: what is newer than its edition does no harm
    content = exports.concept_file(code, file_format)
    if content is None:
        raise Http404
    page = Alternate(reverse("skill", args=[code]), HTML, "HTML")
    others = [page, *(one for one in concept_alternates(code) if one.media_type != file_format.media_type)]
    response = _conditional(request, edition, f"{code}.{file_format.suffix}", file_format, lambda: content)
    response["Link"] = link_header(others)
    return response


def whole_response(request: HttpRequest, file_format: FileFormat) -> HttpResponse:
    edition = exports.current_edition()
    page = Alternate(reverse("referential"), HTML, "HTML")
    others = [page, *(one for one in whole_alternates() if one.media_type != file_format.media_type)]
    response = _conditional(
        request, edition, file_format.suffix, file_format, lambda: exports.whole_file(file_format, edition)
    )
    response["Link"] = link_header(others)
    return response


def _conditional(
    request: HttpRequest,
    edition: Edition | None,
    name: str,
    file_format: FileFormat,
    content: Callable[[], bytes],
) -> HttpResponse:
    """The file, or that the client's copy is still good; then `content` is not asked for."""
    headers = {
        "Cache-Control": "public, no-cache",
        "Content-Language": "fr, en",
        "Access-Control-Allow-Origin": "*",
    }
    response = None
    if edition is not None:
        # Weak: the order of triples may differ from one process to another.
        etag, changed = f'W/"{edition.fingerprint}-{name}"', int(edition.changed_at.timestamp())
        headers |= {"ETag": etag, "Last-Modified": http_date(changed)}
        response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        charset = "; charset=utf-8" if file_format.media_type.startswith("text/") else ""
        response = HttpResponse(content(), content_type=f"{file_format.media_type}{charset}")
    for header, value in headers.items():
        response[header] = value
    return response


# --- Where the addresses of concepts lead
@require_safe
def concept_address(request: HttpRequest, code: str) -> HttpResponse:
    """What a concept's URI names is no document: its page, or its data, is told elsewhere (303)."""
    return _see_other("skill", code)


@require_safe
def domain_address(request: HttpRequest, code: str) -> HttpResponse:
    return _see_other(f"{reverse('referential')}#{code}")


@require_safe
def terms_address(request: HttpRequest) -> HttpResponse:
    return _see_other(f"{reverse('referential')}#termes")


def _see_other(to: str, *arguments: str) -> HttpResponse:
    response = redirect(to, *arguments)
    response.status_code = 303
    return response
