"""Words on a page, as lines of text in reading order. Pure: no Django.

One rule: the order of the file is kept (most programs write a page box by box, as it is read), save where it runs from column
to column line by line: there the left column is told before the right one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matching.files.formats.pdf_characters import Word
from matching.files.formats.pdf_visibility import font_points

# In sizes of the font. A blank wider than this ends a segment: a column, or a place set by a tabulation.
_WIDE_BLANK = 1.5
_NEW_PARAGRAPH = 1.9  # from a line to the next; usual lines are 1.0 to 1.5 apart
_NEAR = 1.5  # lines of two columns that stand side by side
_NEW_BAND = 3.0  # below columns: what stands so far down is none of theirs
_SWITCHES = 4  # from left to right, at least, before columns are believed
_COLUMN_CHARACTERS = 15  # a line of a column, on average; a date or a level is shorter
_CONTINUED = 0.15  # share of the lines that go on in lower case: running text, not a table
_RAGGED = 2.0  # how much full lines of one paragraph differ in length
_LINE_CHARACTERS = 40  # from which a full line is one of a paragraph
# Signs of lists, those of private fonts included.
_BULLET = re.compile("[-–—•*▪●◦‣·>○■□➢➔✓✔\ue000-\uf8ff](?:\\s|$)")
_LABEL_CHARACTERS = 25  # a date or a label that is set apart from what it tells of
_MOST_CANDIDATES = 200
# First parts of French and English compounds: their hyphen is theirs, not the end of a line's.
_COMPOUNDS = frozenset(
    "savoir contre sous sur mi demi semi non auto multi pluri inter intra co ex bio micro nano post pré pre anti self full "
    "part hands well cross follow know high low long short end vice après avant quasi peut celui celle ceux est sont ont ai a "
    "ci là grand haut rendez porte chef garde mise par tout toute vis tête main moi lui".split()
)


@dataclass(slots=True)
class _Segment:
    """Words that follow one another on a line without a wide blank."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    first_width: float
    has_hyphen: bool
    is_sideways: bool

    def is_level_with(self, other: "_Segment") -> bool:
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared > 0.3 * min(self.bottom - self.top, other.bottom - other.top)

    def add(self, other: "_Segment") -> None:
        self.text += " " + other.text
        self.left, self.top = min(self.left, other.left), min(self.top, other.top)
        self.right, self.bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        self.size, self.has_hyphen = max(self.size, other.size), other.has_hyphen


def page_text(words: Sequence[Word]) -> str:
    if not words:
        return ""
    quarter = Counter(one.quarter for word in words for one in word.characters).most_common(1)[0][0]
    return _joined(_in_columns(_segments(words, quarter)))


def _segments(words: Sequence[Word], quarter: int) -> list[_Segment]:
    segments: list[_Segment] = []
    for word in words:
        one = _segment(word, quarter)
        last = segments[-1] if segments else None
        if last is not None and not last.has_hyphen and _follows(last, one, word):
            last.add(one)
        else:
            segments.append(one)
    return segments


def _segment(word: Word, quarter: int) -> _Segment:
    """The word by itself, on the page turned so that most of its text runs to the right."""
    letters = [one for one in word.characters if one.text.isalnum() and not one.is_empty] or word.characters
    left, top = min(one.left for one in word.characters), min(one.top for one in word.characters)
    right, bottom = max(one.right for one in word.characters), max(one.bottom for one in word.characters)
    for _turn in range(quarter):
        left, top, right, bottom = top, -right, bottom, -left
    is_sideways = (letters[0].quarter - quarter) % 2 == 1
    return _Segment(
        word.text,
        left,
        top,
        right,
        bottom,
        font_points(letters),
        right - left,
        word.ends_with_hyphen,
        is_sideways,
    )


def _follows(last: _Segment, one: _Segment, word: Word) -> bool:
    if last.is_sideways or one.is_sideways:
        return last.is_sideways == one.is_sideways and not word.starts_line
    size = max(last.size, one.size)
    return last.is_level_with(one) and -size <= one.left - last.right <= _WIDE_BLANK * size


def _in_columns(segments: list[_Segment]) -> list[_Segment]:
    """The segments, those of interleaved columns set column after column."""
    gutter = _gutter(segments)
    if gutter is None:
        return segments
    ordered: list[_Segment] = []
    band: list[_Segment] = []
    for one in segments:
        is_across = one.left < gutter < one.right
        if is_across or (band and one.top - max(other.bottom for other in band[-2:]) > _NEW_BAND * one.size):
            ordered.extend(_column_after_column(band, gutter))
            band = []
        if is_across:
            ordered.append(one)
        else:
            band.append(one)
    return [*ordered, *_column_after_column(band, gutter)]


def _column_after_column(band: list[_Segment], gutter: float) -> list[_Segment]:
    left = [one for one in band if one.right <= gutter]
    right = [one for one in band if one.right > gutter]
    switches = sum(_switches(one, other, gutter) for one, other in pairwise(band))
    if switches < _SWITCHES or not _is_running_text(left, right):
        return band
    return [*_in_columns(left), *_in_columns(right)]


