"""Zip packages, checked before anything of them is inflated, then read part by part. Pure: no Django.

One rule: what a directory declares is only a promise: entries are counted, declared sizes summed, and every part is inflated
under a limit that does not depend on them.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from matching.files.formats.safe_xml import parse_xml
from matching.files.limits import (
    ZIP_DECLARED_BYTES,
    ZIP_ENTRIES,
    ZIP_PART_BYTES,
    ZIP_RATIO,
    ZIP_RATIO_FROM,
    ZIP_READ_BYTES,
    Limits,
)
from matching.files.results import Found, Reason, Unreadable

_ENCRYPTED_FLAG = 0x1
_METHODS = {
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
}  # the only two of OOXML and ODF; the others inflate without bounds
_ODT = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template")
_ODF = "application/vnd.oasis.opendocument."
_OOXML = "[Content_Types].xml"
_OTHER_OFFICE = ("xl/", "ppt/", "META-INF/container.xml", "mimetype")


class Package:
    """The parts of a zip, inflated one at a time."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise Unreadable(Reason.DAMAGED) from error
        self.names = [entry.filename for entry in entries]
        self._left = ZIP_READ_BYTES
        if len(entries) > ZIP_ENTRIES or sum(entry.file_size for entry in entries) > ZIP_DECLARED_BYTES:
            raise Unreadable(Reason.BOMB)
        if len(set(self.names)) != len(self.names):
            raise Unreadable(Reason.DAMAGED)  # two parts of one name: programs would not read the same one

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """One part, whole. Raises Unreadable."""
        entry = self._zip.getinfo(name)
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise Unreadable(Reason.ENCRYPTED)
        if entry.compress_type not in _METHODS:
            raise Unreadable(Reason.DAMAGED)
        most = min(ZIP_PART_BYTES, self._left)
        try:
            with self._zip.open(entry) as stream:
                part = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Unreadable(Reason.DAMAGED) from error
        is_swollen = len(part) > ZIP_RATIO_FROM and len(part) > ZIP_RATIO * max(1, entry.compress_size)
        if len(part) > most or is_swollen:
            raise Unreadable(Reason.BOMB)
        self._left -= len(part)
        return part

    def xml(self, name: str) -> etree._Element:
        return parse_xml(self.read(name))

    def xml_or_none(self, name: str) -> etree._Element | None:
        """The part when the package has it: styles, themes and the like are optional."""
        return self.xml(name) if name in self else None

    def under(self, folder: str) -> Iterator[str]:
        return (name for name in self.names if name.startswith(folder))


def read_package(data: bytes, limits: Limits) -> Found:
    """The text of a DOCX or an ODT. Raises Unreadable, for any other package too."""
    from matching.files.formats.docx import read_docx
    from matching.files.formats.odt import read_odt

    package = Package(data)
    declared = _declared_type(package)
    if declared.startswith(_ODT):
        return read_odt(package)
    if declared.startswith(_ODF):
        raise Unreadable(Reason.OTHER_OFFICE)
    if _OOXML in package and any(package.under("word/")):
        return read_docx(package)
    is_office = _OOXML in package or any(name.startswith(_OTHER_OFFICE) for name in package.names)
    raise Unreadable(Reason.OTHER_OFFICE if is_office else Reason.OTHER_ARCHIVE)


def _declared_type(package: Package) -> str:
    if "mimetype" not in package:
        return ""
    return package.read("mimetype")[:200].decode("ascii", "replace").strip()
