"""The archive of France compétences' daily export: ten CSV files in a zip, read as a stream.

One rule: nothing is unpacked, to disk or to memory; an archive that is not the export, lacks a file, has one twice or is
larger than the setting allows is refused before a row is read.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TextIO

from skills.imports.command import SourceUnreadable
from skills.imports.csv_source import Record, read_rows
from skills.imports.report import ImportReport
from skills.text import fold_accents

# Names of ours → the middle of the members' names, folded. What stands for an accent may be lost, whence the dots.
MEMBERS = {
    "standard": "standard",
    "blocks": "blocs_de_comp.{1,4}tences",
    "successions": "ancienne_nouvelle_certification",
    "bodies": "certificateurs",
    "partners": "partenaires",
    "agreements": "ccn",
    "formacodes": "formacode",
    "nsf": "nsf",
    "rome": "rome",
    "access": "voixdacc.{1,4}s",
}
_NAME = r"export_fiches_csv_{middle}_(\d{{4}})_(\d{{2}})_(\d{{2}})\.csv"
# The export's own files are compressed two to fifty times; a bomb, a thousand times.
MAX_RATIO = 200
# Small files may be compressed well without harm.
RATIO_MATTERS_ABOVE = 10_000_000
MAX_LINE = 1_000_000


class RegisterArchive:
    """The export at `path`. Raise `SourceUnreadable` for an archive refused as a whole."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self.extra: list[str] = []
        self.members, days = self._find_members()
        if len(days) > 1:
            raise SourceUnreadable(
                f"{path.name} : fichiers de dates différentes : {', '.join(sorted(map(str, days)))}."
            )
        self.day = days.pop()
        self._refuse_bombs()

    def _find_members(self) -> tuple[dict[str, zipfile.ZipInfo], set[dt.date]]:
        found: dict[str, list[zipfile.ZipInfo]] = {name: [] for name in MEMBERS}
        days = set()
        with self._opened() as archive:
            for member in archive.infolist():
                name, day = _recognised(member.filename)
                if name and day:
                    found[name].append(member)
                    days.add(day)
                elif not member.is_dir():
                    self.extra.append(_readable(member.filename))
        missing = [name for name, members in found.items() if not members]
        doubled = [_readable(members[1].filename) for members in found.values() if len(members) > 1]
        if missing:
            raise SourceUnreadable(f"{self.path.name} : fichiers absents de l'archive : {_named(missing)}.")
        if doubled:
            raise SourceUnreadable(
                f"{self.path.name} : fichiers en double dans l'archive : {', '.join(doubled)}."
            )
        return {name: members[0] for name, members in found.items()}, days

    def _refuse_bombs(self) -> None:
        """Sizes are those that the archive declares: reading stops there, and a member that lies fails its checksum."""
        total = sum(member.file_size for member in self.members.values())
        if total > self.max_bytes:
            raise SourceUnreadable(
                f"{self.path.name} : {total:,} octets une fois décompressée, plus que la limite de"
                f" {self.max_bytes:,} (RNCP_EXPORT_MAX_BYTES).".replace(",", " ")
            )
        for member in self.members.values():
            ratio = member.file_size / max(member.compress_size, 1)
            if member.file_size > RATIO_MATTERS_ABOVE and ratio > MAX_RATIO:
                raise SourceUnreadable(
                    f"{self.path.name} : {_readable(member.filename)} est comprimé {ratio:.0f} fois : refusé."
                )

    def rows(self, name: str, columns: Iterable[str], report: ImportReport) -> Iterator[tuple[int, Record]]:
        """The rows of one of `MEMBERS`, read as they are asked for."""
        member = self.members[name]
        with self._opened() as archive:

            def opened() -> TextIO:
                return _BoundedLines(archive.open(member), encoding="utf-8-sig", newline="")

            yield from read_rows(opened, self.shown(name), columns, report, delimiter=";")

    def shown(self, name: str) -> str:
        return _readable(self.members[name].filename)

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield archive
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            # RuntimeError is what zipfile raises for an encrypted member.
            raise SourceUnreadable(f"{self.path.name} : archive illisible ({error}).") from error


class _BoundedLines(io.TextIOWrapper):
    """A text stream whose lines cannot fill the memory."""

    def __next__(self) -> str:
        line = self.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_LINE:
            raise SourceUnreadable(f"une ligne dépasse {MAX_LINE} caractères : fichier refusé.")
        return line


def _readable(filename: str) -> str:
    """The member's name: zips often hold UTF-8 without saying so, which is then read as cp437."""
    # Otherwise it was read right, or holds another encoding that only the pattern can recognise.
    with suppress(UnicodeError):
        filename = filename.encode("cp437").decode("utf-8")
    return PurePosixPath(filename.replace("\\", "/")).name


def _recognised(filename: str) -> tuple[str, dt.date | None]:
    """Which of `MEMBERS` this is, and its date; nothing for another file."""
    folded = fold_accents(_readable(filename)).casefold()
    for name, middle in MEMBERS.items():
        if match := re.fullmatch(_NAME.format(middle=middle), folded):
            try:
                return name, dt.date(*map(int, match.groups()))
            except ValueError:
                return "", None
    return "", None


def _named(names: Iterable[str]) -> str:
    words = {
        "blocks": "Blocs de compétences",
        "successions": "Ancienne Nouvelle Certification",
        "bodies": "Certificateurs",
        "partners": "Partenaires",
        "agreements": "CCN",
        "access": "VoixdAccès",
    }
    return ", ".join(words.get(name, name.capitalize()) for name in names)