def _gutter(segments: list[_Segment]) -> float | None:
    """The place that most often lies between a segment and the next one, beside it; None when there are few."""
    pairs = list(pairwise(segments))
    blanks = [(one.right, other.left) for one, other in pairs if _is_beside(one, other)]
    if len(blanks) < _SWITCHES:
        return None
    candidates = [(start + end) / 2 for start, end in blanks[:_MOST_CANDIDATES]]
    return max(candidates, key=lambda place: sum(start < place < end for start, end in blanks))


def _is_beside(one: _Segment, other: _Segment) -> bool:
    return other.left > one.right and abs(one.bottom - other.bottom) < _NEAR * max(one.size, other.size)


def _switches(one: _Segment, other: _Segment, gutter: float) -> bool:
    return one.right < gutter < other.left and _is_beside(one, other)


def _is_running_text(*columns: list[_Segment]) -> bool:
    """Columns of text, and not of a table, whose rows belong together."""
    lines = [one.text for column in columns for one in column]
    is_long = all(
        sum(len(one.text) for one in column) >= _COLUMN_CHARACTERS * len(column) for column in columns
    )
    return is_long and sum(line[0].islower() for line in lines) >= _CONTINUED * len(lines)


def _joined(segments: list[_Segment]) -> str:
    edges = _right_edges(segments)
    text = ""
    item: _Segment | None = None  # the bullet of the list item that goes on
    for number, one in enumerate(segments):
        last = segments[number - 1] if number else None
        if last is None:
            text = one.text
        elif last.has_hyphen:
            text = _without_hyphen(text, one.text)
        elif (item is not None and _continues_item(item, last, one)) or _is_wrapped(
            last, one, edges[number - 1]
        ):
            text += " " + one.text
        else:
            text += _between(last, one) + one.text
            item = None
        if _starts_item(one):
            item = one
    return text


def _right_edges(segments: list[_Segment]) -> list[float]:
    """For each segment, how far to the right the other lines of its block go: those below one another from one left edge."""
    edges: list[float] = []
    block: list[_Segment] = []
    for one in [*segments, None]:
        if one is None or (block and not _is_next_line(block[-1], one)):
            first, second = [*sorted((other.right for other in block), reverse=True), 0.0][:2]
            edges.extend(second if other.right == first else first for other in block)
            block = []
        if one is not None:
            block.append(one)
    return edges


def _is_next_line(last: _Segment, one: _Segment) -> bool:
    return abs(one.left - last.left) < one.size and 0 < one.bottom - last.bottom <= _NEW_PARAGRAPH * one.size


def _is_wrapped(last: _Segment, one: _Segment, edge: float) -> bool:
    """A long line that had no room for the word that begins the next one; `edge` is where other lines end."""
    if len(last.text) < _LINE_CHARACTERS or last.text[-1] in ".!?:;" or _starts_item(one):
        return False
    if abs(last.size - one.size) > 0.15 * one.size or not _is_next_line(last, one):
        return False
    # Of two long lines, the longer one may be full, or a thing by itself: a capital then begins another.
    is_full = last.right + one.first_width + 0.3 * one.size > edge
    return is_full and (one.text[0].islower() or last.right <= edge + _RAGGED * one.size)


def _starts_item(one: _Segment) -> bool:
    return bool(_BULLET.match(one.text))


def _continues_item(item: _Segment, last: _Segment, one: _Segment) -> bool:
    """The text beside a bullet that stands alone, or a line below that is set further to the right than its bullet."""
    if last is item and last.is_level_with(one):
        return True
    is_below = 0 < one.bottom - last.bottom <= _NEW_PARAGRAPH * one.size
    return is_below and one.left > item.left + 0.5 * one.size and not _starts_item(one)


def _between(last: _Segment, one: _Segment) -> str:
    size = max(last.size, one.size)
    if last.is_level_with(one) and one.left >= last.right:
        return " " if _is_label(last.text) else "\n"
    if one.bottom <= last.bottom:  # another column; a sentence may go on in it
        return "\n" if one.text[0].islower() else "\n\n"
    return "\n" if one.bottom - last.bottom <= _NEW_PARAGRAPH * size else "\n\n"


def _is_label(text: str) -> bool:
    """A bullet, a date or a label, which what stands beside it goes on; anything else on the same row is another thing."""
    if len(text) > _LABEL_CHARACTERS:
        return False
    return text.endswith(":") or any(one.isdigit() for one in text) or not any(one.isalnum() for one in text)


def _without_hyphen(text: str, following: str) -> str:
    """A word cut at the end of a line, whole again; a compound keeps its hyphen."""
    first = text.split()[-1].rsplit("-", 1)[-1].strip("(«\"'’")
    is_compound = first.casefold() in _COMPOUNDS or not following[:1].islower() or not first.isalpha()
    return text + "-" * is_compound + following
