"""A structured CV (Europass, JSON Resume) told in lines. Pure: no Django.

One rule: a field is told because it is listed as speaking of work, studies, skills, certificates, projects or languages. Names,
contacts, birth, gender, nationality and photos are in no list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matching.files.characters import tidy
from matching.files.formats.html import lines_of_html
from matching.files.formats.lines import BULLET, join_blocks
from matching.files.limits import DEPTH
from matching.files.results import Format, Found, Hidden, Invisible, Reason, Unreadable

# A document as JSON has it: an XML one is turned into the same shape.
Node = Mapping[str, "Node"] | Sequence["Node"] | str | int | float | bool | None


def found_in_cv(lines: Iterable[str], file_format: Format) -> Found:
    """Raises Unreadable when no line speaks of anything."""
    text, smuggled = tidy(join_blocks(lines))
    if not text:
        raise Unreadable(Reason.NO_TEXT)
    return Found(text, file_format, (Invisible(Hidden.CHARACTERS, smuggled),) if smuggled else ())


def at(node: Node, *path: str) -> Node:
    """The value at a path of keys; None where there is none."""
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def items(node: Node) -> list[Node]:
    """A list as it is; one value as a list of one; nothing as an empty list."""
    if node is None or node == "":
        return []
    return list(node) if isinstance(node, Sequence) and not isinstance(node, str) else [node]


def words(node: Node) -> str:
    """A value on one line: a text, a number, or what labels a coded value."""
    if isinstance(node, Mapping):
        return words(node.get("Label") or node.get("#text"))
    if isinstance(node, Sequence) and not isinstance(node, str):
        return ", ".join(filter(None, (words(one) for one in node)))
    if node is None or isinstance(node, bool):
        return ""
    return " ".join(" ".join(lines_of_html(str(node))).split())


def heading(*parts: str) -> list[str]:
    """The line that opens an entry: what is known of a title, a place, a period."""
    line = ", ".join(part for part in parts if part)
    return [line] if line else []


def paragraphs(*nodes: Node) -> Iterator[str]:
    """The lines of texts that run over several."""
    for node in nodes:
        for one in items(node):
            if isinstance(one, Mapping):
                one = one.get("#text") or one.get("Label")
            if isinstance(one, str):
                yield from lines_of_html(one)


def bullets(node: Node) -> Iterator[str]:
    for one in items(node):
        line = words(one)
        if line:
            yield BULLET + line.removeprefix(BULLET)


def named(node: Node, names: frozenset[str], depth: int = 0) -> Iterator[Node]:
    """Every value under one of the names, at any depth, in the order of the document."""
    if depth > DEPTH:
        return
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name in names:
                yield from items(value)
            else:
                yield from named(value, names, depth + 1)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for one in node:
            yield from named(one, names, depth + 1)
