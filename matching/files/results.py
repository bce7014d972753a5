"""What reading a file gives: a text and what was left out of it, or the reason why there is none. Pure: no Django.

One rule: what was left out is told by kind, count and page; its content is never carried along.
"""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"
    EUROPASS_XML = "europass-xml"
    EUROPASS_JSON = "europass-json"
    JSON_RESUME = "json-resume"


class Hidden(StrEnum):
    """Why a text is not seen."""

    GROUND = "ground"  # of the colour of its ground, or covered
    TRANSPARENT = "transparent"
    TINY = "tiny"
    OFF_PAGE = "off-page"
    MASKED = "masked"  # hidden by a property of its own
    DELETED = "deleted"  # kept by the tracking of changes
    COMMENT = "comment"
    CHARACTERS = "characters"  # Unicode characters that show nothing


class Reason(StrEnum):
    """Why a file gives no text."""

    TOO_BIG = "too-big"
    TOO_LONG = "too-long"
    UNKNOWN = "unknown"
    LEGACY_WORD = "legacy-word"
    RTF = "rtf"
    IMAGE = "image"
    HTML = "html"
    OTHER_OFFICE = "other-office"
    OTHER_ARCHIVE = "other-archive"
    OTHER_XML = "other-xml"
    OTHER_JSON = "other-json"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BOMB = "bomb"
    DTD = "dtd"
    SCANNED = "scanned"
    ALL_INVISIBLE = "all-invisible"
    NO_TEXT = "no-text"
    SLOW = "slow"
    HEAVY = "heavy"
    CRASHED = "crashed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Invisible:
    """Characters (spaces aside) that were not read. `pages` is empty where the format has none."""

    reason: Hidden
    characters: int
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the reader of a format gives. `pages_read` of `pages`, both 0 where the format has none."""

    text: str
    format: Format
    invisible: tuple[Invisible, ...] = ()
    pages: int = 0
    pages_read: int = 0
    pages_without_text: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileText:
    """The visible text of a file. `notices` say, in the language asked for, what was not read and what to do."""

    text: str
    format: Format
    notices: tuple[str, ...] = ()


class Unreadable(Exception):
    """The file gives no text. `count` is the figure that its message needs, if any."""

    def __init__(self, reason: Reason, count: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.count = count
