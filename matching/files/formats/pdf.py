"""The visible text of a PDF, page by page. Pure: no Django.

One rule: text that nobody sees is not read, so a scanned page gives nothing, whatever a machine wrote behind it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from matching.files.characters import tidy
from matching.files.formats.pdf_characters import read_page
from matching.files.formats.pdf_layout import page_text
from matching.files.formats.pdf_visibility import seen_words
from matching.files.limits import Limits
from matching.files.results import Format, Found, Hidden, Invisible, Reason, Unreadable

_LOCKED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
# Letters and figures under which a page that an image covers was not read (a scanned page may bear a printed number).
_FEW_LETTERS = 20


@dataclass(slots=True)
class _Reading:
    """What the pages gave so far."""

    texts: list[str] = field(default_factory=list)
    unseen: Counter[Hidden] = field(default_factory=Counter)
    unseen_pages: dict[Hidden, list[int]] = field(default_factory=lambda: defaultdict(list))
    drawn: list[int] = field(default_factory=list)  # pages that show an image or curves in the place of text
    letters: int = 0

    def count(self, reason: Hidden, characters: int, page: int) -> None:
        if characters:
            self.unseen[reason] += characters
            self.unseen_pages[reason].append(page)

    def invisible(self) -> tuple[Invisible, ...]:
        return tuple(
            Invisible(reason, count, tuple(self.unseen_pages[reason]))
            for reason, count in sorted(self.unseen.items())
        )


def read_pdf(data: bytes, limits: Limits) -> Found:
    """Raises Unreadable."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise Unreadable(Reason.ENCRYPTED if pdfium.FPDF_GetLastError() in _LOCKED else Reason.DAMAGED)
    try:
        pages = pdfium.FPDF_GetPageCount(document)
        reading = _Reading()
        for number in range(min(pages, limits.pages)):
            _read_page(document, number, reading)
    finally:
        pdfium.FPDF_CloseDocument(document)
    read = min(pages, limits.pages)
    if reading.letters < _FEW_LETTERS and len(reading.drawn) >= max(1, read):
        raise Unreadable(Reason.SCANNED)
    text = "\n\n".join(filter(None, reading.texts))
    if not text:
        hidden = reading.unseen.total()
        raise Unreadable(Reason.ALL_INVISIBLE, hidden) if hidden else Unreadable(Reason.NO_TEXT)
    return Found(text, Format.PDF, reading.invisible(), pages, read, tuple(reading.drawn))


def _read_page(document: object, number: int, reading: _Reading) -> None:
    page = _open(document, number)
    if page is None:
        reading.drawn.append(number + 1)
        return
    try:
        content = read_page(page)
        words, unseen = seen_words(page, content)
    finally:
        pdfium.FPDF_ClosePage(page)
    text, smuggled = tidy(page_text(words))
    reading.texts.append(text)
    for reason, count in unseen.items():
        reading.count(reason, count, number + 1)
    reading.count(Hidden.CHARACTERS, smuggled, number + 1)
    letters = sum(character.isalnum() for character in text)
    reading.letters += letters
    if letters < _FEW_LETTERS and content.is_drawn:
        reading.drawn.append(number + 1)


def _open(document: object, number: int) -> object | None:
    """The page, with what is filled in its forms and written over it (annotations) made a part of it."""
    page = pdfium.FPDF_LoadPage(document, number)
    if page and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        pdfium.FPDF_ClosePage(page)
        page = pdfium.FPDF_LoadPage(document, number)
    return page or None
