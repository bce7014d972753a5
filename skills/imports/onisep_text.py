"""Turns the texts of ONISEP into plain French that reads well. Pure: no Django.

One rule: words are never changed; only the remnants of markup around them go. Headings stay as lines of their own, after an
empty line; list items begin with « - ».
"""

import html
import re

# The C1 controls too: one sheet holds a stray U+0081.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\ufeff]")
# What turns the direction of a text: a title may hide another one behind it.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
# What a cell of one line never holds; white space and C1 controls, wrong letters of an old encoding, go without a word.
_ODD = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f\u200b]|{_DIRECTION.pattern}|{_TAG.pattern}")
_HEADING = re.compile(r"#{1,6}\s*(.*)")
_ITEM = re.compile(r"[-•]\s*(.*)")
# « **Statuts possibles:** », as French writes it.
_BOLD_LABEL = re.compile(r"\*\*\s*([^*\n]+?)\s*:\s*\*\*")
_BOLD = re.compile(r"\*\*\s*([^*\n]+?)\s*\*\*")
_BACKTICK = re.compile(r"(?<=\w)`(?=\w)")


def readable_text(text: str, *, own_heading: str = "") -> str:
    """Paragraphs, headings and lists of a text of ONISEP; `own_heading` is left out, as the field's name says it already."""
    lines: list[str] = []
    for line in _without_markup(text).split("\n"):
        _add(lines, line, own_heading)
    while lines and lines[-1] in ("", "-"):
        lines.pop()
    return "\n".join(lines)


def one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", _DIRECTION.sub("", _TAG.sub("", text))).split())


def is_odd(text: str) -> bool:
    """Whether a cell of one line holds what `one_line` takes away and somebody should hear of."""
    return _ODD.search(text) is not None


def one_line_each(cell: str) -> str:
    """The values of a cell, separated by « | », one a line, each once."""
    values = (one_line(value) for value in cell.split("|"))
    return "\n".join(dict.fromkeys(value for value in values if value))


def _without_markup(text: str) -> str:
    text = html.unescape(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BOLD.sub(r"\1", _BOLD_LABEL.sub(r"\1 :", _TAG.sub("", text)))
    return _BACKTICK.sub("'", text)


def _add(lines: list[str], raw: str, own_heading: str) -> None:
    """Add a line of the source; a dash alone on its line opens the item that the next line holds."""
    line = one_line(raw)
    if not line:
        return
    is_opened = bool(lines) and lines[-1] == "-"
    if is_opened:
        lines.pop()
    if heading := _HEADING.fullmatch(line):
        title = heading[1].strip()
        if not title:
            return
        if lines:
            lines.extend(["", title])
        elif title.casefold() != own_heading.casefold():
            lines.append(title)
        return
    item = _ITEM.fullmatch(line)
    words = item[1] if item else line
    lines.append(f"- {words}".rstrip() if item or is_opened else words)
