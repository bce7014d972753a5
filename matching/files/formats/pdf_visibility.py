"""Which words of a PDF page are seen: the page is drawn with its text and without, and the two are compared. Pure: no Django.

One rule: what is seen is what is read. A word counts when taking away what paints it changes enough pixels where its letters
stand; how it was made invisible (white on white, under an image, without ink, cut off) does not matter.
"""

import ctypes
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from matching.files.formats.colours import LEAST_DIFFERENCE
from matching.files.formats.looks import SMALLEST_POINTS
from matching.files.formats.pdf_characters import Character, PageContent, Word
from matching.files.results import Hidden

# Texts that stand on one another are taken away one layer after the other; the fifth on one place could not be read anyway.
MOST_LAYERS = 4
# Share of a letter's middle that must change: the thinnest stroke (l, I) covers 10 %, the edge of a neighbour less than 4 %.
_LEAST_INK = 0.04
# Share of a letter's ink that must be told from what it covers, where texts stand on one another.
_LEAST_TOLD = 0.5
# Share of a word's letters that must be seen: those of a ligature may stand on one place.
_LEAST_LETTERS = 0.6
_MIDDLE = 0.6  # of a letter's height: neighbours above and below touch only its edges
# Height of letters, as a share of the size of the font.
_TALL, _LOW = 0.72, 0.5
_LOW_LETTERS = frozenset("acemnorsuvwxz")
_NEARLY_TRANSPARENT = 25  # of 255
_BYTES_A_PIXEL = 4
_WHITE = 0xFFFFFFFF

Sums = npt.NDArray[np.int32]
Pixels = npt.NDArray[np.uint8]


def seen_words(page: object, content: PageContent) -> tuple[list[Word], Counter[Hidden]]:
    """The words that are seen, in the order of the page, and how many characters of the others, by reason."""
    unseen: Counter[Hidden] = Counter()
    seen: list[Word] = []
    layers = _layers(content)
    compared = _compared(page, content, layers)
    for word in content.words:
        reason = _reason(word, content, layers, compared)
        if reason is None:
            seen.append(word)
        elif any(one.text.isalnum() for one in word.characters):
            unseen[reason] += len(word.characters)
    return seen, unseen


def _layers(content: PageContent) -> dict[int, int]:
    """The layer of each text object: the first in which none of its letters stands on another's."""
    boxes: dict[int, list[tuple[slice, slice]]] = {}
    for word in content.words:
        for one in word.characters:
            if one.painter in content.painters and not one.is_empty:
                boxes.setdefault(one.painter, []).append(_inside(one, content))
    taken = [np.zeros((content.height, content.width), dtype=bool)]
    layers: dict[int, int] = {}
    for painter, places in boxes.items():
        number = next(
            (n for n, layer in enumerate(taken) if not any(layer[place].any() for place in places)),
            len(taken),
        )
        if number == len(taken):
            if number == MOST_LAYERS:
                continue
            taken.append(np.zeros_like(taken[0]))
        layers[painter] = number
        for place in places:
            taken[number][place] = True
    return layers


def _inside(one: Character, content: PageContent) -> tuple[slice, slice]:
    """The pixels of a letter, its outermost ones aside: they are shared with neighbours."""
    rows = _span(one.top + 1, one.bottom - 1, content.height)
    columns = _span(one.left + 1, one.right - 1, content.width)
    return slice(*rows), slice(*columns)


