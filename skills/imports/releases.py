"""Recognises the state of a source that some files hold, so that every imported field can say where it comes from.

One rule: the same files are the same release; a dry run looks it up and writes none.
"""

import datetime as dt
import hashlib
import struct
from collections.abc import Sequence
from pathlib import Path

from skills.models import DataRelease

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


def release_of(
    source: str,
    paths: Sequence[Path],
    *,
    version: str = "",
    dated_on: dt.date | None = None,
    name: str = "",
    apply: bool,
) -> DataRelease:
    """The release these files are; unsaved when it is new and `apply` is false. `name` stands for names that mean nothing."""
    print_of_files = fingerprint(paths)
    known = DataRelease.objects.filter(source=source, fingerprint=print_of_files).first()
    if known is not None:
        return known
    release = DataRelease(
        source=source,
        version=version,
        dated_on=dated_on,
        extracted_on=max((day for path in paths if (day := made_on(path))), default=None),
        fingerprint=print_of_files,
        files=name or "\n".join(path.name for path in paths),
    )
    if apply:
        release.save()
    return release


def fingerprint(paths: Sequence[Path]) -> str:
    """SHA-256 over the contents of the files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def made_on(path: Path) -> dt.date | None:
    """The day written in a gzip file's header; None for other files, whose dates only tell when they were copied."""
    with path.open("rb") as stream:
        header = stream.read(8)
    if len(header) < 8 or not header.startswith(_GZIP_MAGIC):
        return None
    seconds = struct.unpack("<I", header[4:8])[0]
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date() if seconds else None
