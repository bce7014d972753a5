"""Streams the elements of a large XML file, safely. Pure: no Django.

One rule: memory holds one element at a time, and a file with a DTD is refused before anything of it is
expanded: entity bombs and external entities need one, LHEO does not.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

_CHUNK = 1 << 16


class UnsafeOrForeignXml(Exception):
    """The file is refused as a whole; the message says why, in French."""


class XmlBroken(Exception):
    """The file is not well formed from `line` on; what came before was read."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class _PrologueRead(Exception):
    """The root element has begun: no DTD can follow."""


def check_prologue(path: Path, root: str) -> None:
    """Refuse an empty file, a DTD, or another root element than the one expected."""
    parser = expat.ParserCreate()

    def refuse_doctype(*_declaration: object) -> None:
        raise UnsafeOrForeignXml(
            "refusé : le fichier contient une DTD (<!DOCTYPE>), ce qui permet des attaques par entités ;"
            " retirez-la."
        )

    def check_root(name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] != root:
            raise UnsafeOrForeignXml(f"l'élément racine est <{name[:60]}>, <{root}> était attendu.")
        raise _PrologueRead

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = check_root
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except _PrologueRead:
            return
        except expat.ExpatError as error:
            message = f"ce n'est pas du XML (ligne {error.lineno} : {expat.ErrorString(error.code)})."
            raise UnsafeOrForeignXml(message) from error
        except (LookupError, ValueError) as error:
            message = (
                f"l'encodage que le fichier déclare n'est pas reconnu ({error}) ; enregistrez-le en UTF-8."
            )
            raise UnsafeOrForeignXml(message) from error


def encoding_override(path: Path) -> str | None:
    """windows-1252 when a file that declares UTF-8, or nothing, is not UTF-8; None to believe the file."""
    with path.open("rb") as stream:
        head = stream.read(200)
        declaration = (
            head.split(b"?>")[0].lower() if head.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") else b""
        )
        declares_other = b"encoding" in declaration and b"utf-8" not in declaration
        if declares_other or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return None
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            # A file cut in the middle of a character is still UTF-8.
            return None if error.reason == "unexpected end of data" else "windows-1252"
    return None


def stream_elements(path: Path, name: str, parent: str, encoding: str | None) -> Iterator[etree._Element]:
    """Yield each `name` element right below `parent`; it is emptied when the next one is asked for."""
    with path.open("rb") as stream:
        yield from _stream(stream, name, parent, encoding)


def _stream(stream: BinaryIO, name: str, parent: str, encoding: str | None) -> Iterator[etree._Element]:
    events = etree.iterparse(
        stream,
        events=("end",),
        tag=(f"{{*}}{name}", name),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _event, element in events:
            above = element.getparent()
            if above is None or local_name(above) != parent:
                continue
            yield element
            element.clear()
            while element.getprevious() is not None:
                del above[0]
    except etree.XMLSyntaxError as error:
        raise XmlBroken(error.lineno or 0, error.msg or "erreur inconnue") from error


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None, *path: str) -> list[etree._Element]:
    """The elements at `path` below `element`, whatever their namespace."""
    found = [] if element is None else [element]
    for name in path:
        found = [child for parent in found for child in parent.iterchildren(f"{{*}}{name}")]
    return found


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    return next(iter(children(element, *path)), None)


def text_of(element: etree._Element | None) -> str:
    """All the text below an element; markup that was not escaped is kept as words."""
    return "" if element is None else " ".join(part for part in element.itertext() if part.strip())


def text(element: etree._Element | None, *path: str) -> str:
    return text_of(child(element, *path))


def texts(element: etree._Element | None, *path: str) -> list[str]:
    return [text_of(found) for found in children(element, *path)]
