"""Takes the newest file of a folder feed. Pure: no Django.

One rule: nothing outside the root is ever read. Each step down is opened relative to the one before, links
are not followed at any step, so that swapping a folder for a link meanwhile changes nothing.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from training.feeds.content import Content, Receiver
from training.feeds.problems import FeedRefused, FetchFailed

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def folder_parts(folder: str) -> tuple[str, ...]:
    """The steps from the root; raises `FeedRefused` for a path that is not below it."""
    path = PurePosixPath(folder)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in folder or "\\" in folder:
        raise FeedRefused(
            "folder", "Le dossier se donne depuis la racine des flux, sans « .. » ni « / » au début."
        )
    return path.parts


def newest_file(
    root: Path | None, folder: str, extension: str, target: Path, *, max_bytes: int, settle_seconds: float
) -> Content:
    """Copy the newest file with this extension to `target`; one that may still be written is left for later."""
    if root is None:
        raise FeedRefused("folder", "Aucun dossier n'est ouvert aux flux (réglage FEED_FOLDERS_ROOT).")
    with _opened(root, folder_parts(folder)) as descriptor:
        name = _newest(descriptor, extension, settle_seconds)
        return _copy(descriptor, name, target, max_bytes)


@contextmanager
def _opened(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
    try:
        # The root is the operator's own and may well be a link.
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise FetchFailed("folder-root", "La racine des dossiers de flux n'est pas lisible.") from error
    try:
        for part in parts:
            try:
                below = os.open(part, _FOLDER, dir_fd=descriptor)
            except FileNotFoundError as error:
                raise FetchFailed(
                    "folder-missing", f"Le dossier « {'/'.join(parts)} » n'existe pas."
                ) from error
            except OSError as error:
                raise FeedRefused(
                    "folder", f"« {part} » n'est pas un dossier lisible (les liens ne sont pas suivis)."
                ) from error
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _newest(descriptor: int, extension: str, settle_seconds: float) -> str:
    found: list[tuple[float, str]] = []
    is_arriving = False
    with os.scandir(descriptor) as entries:
        for entry in entries:
            is_wanted = entry.name.lower().endswith(extension) and not entry.name.startswith(".")
            if not is_wanted or not entry.is_file(follow_symlinks=False):
                continue
            modified = entry.stat(follow_symlinks=False).st_mtime
            if time.time() - modified < settle_seconds:
                is_arriving = True
            else:
                found.append((modified, entry.name))
    if found:
        return max(found)[1]
    if is_arriving:
        raise FetchFailed(
            "folder-arriving", "Le fichier vient d'être déposé ; il sera lu au prochain passage."
        )
    raise FetchFailed(
        "folder-empty", f"Le dossier ne contient aucun fichier {extension} (les liens ne sont pas suivis)."
    )


def _copy(descriptor: int, name: str, target: Path, max_bytes: int) -> Content:
    changed = FetchFailed(
        "folder-arriving", "Le fichier a changé pendant la lecture ; nouvel essai plus tard."
    )
    try:
        source = os.open(name, _FILE, dir_fd=descriptor)
    except OSError as error:
        raise FetchFailed("folder-file", f"Le fichier « {name[:80]} » n'est pas lisible.") from error
    with os.fdopen(source, "rb") as stream, Receiver(target, max_bytes=max_bytes) as receiver:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise changed
        receiver.take(stream)
        after = os.fstat(stream.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise changed
        return receiver.finish()
