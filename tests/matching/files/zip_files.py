"""Zip packages whose directory may lie."""

import struct
import zipfile
from io import BytesIO


def package(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(name, content, compress_type=stored)
    return held.getvalue()


def with_declared_size(data: bytes, name: str, size: int) -> bytes:
    """The same package, whose directory declares another size for one part."""
    entry = zipfile.ZipFile(BytesIO(data)).getinfo(name)
    changed = bytearray(data)
    place = data.index(b"PK\x01\x02")
    while data[place + 46 : place + 46 + struct.unpack_from("<H", data, place + 28)[0]] != name.encode():
        place = data.index(b"PK\x01\x02", place + 1)
    struct.pack_into("<I", changed, place + 24, size)
    struct.pack_into("<I", changed, entry.header_offset + 22, size)
    return bytes(changed)


def with_flag(data: bytes, flag: int) -> bytes:
    """The same package, every entry of which bears the flag."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            struct.pack_into("<H", changed, place + offset, flag)
            place = data.find(signature, place + 1)
    return bytes(changed)
