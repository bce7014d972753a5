"""The look that a table's style gives to each of its cells. Pure: no Django.

One rule: as in Word, a corner yields to a row, a row to a column, a column to a band, and a band to the whole table.
"""

from lxml import etree

from matching.files.formats.docx_styles import Style
from matching.files.formats.looks import NOTHING, Look
from matching.files.formats.safe_xml import attribute

Place = tuple[int, int]  # a number from 0, and how many there are

# Attributes of `tblLook`, and the bits that older files have in their stead.
_BITS = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
_NONE = {"0", "false", "off"}


def cell_look(style: Style, choices: etree._Element | None, row: Place, column: Place) -> Look:
    """The look of the cell of a table of this style; `choices` (`tblLook`) says which of its parts the table uses."""
    look = NOTHING
    if style.parts:
        for name in _parts(choices, row, column):
            look = look.over(style.parts.get(name, NOTHING))
    return look.over(style.look)


def _parts(choices: etree._Element | None, row: Place, column: Place) -> list[str]:
    ends = [
        ("firstRow", "firstRow", row[0] == 0),
        ("lastRow", "lastRow", row[0] == row[1] - 1),
        ("firstColumn", "firstCol", column[0] == 0),
        ("lastColumn", "lastCol", column[0] == column[1] - 1),
    ]
    parts = [part for choice, part, is_there in ends if is_there and _is_chosen(choices, choice)]
    if not _is_chosen(choices, "noHBand"):
        number = row[0] - _is_chosen(choices, "firstRow")
        parts.append("band2Horz" if number % 2 else "band1Horz")
    if not _is_chosen(choices, "noVBand"):
        number = column[0] - _is_chosen(choices, "firstColumn")
        parts.append("band2Vert" if number % 2 else "band1Vert")
    return [*parts, "wholeTable"]


def _is_chosen(choices: etree._Element | None, name: str) -> bool:
    told = attribute(choices, name)
    if told:
        return told not in _NONE
    try:
        return bool(int(attribute(choices, "val", "04A0"), 16) & _BITS[name])
    except ValueError:
        return False
