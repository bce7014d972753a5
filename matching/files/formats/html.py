"""Rich text that Europass keeps in its fields, as lines. Pure: no Django.

One rule: marks are stripped, never believed: what a browser would not show (scripts, hidden elements) is no text.
"""

import re
from html import unescape
from html.parser import HTMLParser

from matching.files.formats.lines import BULLET

_MARKUP = re.compile(r"<[/!]?[a-zA-Z]")
_BREAKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "template", "noscript", "title"})
_EMPTY = frozenset({"br", "img", "hr", "input", "meta", "link", "wbr", "col", "source"})


def lines_of_html(text: str) -> list[str]:
    """The lines of a field, which is plain text as often as HTML."""
    if not _MARKUP.search(text):
        return [line.strip() for line in unescape(text).splitlines() if line.strip()]
    reader = _Lines()
    reader.feed(text)
    reader.close()
    return [
        line
        for line in (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
        if line.strip(" -")
    ]


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []  # the elements open from the first unseen one on

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _EMPTY and (self._unseen or tag in _SILENT or _is_hidden(dict(attributes))):
            self._unseen.append(tag)
        elif tag in _BREAKS:
            self.pieces.append("\n" + BULLET * (tag == "li"))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in _BREAKS and not self._unseen:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data.replace("\n", " "))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = "".join((attributes.get("style") or "").lower().split())
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