def _span(start: float, end: float, most: int) -> tuple[int, int]:
    """Whole pixels between two places, at least one, within the page (none when it lies beyond)."""
    if end < start:
        start = end = (start + end) / 2
    first = int(start // 1)
    last = max(first + 1, -int(-end // 1))
    return min(max(first, 0), most), min(max(last, 0), most)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Where the page changes without the layer, and where the layer lays ink at all (None: where it changes)."""

    changed: Sums
    inked: Sums | None


def _compared(page: object, content: PageContent, layers: dict[int, int]) -> list[_Layer]:
    if not layers:
        return []
    drawn = _draw(page, content)
    # Objects in no layer are doubles that PDFium leaves out of the text: they go with every one, and never cause a change.
    members = [
        [thing for painter, thing in content.painters.items() if layers.get(painter, number) == number]
        for number in range(max(layers.values()) + 1)
    ]
    changed = [_sums(drawn, _draw_without(page, content, things)) for things in members]
    if len(members) == 1:
        return [_Layer(changed[0], None)]
    # White letters over black ones change the page where they cross: how much of their ink can be told must be known too.
    return [
        _Layer(sums, _sums(_draw_in(page, content, things, 0), _draw_in(page, content, things, 255)))
        for sums, things in zip(changed, members, strict=True)
    ]


def _sums(one: Pixels, other: Pixels) -> Sums:
    """How many pixels differ in every rectangle that begins at the top left."""
    difference = np.maximum(one, other) - np.minimum(one, other)
    is_changed = (difference >= LEAST_DIFFERENCE).view(np.uint32)[:, :, 0] != 0
    sums = np.zeros((one.shape[0] + 1, one.shape[1] + 1), dtype=np.int32)
    sums[1:, 1:] = is_changed.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    return sums


def _draw_without(page: object, content: PageContent, things: list[Any]) -> Pixels:
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(thing) for thing in things]
    try:
        for thing in things:
            pdfium.FPDFTextObj_SetTextRenderMode(thing, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
        return _draw(page, content)
    finally:
        for thing, mode in zip(things, modes, strict=True):
            pdfium.FPDFTextObj_SetTextRenderMode(thing, mode)


def _draw_in(page: object, content: PageContent, things: list[Any], grey: int) -> Pixels:
    """The page with these texts in one grey. Their colours are not given back: nothing else is drawn after."""
    for thing in things:
        pdfium.FPDFPageObj_SetFillColor(thing, grey, grey, grey, 255)
        pdfium.FPDFPageObj_SetStrokeColor(thing, grey, grey, grey, 255)
    return _draw(page, content)


def _draw(page: object, content: PageContent) -> Pixels:
    """The page on white, four bytes a pixel."""
    pixels = np.zeros((content.height, content.width, _BYTES_A_PIXEL), dtype=np.uint8)
    bitmap = pdfium.FPDFBitmap_CreateEx(
        content.width,
        content.height,
        pdfium.FPDFBitmap_BGRx,
        pixels.ctypes.data_as(ctypes.c_void_p),
        content.width * _BYTES_A_PIXEL,
    )
    if not bitmap:
        raise MemoryError
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, content.width, content.height, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, content.width, content.height, 0, 0)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return pixels


def _reason(
    word: Word, content: PageContent, layers: dict[int, int], compared: list[_Layer]
) -> Hidden | None:
    """Why the word is not seen; None when it is."""
    letters = [one for one in word.characters if one.text.isalnum() and not one.is_empty]
    judged = letters or word.characters
    if all(_is_off(one, content) for one in judged):
        return Hidden.OFF_PAGE
    found = [compared[layers[one.painter]] if one.painter in layers else None for one in judged]
    seen = sum(
        _is_seen(one, content, layer, whole=not letters) for one, layer in zip(judged, found, strict=True)
    )
    if seen < _LEAST_LETTERS * len(judged):
        return Hidden.TRANSPARENT if all(_is_transparent(one, content) for one in judged) else Hidden.GROUND
    return Hidden.TINY if letters and font_points(letters) / content.scale < SMALLEST_POINTS else None


def _is_off(one: Character, content: PageContent) -> bool:
    return one.right <= 0 or one.bottom <= 0 or one.left >= content.width or one.top >= content.height


def _is_seen(one: Character, content: PageContent, layer: _Layer | None, *, whole: bool) -> bool:
    if layer is None:
        return False
    share = 1.0 if whole else _MIDDLE
    down, across = (1.0, share) if one.is_sideways else (share, 1.0)
    top, bottom = _span(*_middle(one.top, one.bottom, down), content.height)
    left, right = _span(*_middle(one.left, one.right, across), content.width)
    place = (top, bottom, left, right)
    changed = _within(layer.changed, place)
    if layer.inked is not None and changed < _LEAST_TOLD * _within(layer.inked, place):
        return False
    return changed >= max(1.0, _LEAST_INK * (bottom - top) * (right - left))


def _within(sums: Sums, place: tuple[int, int, int, int]) -> int:
    top, bottom, left, right = place
    return int(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])


def _middle(start: float, end: float, share: float) -> tuple[float, float]:
    cut = (end - start) * (1 - share) / 2
    return start + cut, end - cut


def _is_transparent(one: Character, content: PageContent) -> bool:
    """Painted without ink, as the text behind a scanned page is."""
    thing: Any = content.painters.get(one.painter)
    if thing is None:
        return False
    if pdfium.FPDFTextObj_GetTextRenderMode(thing) in {
        pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
        pdfium.FPDF_TEXTRENDERMODE_CLIP,
    }:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    is_told = pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
    return bool(is_told) and alpha.value < _NEARLY_TRANSPARENT


def font_points(letters: list[Character]) -> float:
    """The size of the font, from the drawn height of its letters (a file may lie about the size), in pixels."""
    tallest = max(one.right - one.left if one.is_sideways else one.bottom - one.top for one in letters)
    is_tall = any(one.text not in _LOW_LETTERS for one in letters)
    return tallest / (_TALL if is_tall else _LOW)
