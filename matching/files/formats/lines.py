"""Pieces of a document joined into a text. Pure: no Django.

One rule: what was apart on the page stays apart in the text. `matching.reading.sentences` takes a line that begins in lower
case for the rest of the line above, so an empty line stands before such a piece.
"""

from collections.abc import Iterable

from matching.files.characters import tidy
from matching.files.formats.looks import Unseen
from matching.files.results import Format, Found, Hidden, Reason, Unreadable

BULLET = "- "


def join_blocks(blocks: Iterable[str]) -> str:
    text = ""
    for block in blocks:
        block = block.strip()
        if block:
            text += ("\n\n" if block[0].islower() else "\n") * bool(text) + block
    return text


def found_in_document(blocks: Iterable[str], unseen: Unseen, file_format: Format) -> Found:
    """What a word processor's document holds. Raises Unreadable when nothing of it is seen."""
    text, smuggled = tidy(join_blocks(blocks))
    unseen.add(Hidden.CHARACTERS, "x" * smuggled)
    if not text:
        raise Unreadable(Reason.ALL_INVISIBLE, unseen.total) if unseen.total else Unreadable(Reason.NO_TEXT)
    return Found(text, file_format, unseen.told())


def row_of_cells(cells: Iterable[list[str]]) -> list[str]:
    """A row of a table: one line where each cell is one (a date, what it dates), else cell after cell (a page in columns)."""
    filled = [cell for cell in cells if any(block.strip() for block in cell)]
    if all(len(cell) == 1 and "\n" not in cell[0] for cell in filled):
        return [" | ".join(cell[0] for cell in filled)]
    return [block for cell in filled for block in cell]
