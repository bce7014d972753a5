"""Where a text box of a DOCX stands and what its ground is. Pure: no Django.

One rule: only what surely hides a text is told (a box off the page, flat, or hidden); a box whose place depends on the layout
is seen.
"""

import re

from lxml import etree

from matching.files.formats.colours import Colour, parse_colour
from matching.files.formats.docx_styles import Styles
from matching.files.formats.looks import Look
from matching.files.formats.safe_xml import attribute, child, children, descendants, local

_EMU_A_POINT = 12_700
_FLAT_POINTS = 3.0
# Sides of the page when the document does not tell them: larger than any sheet.
_PAGE_POINTS = (1_600.0, 2_400.0)
_LENGTH = re.compile(r"(-?[\d.]+)(pt|in|cm|mm|px)?")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 1.0, "": 1.0}


class Shapes:
    def __init__(self, body: etree._Element, styles: Styles) -> None:
        self._styles = styles
        sizes = list(descendants(body, "pgSz"))
        self.width = max((_twentieths(one, "w") for one in sizes), default=_PAGE_POINTS[0]) or _PAGE_POINTS[0]
        self.height = (
            max((_twentieths(one, "h") for one in sizes), default=_PAGE_POINTS[1]) or _PAGE_POINTS[1]
        )
        margins = [_twentieths(one, "left") for one in descendants(body, "pgMar")]
        self.left_margin = max(margins, default=72.0)

    def look(self, content: etree._Element) -> Look:
        """The look that the shapes around a box's content (`txbxContent`) give to its text."""
        look = Look()
        for holder in content.iterancestors():
            name = local(holder)
            if name in {"wsp", "shape", "rect", "roundrect"}:
                look = look.over(Look(ground=self._fill(holder)))
            if name in {"shape", "rect", "roundrect", "group"}:
                look = look.over(self._vml(holder))
            if name in {"anchor", "inline"}:
                look = look.over(self._placed(holder))
            if name == "p":
                break
        return look

    def _fill(self, shape: etree._Element) -> Colour | None:
        """The colour behind the text of a shape; None lets what is below be seen."""
        properties = child(shape, "spPr")
        if child(properties, "noFill") is not None:
            return None
        for name in ("solidFill", "gradFill"):
            fill = child(properties, name)
            if fill is not None:
                stop = next(descendants(fill, "gs"), None) if name == "gradFill" else fill
                return self._styles.drawing_colour(stop)
        if attribute(shape, "fillcolor") and attribute(shape, "filled", "t") not in {"f", "false"}:
            return parse_colour(attribute(shape, "fillcolor"))
        reference = child(shape, "style", "fillRef")
        return None if attribute(reference, "idx", "0") == "0" else self._styles.drawing_colour(reference)

    def _placed(self, holder: etree._Element) -> Look:
        """A drawing's size and place, in EMU."""
        extent = child(holder, "extent")
        width, height = (_emu(attribute(extent, name)) for name in ("cx", "cy"))
        is_flat = extent is not None and min(width, height) < _FLAT_POINTS
        is_hidden = attribute(child(holder, "docPr"), "hidden") in {"1", "true"}
        is_off = self._is_off(holder, "positionH", width, self.width) or self._is_off(
            holder, "positionV", height, self.height
        )
        return Look(masked=is_hidden or None, flat=is_flat or None, off_page=is_off or None)

    def _is_off(self, holder: etree._Element, name: str, size: float, page: float) -> bool:
        position = child(holder, name)
        offset = child(position, "posOffset")
        if offset is None:
            return False
        start = _emu((offset.text or "").strip())
        before = 0.0 if attribute(position, "relativeFrom") == "page" else -max(self.left_margin, 72.0)
        return start >= page or start + size <= before

    def _vml(self, shape: etree._Element) -> Look:
        """The older drawings carry a style as web pages do."""
        rules = dict(rule.split(":", 1) for rule in attribute(shape, "style").split(";") if ":" in rule)
        rules = {name.strip().lower(): value.strip().lower() for name, value in rules.items()}
        sizes = [_length(rules[name]) for name in ("width", "height") if name in rules]
        starts = [(_length(rules[name]), most) for name, most in self._sides() if name in rules]
        return Look(
            masked=rules.get("visibility") == "hidden" or None,
            flat=any(size < _FLAT_POINTS for size in sizes if size is not None) or None,
            off_page=any(start is not None and (start >= most or start <= -most) for start, most in starts)
            or None,
        )

    def _sides(self) -> tuple[tuple[str, float], ...]:
        return (
            ("margin-left", self.width),
            ("left", self.width),
            ("margin-top", self.height),
            ("top", self.height),
        )


def _emu(digits: str) -> float:
    try:
        return float(digits) / _EMU_A_POINT
    except ValueError:
        return 0.0


def _length(value: str) -> float | None:
    match = _LENGTH.fullmatch(value)
    try:
        return float(match[1]) * _POINTS[match[2]] if match else None
    except ValueError:
        return None


def _twentieths(element: etree._Element, name: str) -> float:
    try:
        return float(attribute(element, name, "0")) / 20
    except ValueError:
        return 0.0


def boxes(element: etree._Element) -> list[etree._Element]:
    """The contents of the text boxes in a drawing, nested ones aside: their own holder reads them."""
    found: list[etree._Element] = []
    for one in children(element):
        if local(one) == "txbxContent":
            found.append(one)
        elif local(one) != "Fallback":
            found.extend(boxes(one))
    return found
