"""The visible text of a DOCX: paragraphs, tables, text boxes, headers, footers and notes. Pure: no Django.

One rule: a run is read when its properties, those of its styles and of what holds it let it be seen (`looks`); what is not read
is counted by reason.
"""

from dataclasses import replace

from lxml import etree

from matching.files.formats.colours import WHITE, Colour, parse_colour
from matching.files.formats.docx_parts import Parts, find_parts
from matching.files.formats.docx_shapes import Shapes, boxes
from matching.files.formats.docx_styles import Styles
from matching.files.formats.docx_tables import cell_look
from matching.files.formats.lines import BULLET, found_in_document, row_of_cells
from matching.files.formats.looks import AUTOMATIC, NOTHING, Look, Unseen, hidden_because
from matching.files.formats.package import Package
from matching.files.formats.safe_xml import attribute, child, children, descendants, local
from matching.files.results import Format, Found, Hidden

# What holds runs or paragraphs and changes nothing of them.
_HOLDERS = {
    "hyperlink", "smartTag", "sdt", "sdtContent", "ins", "moveTo", "fldSimple", "dir", "bdo", "customXml", "oMath", "oMathPara",
    "Choice", "ruby", "rubyBase",
}  # fmt: skip
_GONE = {"del", "moveFrom"}
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "•"}
_DRAWINGS = {"drawing", "pict", "object"}
_FAR_TWENTIETHS = 12_000  # 600 points: more than the width of a sheet
_FAR_DOWN_TWENTIETHS = 20_000
_FLAT_ROW_TWENTIETHS = 60


def read_docx(package: Package) -> Found:
    """Raises Unreadable."""
    parts = find_parts(package)
    return _Reader(parts).found()


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._styles = Styles(parts.one("styles"), parts.one("theme"))
        self._shapes = Shapes(parts.main, self._styles)
        self._page = _page_colour(parts)
        self._unseen = Unseen()

    def found(self) -> Found:
        parts = self._parts
        stories = [child(parts.main, "body"), *parts.notes("footnote"), *parts.notes("endnote")]
        headers, body, footers = (
            [block for story in told for block in self._story(story, NOTHING)]
            for told in (parts.around("header"), stories, parts.around("footer"))
        )
        for part in parts.each("comments"):
            self._count(part, Hidden.COMMENT)
        # The sections of a document often repeat one header.
        blocks = [*dict.fromkeys(headers), *body, *dict.fromkeys(footers)]
        return found_in_document(blocks, self._unseen, Format.DOCX)

    def _story(self, story: etree._Element | None, around: Look, table: Look = NOTHING) -> list[str]:
        """The paragraphs and tables of a body, a cell, a box, a header.

        `around` is the look that the holder gives, `table` that of the table's style.
        """
        blocks: list[str] = []
        for one in children(story):
            name = local(one)
            if name == "p":
                blocks.extend(self._paragraph(one, around, table))
            elif name == "tbl":
                blocks.extend(self._table(one, around))
            elif name in _GONE:
                self._count(one, Hidden.DELETED)
            elif name == "AlternateContent":
                blocks.extend(self._story(child(one, "Choice"), around, table))
            elif name in _HOLDERS:
                blocks.extend(self._story(one, around, table))
        return blocks

    def _table(self, table: etree._Element, around: Look) -> list[str]:
        blocks: list[str] = []
        properties = child(table, "tblPr")
        style = self._styles.named(attribute(child(properties, "tblStyle"), "val"))
        place = child(properties, "tblpPr")
        if _is_far(place, "tblpX", "tblpY"):
            around = Look(off_page=True).over(around)
        rows = _own(table, table, "tr")
        for number, row in enumerate(rows):
            if child(row, "trPr", "del") is not None:
                self._count(row, Hidden.DELETED)
                continue
            row_look = Look(flat=True).over(around) if _is_flat(row) else around
            cells = _own(row, table, "tc")
            told = []
            for place_in_row, cell in enumerate(cells):
                part = cell_look(
                    style, child(properties, "tblLook"), (number, len(rows)), (place_in_row, len(cells))
                )
                ground = _behind(
                    self._styles.ground_look(child(cell, "tcPr")).over(Look(ground=part.ground)), around
                )
                told.append(self._story(cell, Look(ground=ground).over(row_look), replace(part, ground=None)))
            blocks.extend(row_of_cells(told))
        return blocks

    def _paragraph(self, paragraph: etree._Element, around: Look, table: Look) -> list[str]:
        """The paragraph, then what its text boxes hold."""
        properties = child(paragraph, "pPr")
        below = self._styles.paragraph_look(properties).over(self._styles.paragraph(properties).look)
        below = below.over(table).over(self._styles.default)
        # What holds a paragraph hides it whatever its own properties say.
        hides = Look(
            masked=around.masked, flat=around.flat, off_page=around.off_page or _is_far_paragraph(properties)
        )
        below = Look(ground=_behind(below, around)).over(hides).over(below)
        pieces: list[str] = []
        boxed: list[str] = []
        self._inline(paragraph, below, pieces, boxed)
        text = "".join(pieces).strip()
        if text and self._styles.is_list_item(properties):
            text = BULLET + text
        return [text, *boxed]

    def _inline(self, holder: etree._Element, below: Look, pieces: list[str], boxed: list[str]) -> None:
        for one in children(holder):
            name = local(one)
            if name == "r":
                self._run(one, below, pieces, boxed)
            elif name in _GONE:
                self._count(one, Hidden.DELETED)
            elif name == "AlternateContent":
                self._inline(one, below, pieces, boxed)
            elif name in _DRAWINGS:
                self._drawing(one, boxed)
            elif name in _HOLDERS:
                self._inline(one, below, pieces, boxed)

    def _run(self, run: etree._Element, below: Look, pieces: list[str], boxed: list[str]) -> None:
        properties = child(run, "rPr")
        styled = self._styles.named(attribute(child(properties, "rStyle"), "val")).look
        look = self._styles.run_look(properties).over(styled).over(below)
        reason = hidden_because(look, self._page)
        for one in children(run):
            name = local(one)
            if name == "t":
                text = one.text or ""
                if reason is None:
                    pieces.append(text)
                else:
                    self._unseen.add(reason, text)
            elif name == "delText":
                self._unseen.add(Hidden.DELETED, one.text or "")
            elif name in _SIGNS:
                pieces.append(_SIGNS[name])
            elif name in _DRAWINGS:
                self._drawing(one, boxed)
            elif name == "AlternateContent":
                self._drawing(child(one, "Choice"), boxed)
            elif name in {"ruby", "rubyBase"}:
                self._inline(one, below, pieces, boxed)

    def _drawing(self, drawing: etree._Element | None, boxed: list[str]) -> None:
        for content in [] if drawing is None else boxes(drawing):
            boxed.extend(self._story(content, self._shapes.look(content)))

    def _count(self, element: etree._Element, reason: Hidden) -> None:
        for one in descendants(element, "t", "delText"):
            self._unseen.add(reason, one.text or "")


