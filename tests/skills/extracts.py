"""Writes extracts of open data as the files an import reads, with what a test changes in them."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.management import call_command

from skills.imports import esco, onisep, rome

DATA = Path(__file__).parent / "data"
FILES = {"esco": esco.FILES, "onisep": onisep.FILES, "rome": rome.FILES}

Rows = list[dict[str, str]]
Changes = Mapping[str, Callable[[Rows], Rows | None]]


def write_extract(source: str, folder: Path, changes: Changes) -> Path:
    """All the files of a source; a change is named as in its `FILES`, and gives other rows or changes those it is given."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, file_name in FILES[source].items():
        with (DATA / source / file_name.removesuffix(".gz")).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns, rows = reader.fieldnames, list(reader)
        if change := changes.get(name):
            altered = change(rows)
            rows = rows if altered is None else altered
        with gzip.open(folder / file_name, "wt", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_esco(folder: Path, **changes: Callable[[Rows], Rows | None]) -> Path:
    return write_extract("esco", folder, changes)


def write_onisep(folder: Path, **changes: Callable[[Rows], Rows | None]) -> Path:
    return write_extract("onisep", folder, changes)


def write_rome(folder: Path, **changes: Callable[[Rows], Rows | None]) -> Path:
    return write_extract("rome", folder, changes)


def without(column: str, *values: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row[column] not in values]


def updated(column: str, value: str, **cells: str) -> Callable[[Rows], None]:
    """Change some cells of the rows that hold `value` in `column`."""

    def change(rows: Rows) -> None:
        for row in rows:
            if row[column] == value:
                row.update(cells)

    return change


def raw(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a gzipped file's content."""
    path.write_bytes(gzip.compress(edit(gzip.decompress(path.read_bytes()))))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def run_import(command: str, folder: Path, *options: str) -> dict:
    """The report of an import as the command prints it; `exit` is the status it ends with."""
    out, status = io.StringIO(), 0
    try:
        call_command(command, folder, "--json", *options, stdout=out)
    except SystemExit as end:
        status = end.code
    return json.loads(out.getvalue()) | {"exit": status}


def counts(report: dict) -> tuple[int, int, int]:
    return report["added"], report["changed"], report["removed"]
