"""What the styles, the theme and the settings of a DOCX say of how its text looks. Pure: no Django.

One rule: each style is flattened once with those it is based on; properties are read by local name, in either dialect of OOXML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from matching.files.formats.colours import BLACK, WHITE, Colour, parse_colour, shaded
from matching.files.formats.looks import AUTOMATIC, NOTHING, Look
from matching.files.formats.safe_xml import attribute, child, children, descendants, local
from matching.files.limits import DEPTH

_OFF = {"0", "false", "off", "none"}
_THEME_NAMES = {
    "background1": "lt1", "bg1": "lt1", "light1": "lt1", "text1": "dk1", "tx1": "dk1", "dark1": "dk1",
    "background2": "lt2", "bg2": "lt2", "light2": "lt2", "text2": "dk2", "tx2": "dk2", "dark2": "dk2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
_MOSTLY_TRANSPARENT = 90_000  # of 100,000, as Word's text effects count
_EXACT_TWENTIETHS = 60  # a line of exactly 3 points or less shows nothing


@dataclass(frozen=True, slots=True)
class Style:
    """A flattened style: of its text, of its paragraphs' ground and height, whether it makes a list; of a table's parts."""

    look: Look = NOTHING
    is_list: bool = False
    parts: Mapping[str, Look] = field(default_factory=dict)


_PLAIN = Style()


class Styles:
    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        self._theme = _theme_colours(theme)
        self._elements = {attribute(one, "styleId"): one for one in children(styles, "style")}
        self._flat: dict[str, Style] = {}
        defaults = child(styles, "docDefaults")
        self.default = self.run_look(child(defaults, "rPrDefault", "rPr")).over(
            self.paragraph_look(child(defaults, "pPrDefault", "pPr"))
        )
        self._default_paragraph = next(
            (
                code
                for code, one in self._elements.items()
                if attribute(one, "type") == "paragraph" and attribute(one, "default") in {"1", "true", "on"}
            ),
            "",
        )

    def paragraph(self, properties: etree._Element | None) -> Style:
        return self.named(attribute(child(properties, "pStyle"), "val") or self._default_paragraph)

    def named(self, code: str, depth: int = 0) -> Style:
        """A style with all that it is based on; a circle of styles is cut."""
        if code not in self._flat:
            element = self._elements.get(code)
            if element is None or depth > DEPTH:
                return _PLAIN
            self._flat[code] = _PLAIN
            self._flat[code] = self._flattened(element, depth)
        return self._flat[code]

    def _flattened(self, element: etree._Element, depth: int) -> Style:
        base = self.named(attribute(child(element, "basedOn"), "val"), depth + 1)
        paragraph = child(element, "pPr")
        cell = self.ground_look(child(element, "tcPr"))
        look = self.run_look(child(element, "rPr")).over(self.paragraph_look(paragraph)).over(cell)
        parts = {
            attribute(one, "type"): self.run_look(child(one, "rPr")).over(
                self.ground_look(child(one, "tcPr"))
            )
            for one in children(element, "tblStylePr")
        }
        own_list = _makes_list(paragraph)
        return Style(
            look.over(base.look), base.is_list if own_list is None else own_list, {**base.parts, **parts}
        )

    def is_list_item(self, properties: etree._Element | None) -> bool:
        own = _makes_list(properties)
        return self.paragraph(properties).is_list if own is None else own

    def run_look(self, properties: etree._Element | None) -> Look:
        """The look that run properties set."""
        if properties is None:
            return NOTHING
        effect_colour, is_transparent = self._text_fill(child(properties, "textFill"))
        return Look(
            masked=_switch(child(properties, "vanish")),
            web_masked=_switch(child(properties, "webHidden")),
            transparent=is_transparent,
            colour=effect_colour or self._colour(child(properties, "color"), "val", "theme"),
            ground=self._highlight(properties) or _set(self._shading(properties)),
            points=_half(_number(child(properties, "sz"))),
            width=_number(child(properties, "w")),
        )

    def ground_look(self, properties: etree._Element | None) -> Look:
        """The ground that the properties of a paragraph or a cell set."""
        ground = self._shading(properties)
        return NOTHING if ground is None else Look(ground=ground)

    def paragraph_look(self, properties: etree._Element | None) -> Look:
        spacing = child(properties, "spacing")
        is_flat = None
        if attribute(spacing, "lineRule") == "exact":
            is_flat = (_number(spacing, "line") or 0) <= _EXACT_TWENTIETHS
        return Look(ground=self._shading(properties), flat=is_flat)

    def _highlight(self, properties: etree._Element) -> Colour | None:
        value = attribute(child(properties, "highlight"), "val")
        return parse_colour(value) if value else None

    def _shading(self, properties: etree._Element | None) -> Colour | None:
        shading = child(properties, "shd")
        if shading is None:
            return None
        if attribute(shading, "val") == "solid":
            return self._colour(shading, "color", "theme")
        return self._colour(shading, "fill", "themeFill")

    def _colour(self, element: etree._Element | None, name: str, theme: str) -> Colour | None:
        """A colour in figures or of the theme, which wins, as it does in Word. « auto » is set, and automatic."""
        if element is None:
            return None
        of_theme = attribute(element, f"{theme}Color" if theme == "theme" else theme)
        colour = self.theme_colour(of_theme) if of_theme else None
        if colour is not None:
            return shaded(colour, attribute(element, f"{theme}Tint"), attribute(element, f"{theme}Shade"))
        return parse_colour(attribute(element, name)) or AUTOMATIC

    def theme_colour(self, name: str) -> Colour | None:
        return self._theme.get(_THEME_NAMES.get(name, name))

    def _text_fill(self, fill: etree._Element | None) -> tuple[Colour | None, bool | None]:
        """The colour of a text effect, and whether it leaves anything to be seen."""
        if fill is None:
            return None, None
        if child(fill, "noFill") is not None:
            return None, True
        solid = child(fill, "solidFill")
        alpha = next(descendants(solid, "alpha"), None)
        return self.drawing_colour(solid), (_number(alpha) or 0) >= _MOSTLY_TRANSPARENT

    def drawing_colour(self, fill: etree._Element | None) -> Colour | None:
        """The colour of a fill of DrawingML: of a text effect or of a shape."""
        for one in children(fill):
            if local(one) in {"srgbClr", "sysClr"}:
                return parse_colour(attribute(one, "lastClr") or attribute(one, "val"))
            if local(one) == "schemeClr":
                return self.theme_colour(attribute(one, "val"))
        return None


def _theme_colours(theme: etree._Element | None) -> dict[str, Colour]:
    colours = {"lt1": WHITE, "dk1": BLACK}
    for one in children(next(descendants(theme, "clrScheme"), None)):
        for value in children(one):
            colour = parse_colour(attribute(value, "lastClr") or attribute(value, "val"))
            if colour:
                colours[local(one)] = colour
    return colours


def _set(colour: Colour | None) -> Colour | None:
    """A run without shading of its own lets its paragraph's be seen."""
    return None if colour == AUTOMATIC else colour


def _switch(element: etree._Element | None) -> bool | None:
    """An on/off property: on when it stands alone."""
    return None if element is None else attribute(element, "val", "1").lower() not in _OFF


def _number(element: etree._Element | None, name: str = "val") -> float | None:
    digits = attribute(element, name).rstrip("%")
    try:
        return float(digits) if digits else None
    except ValueError:
        return None


def _half(value: float | None) -> float | None:
    return None if value is None else value / 2


def _makes_list(properties: etree._Element | None) -> bool | None:
    numbering = child(properties, "numPr")
    return None if numbering is None else attribute(child(numbering, "numId"), "val") != "0"
