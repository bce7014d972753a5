"""Takes in the bytes of a feed: to a file, within limits, with their fingerprint. Pure: no Django.

One rule: memory holds one chunk. Both what travels and what it unpacks to are limited, and unpacking goes by
bounded steps, so that a small file cannot become an enormous one before anybody counts.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from training.feeds.problems import FeedRefused, FetchFailed

CHUNK = 1 << 16
_HEAD = 2_048
_GZIP_WBITS = 31
_BEFORE_ROOT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*", re.DOTALL)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ARCHIVES = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "ZIP"))


@dataclass(frozen=True)
class Content:
    """What was fetched, on disk; `received` counts the bytes that travelled."""

    path: Path
    fingerprint: str
    received: int
    size: int
    http_status: int | None = None
    etag: str = ""
    last_modified: str = ""


class TooLarge(FeedRefused):
    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            "too-large",
            f"Le flux dépasse {readable_size(max_bytes)}, la taille admise : découpez-le ou retirez ce qui ne"
            " concerne pas la bioproduction.",
        )


class Source(Protocol):
    """A file or the body of an answer."""

    def read(self, size: int, /) -> bytes: ...


class Receiver:
    """Writes what it is given; `finish` tells what came, or raises."""

    def __init__(self, path: Path, *, max_bytes: int, is_gzip: bool = False) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._unpacker = zlib.decompressobj(_GZIP_WBITS) if is_gzip else None
        self._hash = hashlib.sha256()
        self._head = b""
        self.received = self._size = 0

    def __enter__(self) -> Self:
        self._stream = self._path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if error is not None:
            self._path.unlink(missing_ok=True)

    def take(self, source: Source) -> None:
        """All that is left to read of `source`."""
        while chunk := source.read(CHUNK):
            self.write(chunk)

    def write(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self._max_bytes:
            raise TooLarge(self._max_bytes)
        if self._unpacker is None:
            self._keep(chunk)
        else:
            self._unpack(self._unpacker, chunk)

    def _unpack(self, unpacker: "zlib._Decompress", chunk: bytes) -> None:
        while True:
            if unpacker.eof:
                # Another gzip member follows; zeros are padding.
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    return
                unpacker = self._unpacker = zlib.decompressobj(_GZIP_WBITS)
            try:
                data = unpacker.decompress(chunk, CHUNK)
            except zlib.error as error:
                raise FetchFailed(
                    "damaged", "Le contenu compressé est abîmé : vérifiez la compression gzip du serveur."
                ) from error
            self._keep(data)
            chunk = unpacker.unconsumed_tail or unpacker.unused_data
            if not chunk and len(data) < CHUNK:
                return  # a full step may leave more behind

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._max_bytes:
            raise TooLarge(self._max_bytes)
        if len(self._head) < _HEAD:
            self._head = (self._head + data)[:_HEAD]
        self._hash.update(data)
        self._stream.write(data)

    def finish(self, *, http_status: int | None = None, etag: str = "", last_modified: str = "") -> Content:
        if self._unpacker is not None and self.received and not self._unpacker.eof:
            raise truncated()
        self._stream.flush()
        refuse_foreign(self._head)
        return Content(
            path=self._path,
            fingerprint=self._hash.hexdigest(),
            received=self.received,
            size=self._size,
            http_status=http_status,
            etag=etag,
            last_modified=last_modified,
        )


def truncated() -> FetchFailed:
    return FetchFailed(
        "truncated", "Le flux est arrivé tronqué : le serveur a coupé avant la fin. Rien n'a été chargé."
    )


def refuse_foreign(head: bytes) -> None:
    """Say what a file is when its first bytes show that it is no feed."""
    rest = _BEFORE_ROOT.sub(b"", head, count=1)
    if _HTML.match(rest):
        raise FeedRefused(
            "html",
            "L'adresse donne une page web (HTML), pas un flux : donnez l'adresse du fichier lui-même, qui"
            " s'ouvre sans connexion ni bandeau.",
        )
    for magic, name in _ARCHIVES:
        if head.startswith(magic):
            raise FeedRefused("archive", f"C'est une archive {name} : donnez le fichier sans le compresser.")


def readable_size(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1_000_000:g} Mo".replace(".", ",")
    return f"{number / 1_000:g} ko".replace(".", ",")