def _behind(look: Look, around: Look) -> Colour | None:
    """The ground that is seen behind a text: its own, or that of what holds it where it has none."""
    return around.ground if look.ground in {None, AUTOMATIC} else look.ground


def _own(holder: etree._Element, table: etree._Element, name: str) -> list[etree._Element]:
    """The rows of a table or the cells of a row, those of the tables inside left out."""
    return [one for one in descendants(holder, name) if next(one.iterancestors(table.tag), None) is table]


def _is_flat(row: etree._Element) -> bool:
    height = child(row, "trPr", "trHeight")
    return attribute(height, "hRule") == "exact" and _twentieths(height, "val") <= _FLAT_ROW_TWENTIETHS


def _is_far_paragraph(properties: etree._Element | None) -> bool | None:
    indent = child(properties, "ind")
    left = max(_twentieths(indent, "left"), _twentieths(indent, "start"))
    return left >= _FAR_TWENTIETHS or _is_far(child(properties, "framePr"), "x", "y") or None


def _is_far(place: etree._Element | None, across: str, down: str) -> bool:
    """A frame or a table set beyond any sheet, on either side."""
    return (
        abs(_twentieths(place, across)) >= _FAR_TWENTIETHS
        or abs(_twentieths(place, down)) >= _FAR_DOWN_TWENTIETHS
    )


def _page_colour(parts: Parts) -> Colour:
    """The colour of the page, where the document shows one."""
    background = child(parts.main, "background")
    if background is None or child(parts.one("settings"), "displayBackgroundShape") is None:
        return WHITE
    return parse_colour(attribute(background, "color")) or WHITE


def _twentieths(element: etree._Element | None, name: str) -> float:
    try:
        return float(attribute(element, name, "0"))
    except ValueError:
        return 0.0
