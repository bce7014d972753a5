"""The one entrance: bytes of a CV in, its visible text out. Pure: no Django.

One rule: every file, whatever it is, ends in a `FileText` or a `TextRefused` whose message says what to do.
"""

from matching.errors import TextRefused
from matching.files.characters import without_smuggled
from matching.files.kinds import Kind, recognise
from matching.files.limits import Limits
from matching.files.results import FileText, Format, Found, Hidden, Invisible, Reason, Unreadable
from matching.files.sandbox import parse
from matching.files.words import notices, refusal
from matching.reading.texts import check_text, decode_text


def read_file(data: bytes, limits: Limits | None = None, language: str = "fr") -> FileText:
    """The visible text of a CV. `data` may be one byte longer than allowed: its length tells that it was cut."""
    limits = limits or Limits()
    try:
        found = _found(data, limits)
    except Unreadable as error:
        raise TextRefused(refusal(error, limits, language)) from error
    return FileText(found.text, found.format, notices(found, language))


def _found(data: bytes, limits: Limits) -> Found:
    if len(data) > limits.data:
        raise Unreadable(Reason.TOO_BIG)
    kind = recognise(data)
    found = _plain(data) if kind is Kind.TEXT else parse(kind, data, limits)
    if len(found.text) > limits.characters:
        raise Unreadable(Reason.TOO_LONG, len(found.text))
    try:
        check_text(found.text, limits.characters)
    except TextRefused as error:
        raise Unreadable(Reason.UNKNOWN) from error
    return found


def _plain(data: bytes) -> Found:
    """A plain text needs no child: it is decoded, and complete save for signs that spell something unseen."""
    try:
        text, smuggled = without_smuggled(decode_text(data))
    except TextRefused as error:
        raise Unreadable(Reason.UNKNOWN) from error
    invisible = (Invisible(Hidden.CHARACTERS, smuggled),) if smuggled else ()
    return Found(text, Format.TEXT, invisible)
