"""Sentences and clauses of a text, as offsets. Pure: no Django, no engine.

One rule: spans point into the original text, do not overlap and are in order.
"""

import re
from typing import NamedTuple


class Span(NamedTuple):
    start: int
    end: int


_SHORTENED = "ex p env approx m mme mr mrs dr pr cf etc fig no vs resp min max e i g"
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_STOP = re.compile(r"[.!?…]+|;|\r\n|\r|\n")
_BULLET = re.compile(r"\s*(?:[-–—•*▪●◦‣·>]|\d+[.)])\s")
_LAST_WORD = re.compile(r"(\w+)$")
# « Technicien(ne) » is one word: its brackets are consumed before those that stop a clause.
_CLAUSE_STOP = re.compile(
    r"(?<=\w)\((?-i:[a-zà-ÿ]{1,6})\)"
    r"|[,:()\[\]|•]|\s[-–—]\s|\b(?:mais|en revanche|par contre|cependant|toutefois|but|however|puis"
    r"|ainsi que)\b",
    re.IGNORECASE,
)


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    if mark.group() == ";":
        return True
    after = text[mark.end() : mark.end() + 40]
    if mark.group()[0] in "\r\n":
        return _ends_line(text, mark.start(), after)
    if after and not after[0].isspace() and after[0] not in "\"”»')":
        return False  # 0.5, HPLC.doc
    word = _LAST_WORD.search(text[max(0, mark.start() - 12) : mark.start()])
    if mark.group() == "." and word:
        is_abbreviation = word.group(1).casefold() in _ABBREVIATIONS
        return not (is_abbreviation and after.strip()[:1].islower()) and not _is_initial(text, mark, after)
    return True


def _is_initial(text: str, mark: re.Match[str], after: str) -> bool:
    """The dot belongs to a dotted acronym in the middle of a sentence (« les B.P.F. depuis »)."""
    before = text[max(0, mark.start() - 2) : mark.start()]
    return len(before) == 2 and before[0] == "." and before[1].isupper() and not after.strip()[:1].isupper()


def _ends_line(text: str, start: int, after: str) -> bool:
    """A line break ends a sentence unless the next line goes on in lower case (hard-wrapped text)."""
    rest = after.lstrip(" \t\u00a0")
    if not rest or rest[0] in "\r\n" or _BULLET.match(after):
        return True
    before = text[:start].rstrip(" \t\u00a0")[-1:]
    return not rest[0].islower() or before in {":", "", "\n", "\r"}


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def sentences(text: str) -> list[Span]:
    """Sentences, list items and lines that stand alone."""
    found: list[Span] = []
    start = 0
    for mark in _STOP.finditer(text):
        if not _ends_sentence(text, mark):
            continue
        found.append(_trimmed(text, start, mark.end()))
        start = mark.end()
    found.append(_trimmed(text, start, len(text)))
    return [span for span in found if span.end > span.start]


def clauses(text: str) -> list[Span]:
    """Sentences cut at commas, brackets and words of contrast: what is compared with skills by meaning."""
    return [clause for sentence in sentences(text) for clause in clauses_of(text, sentence)]


def clauses_of(text: str, sentence: Span) -> list[Span]:
    found: list[Span] = []
    start = sentence.start
    for mark in _CLAUSE_STOP.finditer(text, sentence.start, sentence.end):
        if mark.group()[:1] == "(" and len(mark.group()) > 1:
            continue
        found.append(_trimmed(text, start, mark.start()))
        start = mark.end()
    found.append(_trimmed(text, start, sentence.end))
    return [span for span in found if span.end > span.start]
