"""The parts of a DOCX that hold what is read, found as Word finds them: by relationships. Pure: no Django.

One rule: a part is read because the document shows it: a header that no section uses, or a note that nothing calls, is no text.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from matching.files.formats.package import Package
from matching.files.formats.safe_xml import attribute, child, children, descendants, local
from matching.files.results import Reason, Unreadable

_OFF = {"0", "false", "off"}


@dataclass(frozen=True, slots=True)
class Related:
    code: str
    kind: str  # styles, header, footnotes…
    name: str


class Parts:
    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._related = _related(package, name)
        self.main = package.xml(name)

    def one(self, kind: str) -> etree._Element | None:
        return next(self.each(kind), None)

    def each(self, kind: str) -> Iterator[etree._Element]:
        return (self._package.xml(one.name) for one in self._related if one.kind == kind)

    def around(self, kind: str) -> list[etree._Element]:
        """The headers, or footers (`kind`), that a section shows."""
        has_even = is_on(child(self.one("settings"), "evenAndOddHeaders"))
        codes = []
        for section in descendants(self.main, "sectPr"):
            shown = {"default": True, "even": has_even, "first": is_on(child(section, "titlePg"))}
            for one in children(section, f"{kind}Reference"):
                if shown.get(attribute(one, "type", "default")):
                    codes.append(attribute(one, "id"))
        names = {one.code: one.name for one in self._related if one.kind == kind}
        return [self._package.xml(names[code]) for code in dict.fromkeys(codes) if code in names]

    def notes(self, kind: str) -> list[etree._Element]:
        """The footnotes, or endnotes (`kind`), that the text calls."""
        called = {attribute(one, "id") for one in descendants(self.main, f"{kind}Reference")}
        return [
            one
            for part in self.each(f"{kind}s")
            for one in children(part, kind)
            if attribute(one, "id") in called
        ]


def find_parts(package: Package) -> Parts:
    """The main part and what it is related to. Raises Unreadable when there is none."""
    main = next((one.name for one in _related(package, "") if one.kind == "officeDocument"), None)
    if main is None:
        raise Unreadable(Reason.DAMAGED)
    return Parts(package, main)


def is_on(switch: etree._Element | None) -> bool:
    return switch is not None and attribute(switch, "val", "1").lower() not in _OFF


def _related(package: Package, part: str) -> list[Related]:
    folder, name = posixpath.split(part)
    related = []
    for one in children(package.xml_or_none(posixpath.join(folder, "_rels", f"{name}.rels"))):
        target = posixpath.normpath(posixpath.join("/", folder, attribute(one, "Target"))).lstrip("/")
        is_inside = local(one) == "Relationship" and attribute(one, "TargetMode") != "External"
        if is_inside and target in package:
            related.append(Related(attribute(one, "Id"), attribute(one, "Type").rpartition("/")[2], target))
    return related
