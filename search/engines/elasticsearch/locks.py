"""Who may write: locks that hold across machines and never outlive their holder.

One rule: on PostgreSQL a lock is the database's own (advisory, freed when the connection dies, kill -9 included); beside it,
and alone on SQLite, which one machine uses, a file lock keeps the processes of this machine apart.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from filelock import FileLock, Timeout

from search.errors import IndexBusy

POLL_SECONDS = 0.1


@contextmanager
def exclusive(folder: Path, name: str, seconds: float, refusal: str) -> Iterator[None]:
    """Hold the lock of this name, or raise `IndexBusy` with these words when it is not free within so many seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + seconds
    try:
        with FileLock(folder / f"{name}.lock", timeout=seconds), _in_database(name, ends):
            yield
    except Timeout as error:
        raise IndexBusy(refusal) from error


@contextmanager
def _in_database(name: str, ends: float) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    while not _call("pg_try_advisory_lock", key):
        if time.monotonic() >= ends:
            raise Timeout(name)
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        _call("pg_advisory_unlock", key)


def _call(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return bool(cursor.fetchone()[0])
