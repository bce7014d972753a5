"""Whether a colour can be told from its ground. Pure: no Django.

One rule: the same difference counts in every format (`LEAST_DIFFERENCE`, of 255, in any of red, green and blue): what a PDF
shows and what a DOCX declares are judged alike.
"""

from typing import NamedTuple

# Lighter than #EBEBEB on white (contrast 1.2 to 1) no eye follows a line; the palest grey of real CVs is near #BBBBBB.
LEAST_DIFFERENCE = 20


class Colour(NamedTuple):
    red: int
    green: int
    blue: int


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)
_NAMES = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip


def parse_colour(value: str) -> Colour | None:
    """« FFFFFF », « #ffffff » or a name of Word's highlighter; None for « auto », « transparent » and the like."""
    digits = _NAMES.get(value, value.lstrip("#").split(" ")[0])
    if len(digits) != 6:
        return None
    try:
        return Colour(*bytes.fromhex(digits))
    except ValueError:
        return None


def can_be_told(text: Colour, ground: Colour) -> bool:
    return max(abs(one - other) for one, other in zip(text, ground, strict=True)) >= LEAST_DIFFERENCE


def shaded(colour: Colour, tint: str, shade: str) -> Colour:
    """A colour of a theme made lighter (`tint`) or darker (`shade`), both in two hexadecimal digits."""
    for value, towards in ((tint, 255), (shade, 0)):
        if value:
            share = _share(value)
            colour = Colour(*(round(part * share + towards * (1 - share)) for part in colour))
    return colour


def _share(value: str) -> float:
    try:
        return min(255, int(value, 16)) / 255
    except ValueError:
        return 1.0
