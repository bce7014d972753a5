"""XML parsed without believing it. Pure: no Django.

One rule: no entity is expanded and no address followed; a document with a DTD is refused, since entity bombs and external
entities need one and no format of ours does.
"""

from collections.abc import Iterator

from lxml import etree

from matching.files.results import Reason, Unreadable

_COMMENT, _INSTRUCTION, _ENTITY = etree.Comment, etree.ProcessingInstruction, etree.Entity


def parse_xml(data: bytes) -> etree._Element:
    """The root element. Raises Unreadable."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # An entity that cannot be expanded breaks the document too: the DTD is the cause to tell.
        reason = Reason.DTD if _declares_doctype(data) else Reason.DAMAGED
        raise Unreadable(reason) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(Reason.DTD)
    return root


def _declares_doctype(data: bytes) -> bool:
    return b"<!DOCTYPE" in data[:100_000].replace(b"\x00", b"")


def local(element: etree._Element) -> str:
    """The name without its namespace: both dialects of OOXML, and prefixes of any spelling, are read alike."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at `path`, by local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def children(element: etree._Element | None, name: str = "") -> Iterator[etree._Element]:
    for one in () if element is None else element:
        if isinstance(one.tag, str) and (not name or local(one) == name):
            yield one


def descendants(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    for one in () if element is None else element.iter():
        if isinstance(one.tag, str) and local(one) in names:
            yield one
