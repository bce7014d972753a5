"""The visible text of an ODT: paragraphs, lists, tables, sections, frames, notes, headers and footers. Pure: no Django.

One rule: as for a DOCX: what properties let be seen is read, what they hide is counted by reason.
"""

import re
from dataclasses import dataclass

from lxml import etree

from matching.files.formats.colours import WHITE, Colour, parse_colour
from matching.files.formats.lines import BULLET, found_in_document, row_of_cells
from matching.files.formats.looks import NOTHING, Look, Unseen, hidden_because
from matching.files.formats.odt_styles import Styles, points
from matching.files.formats.package import Package
from matching.files.formats.safe_xml import attribute, child, children, descendants, local
from matching.files.results import Format, Found, Hidden, Reason, Unreadable

_SHAPES = {
    "frame", "custom-shape", "rect", "ellipse", "circle", "line", "polygon", "path", "connector", "caption", "g", "a-frame",
}  # fmt: skip
# Nothing of these is seen in the text: alternative words of an image, the reading of a ruby, scripts and controls.
_SILENT = {
    "title",
    "desc",
    "ruby-text",
    "event-listeners",
    "forms",
    "image",
    "object",
    "object-ole",
    "plugin",
    "sequence-decls",
}
_FAMILIES = {"p": "paragraph", "h": "paragraph", "span": "text", "a": "text"}
_BLANKS = re.compile(r"\s+")
_SHEET = (1_600.0, 2_400.0)  # points: larger than any, for a document that does not tell its own
_WIDEST_MARGIN = 110.0  # a place may be told from the margin
_FLAT_POINTS = 3.0


def read_odt(package: Package) -> Found:
    """Raises Unreadable."""
    _refuse_encrypted(package)
    content = package.xml("content.xml") if "content.xml" in package else None
    body = child(content, "body", "text")
    if body is None:
        raise Unreadable(Reason.DAMAGED)
    common = package.xml_or_none("styles.xml")
    unseen = Unseen()
    page = _Page.of(common)
    around = _Reader(Styles([common]), page, unseen)
    headers, footers = (_headers(common, content, around, kind) for kind in ("header", "footer"))
    inside = _Reader(Styles([child(common, "styles"), content]), page, unseen)
    blocks = [*headers, *inside.story(body, NOTHING), *inside.notes, *around.notes, *footers]
    return found_in_document(blocks, unseen, Format.ODT)


def _refuse_encrypted(package: Package) -> None:
    manifest = package.xml_or_none("META-INF/manifest.xml")
    if "encrypted-package" in package or next(descendants(manifest, "encryption-data"), None) is not None:
        raise Unreadable(Reason.ENCRYPTED)


def _headers(
    common: etree._Element | None, content: etree._Element | None, reader: "_Reader", kind: str
) -> list[str]:
    """What the headers, or footers, of the pages in use say, each once."""
    pages = list(descendants(common, "master-page"))
    used = {attribute(page, "name") for page in pages[:1]}
    for root in (common, content):
        used.update(attribute(one, "master-page-name") for one in descendants(root, "style"))
    blocks: list[str] = []
    for page in pages:
        for one in children(page):
            is_shown = attribute(page, "name") in used and attribute(one, "display") != "false"
            if local(one).startswith(kind) and is_shown:
                blocks.extend(reader.story(one, NOTHING))
    return list(dict.fromkeys(blocks))


@dataclass(frozen=True, slots=True)
class _Page:
    colour: Colour
    sheet: tuple[float, float]

    @classmethod
    def of(cls, common: etree._Element | None) -> "_Page":
        """The colour of the first layout, and the largest sheet of all."""
        layouts = list(descendants(common, "page-layout-properties"))
        colour = parse_colour(attribute(layouts[0], "background-color")) if layouts else None
        width, height = (
            max(filter(None, (points(attribute(one, name)) for one in layouts)), default=most)
            for name, most in zip(("page-width", "page-height"), _SHEET, strict=True)
        )
        return cls(colour or WHITE, (width, height))


