"""Writes the extract of ONISEP's delivery as the files an import reads, with what a test changes in it."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

from skills.imports.onisep import FILES

EXTRACT = Path(__file__).parent / "data" / "onisep"

Rows = list[dict[str, str]]


def write_delivery(folder: Path, **changes: Callable[[Rows], Rows | None]) -> Path:
    """The six files; a change is named as in `FILES`, and gives other rows or changes those it is given."""
    folder.mkdir(exist_ok=True)
    for name, file_name in FILES.items():
        with (EXTRACT / file_name.removesuffix(".gz")).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns, rows = reader.fieldnames, list(reader)
        if change := changes.get(name):
            rows = change(rows) or rows
        with gzip.open(folder / file_name, "wt", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def without(column: str, value: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row[column] != value]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])
