"""Tells search which texts typed in a search box nobody knows.

One rule: no cookie is set and nothing is kept unless the text is unknown, and never for who asked not to be tracked. The cookie
is drawn by chance, lasts at most seven days and only keeps one browser from counting as several.
"""

import datetime as dt
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from cms.views.shared import today
from search.typed_texts import keepable
from search.unknown_terms import is_unknown, record

COOKIE = "termes"
COOKIE_DAYS = 7
_TOKEN = re.compile(r"(\d{8})-[\w-]{22}")


def note_query(request: HttpRequest, response: HttpResponse, text: str, *, found_nothing: bool) -> None:
    """`found_nothing` where the whole search gave nothing, whatever the words."""
    if request.method != "GET" or refuses(request) or not keepable(text):
        return
    if not is_unknown(text, found_nothing=found_nothing):
        return
    known = _valid_token(request.COOKIES.get(COOKIE, ""))
    token = known or _new_token()
    if record(text, token, today()) and not known:
        _set_cookie(response, token)


def refuses(request: HttpRequest) -> bool:
    """« Do Not Track », « Global Privacy Control », and pages that a browser loads before anybody asked for them."""
    headers = request.headers
    return (
        headers.get("DNT") == "1"
        or headers.get("Sec-GPC") == "1"
        or "prefetch" in headers.get("Sec-Purpose", "")
    )


def _valid_token(token: str) -> str:
    """The token of the cookie while it is young enough: a browser that keeps cookies longer gets a new one."""
    found = _TOKEN.fullmatch(token)
    oldest = today() - dt.timedelta(days=COOKIE_DAYS)
    return token if found and f"{oldest:%Y%m%d}" < found[1] <= f"{today():%Y%m%d}" else ""


def _new_token() -> str:
    return f"{today():%Y%m%d}-{secrets.token_urlsafe(16)}"


def _set_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=dt.timedelta(days=COOKIE_DAYS),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    patch_cache_control(response, private=True)