class _Reader:
    """Reads stories with one set of styles. `notes` gathers the footnotes met on the way."""

    def __init__(self, styles: Styles, page: _Page, unseen: Unseen) -> None:
        self.notes: list[str] = []
        self._styles = styles
        self._page = page
        self._unseen = unseen

    def story(self, story: etree._Element, around: Look) -> list[str]:
        """What a body, a section, a cell, a frame or a header holds. `around` is the look that it gives."""
        blocks: list[str] = []
        for one in children(story):
            name = local(one)
            if name in {"p", "h"}:
                blocks.extend(self._paragraph(one, around))
            elif name == "list":
                blocks.extend(self._list(one, around))
            elif name == "table":
                blocks.extend(self._table(one, around))
            elif name == "tracked-changes":
                self._count(one, Hidden.DELETED)
            elif name in _SHAPES:
                blocks.extend(self._shape(one, around))
            elif name not in _SILENT:
                blocks.extend(self.story(one, self._held(one, around)))
        return blocks

    def _held(self, holder: etree._Element, around: Look) -> Look:
        """A section, an index or a text box: hidden by its own attribute or by its style."""
        own = self._styles.look("section", attribute(holder, "style-name"))
        if attribute(holder, "display") == "none" or attribute(holder, "is-hidden") == "true":
            own = Look(masked=True).over(own)
        return own.over(around)

    def _list(self, items: etree._Element, around: Look) -> list[str]:
        blocks: list[str] = []
        for item in children(items):
            told = self.story(item, around)
            if told and told[0] and local(item) == "list-item" and not told[0].startswith(BULLET):
                told[0] = BULLET + told[0]
            blocks.extend(told)
        return blocks

    def _table(self, table: etree._Element, around: Look) -> list[str]:
        blocks: list[str] = []
        around = self._styles.look("table", attribute(table, "style-name")).over(around)
        for row in descendants(table, "table-row"):
            if next(row.iterancestors(table.tag), None) is not table:
                continue
            look = self._styles.look("table-row", attribute(row, "style-name")).over(around)
            if attribute(row, "visibility") in {"collapse", "filter"}:
                look = Look(masked=True).over(look)
            cells = [
                self.story(cell, self._styles.look("table-cell", attribute(cell, "style-name")).over(look))
                for cell in children(row, "table-cell")
            ]
            blocks.extend(row_of_cells(cells))
        return blocks

    def _shape(self, shape: etree._Element, around: Look) -> list[str]:
        """A frame or a drawn shape: its own ground, its size and its place."""
        style = self._styles.look("graphic", attribute(shape, "style-name"))
        return self.story(
            shape,
            _placed(shape, self._page.sheet)
            .over(Look(ground=style.ground, masked=style.masked))
            .over(around),
        )

    def _paragraph(self, paragraph: etree._Element, around: Look) -> list[str]:
        look = self._look(paragraph, around)
        if any(attribute(one, "is-hidden") == "true" for one in descendants(paragraph, "hidden-paragraph")):
            look = Look(masked=True).over(look)
        pieces: list[str] = []
        boxed: list[str] = []
        self._inline(paragraph, look, pieces, boxed)
        return ["".join(pieces).strip(), *boxed]

    def _look(self, element: etree._Element, around: Look) -> Look:
        """The element's own look; what holds it hides it whatever that says."""
        own = self._styles.look(_FAMILIES.get(local(element), "text"), attribute(element, "style-name"))
        hides = Look(masked=around.masked or None, flat=around.flat or None, off_page=around.off_page or None)
        return hides.over(own).over(around)

    def _inline(self, holder: etree._Element, look: Look, pieces: list[str], boxed: list[str]) -> None:
        self._say(holder.text, look, pieces)
        for one in holder:
            if isinstance(one.tag, str):
                self._inline_one(one, look, pieces, boxed)
            self._say(one.tail, look, pieces)

    def _inline_one(self, one: etree._Element, look: Look, pieces: list[str], boxed: list[str]) -> None:
        name = local(one)
        if name in {"s", "tab"}:
            pieces.append(" ")
        elif name == "line-break":
            pieces.append("\n")
        elif name == "annotation":
            self._count(one, Hidden.COMMENT)
        elif name == "note":
            self.notes.extend(
                block for body in children(one, "note-body") for block in self.story(body, NOTHING)
            )
        elif name == "hidden-text":
            self._hidden_text(one, look, pieces)
        elif name in _SHAPES:
            boxed.extend(self._shape(one, Look(masked=look.masked, off_page=look.off_page)))
        elif name not in _SILENT:
            self._inline(one, self._look(one, look) if name in _FAMILIES else look, pieces, boxed)

    def _hidden_text(self, field: etree._Element, look: Look, pieces: list[str]) -> None:
        """A field that shows its text or not, as its condition stood when the document was saved."""
        if attribute(field, "is-hidden") == "false":
            self._say(field.text, look, pieces)
        else:
            self._unseen.add(Hidden.MASKED, attribute(field, "string-value") or field.text or "")

    def _say(self, text: str | None, look: Look, pieces: list[str]) -> None:
        if not text:
            return
        # Line ends and runs of blanks in the markup are one blank: breaks have elements of their own.
        text = _BLANKS.sub(" ", text)
        reason = hidden_because(look, self._page.colour)
        if reason is None:
            pieces.append(text)
        else:
            self._unseen.add(reason, text)

    def _count(self, element: etree._Element, reason: Hidden) -> None:
        for one in descendants(element, "p", "h"):
            self._unseen.add(reason, "".join(one.itertext()))


def _placed(shape: etree._Element, sheet: tuple[float, float]) -> Look:
    """A shape too small to show a letter, or beyond the sheet. A frame that grows with its text tells no height of its own."""
    width, height = (points(attribute(shape, name)) for name in ("width", "height"))
    grows = bool(attribute(child(shape, "text-box"), "min-height"))
    is_flat = any(size is not None and size < _FLAT_POINTS for size in (width, None if grows else height))
    is_off = False
    for name, size, most in zip(("x", "y"), (width, height), sheet, strict=True):
        start = points(attribute(shape, name))
        if start is not None and (start >= most or start + (size or 0.0) <= -_WIDEST_MARGIN):
            is_off = True
    return Look(flat=is_flat or None, off_page=is_off or None)
