"""Reads the rows of a CSV file, plain or gzipped, without ever holding it whole.

One rule: a row that cannot be read is reported with its line; a file that cannot be read at all is refused whole.
"""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from skills.imports.command import SourceUnreadable
from skills.imports.report import ImportReport, RowError

Record = dict[str, str]


def read_csv(path: Path, columns: Iterable[str], report: ImportReport) -> Iterator[tuple[int, Record]]:
    """The line number and the cells of each row. Raise `SourceUnreadable` for a file that is not such a CSV."""

    def opened() -> TextIO:
        opener = gzip.open if path.suffix == ".gz" else open
        return opener(path, "rt", encoding="utf-8-sig", newline="")

    return read_rows(opened, path.name, columns, report)


def read_rows(
    opened: Callable[[], TextIO],
    name: str,
    columns: Iterable[str],
    report: ImportReport,
    *,
    delimiter: str = ",",
) -> Iterator[tuple[int, Record]]:
    """The same, from anything that opens as text: a member of an archive, say."""
    try:
        with opened() as stream:
            reader = csv.DictReader(stream, delimiter=delimiter)
            _require_columns(reader.fieldnames or (), columns, name)
            yield from _rows(reader, name, report)
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise SourceUnreadable(
            f"{name} : ce n'est pas un CSV en UTF-8 (ou .csv.gz) lisible ({error})."
        ) from error


def _rows(reader: csv.DictReader, name: str, report: ImportReport) -> Iterator[tuple[int, Record]]:
    for record in reader:
        problem = _problem(record)
        if problem:
            report.reject(RowError(name, reader.line_num, problem))
            continue
        yield reader.line_num, {column: value.strip() for column, value in record.items()}


def _problem(record: Record) -> str:
    if None in record or None in record.values():
        return "le nombre de cellules n'est pas celui de l'en-tête."
    # PostgreSQL keeps no such character: it would refuse the whole import.
    holed = [column for column, value in record.items() if "\0" in value]
    return f"caractère nul dans {', '.join(holed)}." if holed else ""


def _require_columns(present: Iterable[str], columns: Iterable[str], name: str) -> None:
    missing = [column for column in columns if column not in present]
    if missing:
        raise SourceUnreadable(f"{name} : colonnes absentes : {', '.join(missing)}.")


def one_a_line(cell: str) -> str:
    """Several values of one cell, separated by « | », as our models keep them."""
    return "\n".join(value for part in cell.split("|") if (value := part.strip()))
