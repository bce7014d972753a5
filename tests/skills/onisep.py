"""Writes the extract of ONISEP's delivery as the files an import reads, with what a test changes in it."""

from collections.abc import Callable
from pathlib import Path

from tests.skills.extracts import Rows, truncate, without, write_extract

__all__ = ["truncate", "without", "write_delivery"]


def write_delivery(folder: Path, **changes: Callable[[Rows], Rows | None]) -> Path:
    """The six files; a change is named as in `FILES`, and gives other rows or changes those it is given."""
    return write_extract("onisep", folder, changes)
