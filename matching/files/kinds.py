"""The kind of a file, recognised from its bytes. Pure: no Django.

One rule: the name of a file proves nothing and is not asked for; what is recognised but not read is refused with the way
out (another format), never as « unknown ».
"""

import re
from enum import StrEnum

from matching.files.results import Reason, Unreadable


class Kind(StrEnum):
    """What is read. A zip package or a JSON or XML document is told apart where it is parsed, in the child."""

    PDF = "pdf"
    ZIP = "zip"
    XML = "xml"
    JSON = "json"
    TEXT = "text"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_PDF = b"%PDF-"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"8BPS")
_CONTAINER_IMAGES = re.compile(rb"(?s)(?:RIFF....WEBP|....ftyp(?:hei|mif|avi|msf))")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# A PDF may stand behind a few bytes that a mail server or a printer driver put before it.
_PDF_WITHIN = 1_024
_BLANK = b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"
_MARKUP = re.compile(
    rb"<(?:\?xml\b|!DOCTYPE\s+(?P<doctype>[\w:.-]+)|(?:[\w.-]+:)?(?P<root>[\w.-]+))", re.IGNORECASE
)
_HTML_NAMES = frozenset({b"html", b"head", b"body", b"svg"})
_CV_ROOTS = frozenset({b"skillspassport", b"candidate", b"learnerinfo"})
_JSON = re.compile(rb"\{\s*[\"}]")


def recognise(data: bytes) -> Kind:
    """The kind of the file. Raises Unreadable for what is recognised and not read."""
    if data.startswith(_ZIP):
        return Kind.ZIP
    if _PDF in data[:_PDF_WITHIN] and (data.lstrip(_BLANK).startswith(_PDF) or b"%%EOF" in data):
        return Kind.PDF
    _refuse_known(data)
    return _text_kind(data)


def _refuse_known(data: bytes) -> None:
    if data.startswith(_OLE):
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Unreadable(Reason.ENCRYPTED if is_encrypted else Reason.LEGACY_WORD)
    if data.lstrip(_BLANK).startswith(_RTF):
        raise Unreadable(Reason.RTF)
    if b"\x00" in data[:4_096] and (data.startswith(_IMAGES) or _CONTAINER_IMAGES.match(data)):
        raise Unreadable(Reason.IMAGE)
    if data.startswith(_ARCHIVES):
        raise Unreadable(Reason.OTHER_ARCHIVE)


def _text_kind(data: bytes) -> Kind:
    """What a text is made of: markup and JSON are told by how they begin; anything else is plain text."""
    head = data[:4_096].replace(b"\x00", b"").lstrip(_BLANK)
    markup = _MARKUP.match(head)
    if markup:
        name = (markup["doctype"] or markup["root"] or b"").lower()
        if name in _HTML_NAMES:
            raise Unreadable(Reason.HTML)
        if not name or markup["doctype"] or name in _CV_ROOTS:
            return Kind.XML
    return Kind.JSON if _JSON.match(head) else Kind.TEXT
