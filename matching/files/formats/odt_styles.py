"""What the styles of an ODT say of how its text looks. Pure: no Django.

One rule: each style is flattened once with its parents; the styles of the content and those of headers and footers are apart,
since automatic names (P1, T2) mean something else in each.
"""

import re
from collections.abc import Iterable

from lxml import etree

from matching.files.formats.colours import Colour, parse_colour
from matching.files.formats.looks import AUTOMATIC, NOTHING, Look
from matching.files.formats.safe_xml import attribute, child, descendants
from matching.files.limits import DEPTH

_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(pt|cm|mm|in|px|pc)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75, "pc": 12.0}
_USUAL_POINTS = 12.0
_FLAT_POINTS = 3.0
_FAR_POINTS = 600.0  # more than the width of a sheet
_OPAQUE_FROM = 10.0  # percent


class Styles:
    def __init__(self, roots: Iterable[etree._Element | None]) -> None:
        self._elements: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        for root in roots:
            for one in descendants(root, "style"):
                self._elements[attribute(one, "family"), attribute(one, "name")] = one
            for one in descendants(root, "default-style"):
                self._defaults[attribute(one, "family")] = one
        self._flat: dict[tuple[str, str], Look] = {}

    def look(self, family: str, name: str, depth: int = 0) -> Look:
        """A style with its parents and the default of its family; a circle of styles is cut."""
        key = (family, name)
        if key not in self._flat:
            element = self._elements.get(key)
            if element is None or depth > DEPTH:
                return self._default(family)
            self._flat[key] = NOTHING
            parent = self.look(family, attribute(element, "parent-style-name"), depth + 1)
            self._flat[key] = _own_look(element, parent).over(parent)
        return self._flat[key]

    def _default(self, family: str) -> Look:
        element = self._defaults.get(family)
        return NOTHING if element is None else _own_look(element, NOTHING)


def _own_look(style: etree._Element, parent: Look) -> Look:
    text = child(style, "text-properties")
    paragraph = child(style, "paragraph-properties")
    row = child(style, "table-row-properties")
    heights = [points(attribute(paragraph, "line-height")), points(attribute(row, "row-height"))]
    return Look(
        masked=_masked(attribute(text, "display")),
        transparent=_transparent(attribute(text, "opacity")),
        colour=_text_colour(text),
        ground=_ground(style),
        points=_size(attribute(text, "font-size"), parent),
        width=_percent(attribute(text, "text-scale")),
        flat=any(height < _FLAT_POINTS for height in heights if height is not None) or None,
        off_page=_is_far(attribute(paragraph, "margin-left")) or None,
    )


def _masked(display: str) -> bool | None:
    return display == "none" if display else None


def _transparent(opacity: str) -> bool | None:
    share = _percent(opacity)
    return None if share is None else share < _OPAQUE_FROM


def _text_colour(text: etree._Element | None) -> Colour | None:
    if attribute(text, "use-window-font-color") == "true":
        return AUTOMATIC
    return parse_colour(attribute(text, "color"))


def _ground(style: etree._Element) -> Colour | None:
    """The ground that a style of text, paragraph, cell, section or frame sets: the nearest to the text first."""
    graphic = child(style, "graphic-properties")
    if attribute(graphic, "fill") == "solid":
        return parse_colour(attribute(graphic, "fill-color"))
    for name in ("text", "paragraph", "table-cell", "section", "graphic", "table-row", "table"):
        colour = parse_colour(attribute(child(style, f"{name}-properties"), "background-color"))
        if colour:
            return colour
    return None


def _size(value: str, parent: Look) -> float | None:
    share = _percent(value)
    if share is not None:
        return (parent.points or _USUAL_POINTS) * share / 100
    return points(value)


def _percent(value: str) -> float | None:
    try:
        return float(value.removesuffix("%")) if value.endswith("%") else None
    except ValueError:
        return None


def _is_far(value: str) -> bool:
    length = points(value)
    return length is not None and abs(length) >= _FAR_POINTS


def points(value: str) -> float | None:
    """A length in points; None for what is none (a share, a word)."""
    match = _LENGTH.fullmatch(value)
    return float(match[1]) * _POINTS[match[2]] if match else None
