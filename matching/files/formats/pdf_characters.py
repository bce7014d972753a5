"""The characters of a PDF page, where they stand on the drawn page, and the objects that paint them. Pure: no Django.

One rule: places are pixels of the page as it is drawn, whatever the page's rotation and crop; a character knows the object that
paints it, so that the object can be taken away and the difference looked at.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, sin

import pypdfium2.raw as pdfium

from matching.files.limits import DEPTH, PAGE_CHARACTERS, PAGE_PIXELS, PIXELS_A_POINT
from matching.files.results import Reason, Unreadable

_HYPHEN_MARK = "\x02"
_VIRTUAL = 1_000  # places are asked for on a page so many times larger, since they come rounded
_COVERING = 0.4  # of the page
_DRAWN_PATHS = 200  # a page of text drawn as curves has thousands of them, one of rules a few dozens
_LAST_CHARACTER = 0x10FFFF


@dataclass(slots=True)
class Character:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    painter: int  # address of the text object; 0 when the page has none for it
    quarter: int  # where the next letter stands: 0 to the right, 1 below, 2 to the left, 3 above

    @property
    def is_sideways(self) -> bool:
        return self.quarter % 2 == 1

    @property
    def is_empty(self) -> bool:
        return self.right - self.left < 0.02 or self.bottom - self.top < 0.02


@dataclass(slots=True)
class Word:
    characters: list[Character]
    starts_line: bool
    ends_with_hyphen: bool = False

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.characters)


@dataclass(slots=True)
class PageContent:
    width: int  # pixels
    height: int
    scale: float  # pixels a point
    words: list[Word] = field(default_factory=list)
    painters: dict[int, object] = field(default_factory=dict)  # every text object, by address
    is_drawn: bool = False  # an image covers much of the page, or it is made of curves


def read_page(page: object) -> PageContent:
    """Everything that the text of the page is made of, seen or not. Raises Unreadable."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Unreadable(Reason.DAMAGED)
    scale = min(PIXELS_A_POINT, (PAGE_PIXELS / (width * height)) ** 0.5)
    content = PageContent(max(1, round(width * scale)), max(1, round(height * scale)), scale)
    _walk(page, content, width * height)
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise Unreadable(Reason.DAMAGED)
    try:
        content.words = list(_words(_characters(text, _Placing(page, content))))
    finally:
        pdfium.FPDFText_ClosePage(text)
    return content


def _walk(page: object, content: PageContent, area: float) -> None:
    """Gather the text objects, inside forms too, and see whether the page is drawn."""
    paths = 0
    for thing, kind, depth in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            content.painters[_address(thing)] = thing
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and (depth or _area(thing) >= _COVERING * area):
            content.is_drawn = True
    content.is_drawn = content.is_drawn or paths >= _DRAWN_PATHS


def _objects(page: object) -> Iterator[tuple[object, int, int]]:
    waiting = [
        (pdfium.FPDFPage_GetObject(page, number), 0)
        for number in reversed(range(pdfium.FPDFPage_CountObjects(page)))
    ]
    while waiting:
        thing, depth = waiting.pop()
        kind = pdfium.FPDFPageObj_GetType(thing)
        yield thing, kind, depth
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
            inside = range(pdfium.FPDFFormObj_CountObjects(thing))
            waiting.extend(
                (pdfium.FPDFFormObj_GetObject(thing, number), depth + 1) for number in reversed(inside)
            )


def _area(thing: object) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return 0.0
    return abs((right.value - left.value) * (top.value - bottom.value))


def _address(thing: object) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0  # type: ignore[arg-type]


class _Placing:
    """Where a place of the page falls on the drawn page: three points tell how all the others turn and stretch."""

    def __init__(self, page: object, content: PageContent) -> None:
        self._page, self._content = page, content
        far = 100.0
        self._x0, self._y0 = self._asked(0.0, 0.0)
        x1, y1 = self._asked(far, 0.0)
        x2, y2 = self._asked(0.0, far)
        self._xx, self._yx = (x1 - self._x0) / far, (y1 - self._y0) / far
        self._xy, self._yy = (x2 - self._x0) / far, (y2 - self._y0) / far

    def _asked(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        width, height = self._content.width * _VIRTUAL, self._content.height * _VIRTUAL
        pdfium.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, across, down)
        return across.value / _VIRTUAL, down.value / _VIRTUAL

    def quarter(self, angle: float) -> int:
        """Where a line of text of this angle, which PDFium counts clockwise, runs to on the drawn page."""
        across = self._xx * cos(angle) - self._xy * sin(angle)
        down = self._yx * cos(angle) - self._yy * sin(angle)
        if abs(across) >= abs(down):
            return 0 if across >= 0 else 2
        return 1 if down > 0 else 3

    def box(self, left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the drawn page."""
        xs = (self._x0 + self._xx * left + self._xy * bottom, self._x0 + self._xx * right + self._xy * top)
        ys = (self._y0 + self._yx * left + self._yy * bottom, self._y0 + self._yx * right + self._yy * top)
        return min(xs), min(ys), max(xs), max(ys)


def _characters(text: object, placing: _Placing) -> Iterator[Character]:
    count = pdfium.FPDFText_CountChars(text)
    if count > PAGE_CHARACTERS:
        raise Unreadable(Reason.TOO_LONG, count)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for number in range(count):
        code = min(pdfium.FPDFText_GetUnicode(text, number), _LAST_CHARACTER)
        sign = _HYPHEN_MARK if pdfium.FPDFText_IsHyphen(text, number) == 1 else chr(code)
        pdfium.FPDFText_GetCharBox(text, number, left, right, bottom, top)
        painter = pdfium.FPDFText_GetTextObject(text, number)
        yield Character(
            sign,
            *placing.box(left.value, right.value, bottom.value, top.value),
            _address(painter) if painter else 0,
            placing.quarter(pdfium.FPDFText_GetCharAngle(text, number)),
        )


def _words(characters: Iterator[Character]) -> Iterator[Word]:
    """Runs of characters between blanks. PDFium adds blanks and line ends that a page only shows."""
    word = Word([], starts_line=True)
    for one in characters:
        if one.text == _HYPHEN_MARK:
            word.ends_with_hyphen = True
        elif not one.text.isspace():
            word.characters.append(one)
            continue
        if word.characters:
            yield word
        is_line_end = one.text in "\r\n" or one.text == _HYPHEN_MARK
        word = Word([], starts_line=is_line_end or (word.starts_line and not word.characters))
    if word.characters:
        yield word
