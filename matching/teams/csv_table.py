"""The tables that people give: their encoding, delimiter and lines. Pure: no Django, no engine.

One rule: what is wrong with one line is a problem that names it and says what to do; only a file of which nothing can be
read is refused.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matching.errors import TeamRefused, TextRefused
from matching.reading.texts import decode_text
from skills.text import text_key

MOST_BYTES = 20_000_000
MOST_COLUMNS = 1_000
MOST_ROWS = 500_000
KEPT = 200  # problems kept whole; the others are counted
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be taken, where it stands and what to do, in French. `column` is empty for a whole line."""

    source: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        column = f", colonne « {self.column} »" if self.column else ""
        return f"{self.source}, ligne {self.line}{column} : {self.message}"

    def as_dict(self) -> dict[str, object]:
        return {
            "file": self.source,
            "line": self.line,
            "column": self.column or None,
            "message": self.message,
        }


@dataclass
class Problems:
    """The first ones whole, the rest counted, of one file."""

    source: str
    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, message: str) -> None:
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(Problem(self.source, line, column, message))


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: Sequence[str]

    def cell(self, index: int | None) -> str:
        """Empty where the column is missing or the line shorter."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """The header, its keys (for columns that have a name of ours), and the rows, read as they are asked for."""

    header: tuple[str, ...]
    rows: Iterator[Row]

    def column(self, *names: str) -> int | None:
        """The first column that has one of these names."""
        keys = [column_key(text) for text in self.header]
        return next((index for index, key in enumerate(keys) if key in names), None)


def column_key(text: str) -> str:
    return text_key(text.replace("_", " "))


def read_table(data: bytes, problems: Problems) -> Table:
    """Raises TeamRefused, with the file's name, for what is no table at all."""
    if len(data) > MOST_BYTES:
        raise TeamRefused(f"{problems.source} : le fichier dépasse {MOST_BYTES // 1_000_000} Mo.")
    if data.startswith(b"PK\x03\x04"):
        raise TeamRefused(f"{problems.source} : c'est un classeur ; enregistrez-le en « CSV UTF-8 ».")
    try:
        text = decode_text(data)
    except TextRefused as error:
        raise TeamRefused(f"{problems.source} : {error}") from error
    lines = text.splitlines(keepends=True)
    skipped = 1 if lines and lines[0].lower().startswith("sep=") else 0  # written by Excel for itself
    first = lines[skipped] if len(lines) > skipped else ""
    if not first.strip():
        raise TeamRefused(f"{problems.source} : la première ligne est vide ; elle doit nommer les colonnes.")
    delimiter = max(_DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)  # a quoted label may have commas
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=delimiter)
    try:
        header = tuple(cell.strip() for cell in next(reader))
    except csv.Error as error:
        raise TeamRefused(f"{problems.source} : l'en-tête est illisible ({error}).") from error
    if len(header) > MOST_COLUMNS:
        raise TeamRefused(f"{problems.source} : {len(header)} colonnes ; {MOST_COLUMNS} au plus sont lues.")
    return Table(header, _rows(reader, len(header), skipped, problems))


def _rows(reader: Iterator[list[str]], width: int, skipped: int, problems: Problems) -> Iterator[Row]:
    count = 0
    while True:
        line = reader.line_num + 1 + skipped  # type: ignore[attr-defined]  # the type of a reader is private
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            problems.add(
                line, "", "un guillemet n'est sans doute pas refermé ; la suite du fichier n'est pas lue."
            )
            return
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TeamRefused(f"{problems.source} : plus de {MOST_ROWS} lignes.")
        if reader.line_num + skipped != line:  # type: ignore[attr-defined]
            problems.add(
                line,
                "",
                "une cellule court sur plusieurs lignes : un guillemet n'est sans doute pas refermé.",
            )
        elif any(cells[width:]):
            problems.add(
                line, "", f"{len(cells)} cellules pour {width} colonnes ; la ligne est laissée de côté."
            )
        else:
            yield Row(line, cells)
