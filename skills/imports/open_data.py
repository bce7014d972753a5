"""What every import of open data shares: its files, its release, its tables and links, its command.

One rule: a folder lacking a file is refused before anything is read; a row that points at nothing is reported, never
guessed.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import Model

from skills.imports.command import ImportCommand, SourceUnreadable
from skills.imports.csv_source import Record, read_csv
from skills.imports.links import LinkLoader, LinkRow, LinkTable
from skills.imports.records import RecordLoader, RecordRow, RecordTable
from skills.imports.releases import release_of
from skills.imports.report import ImportReport, Line
from skills.models import DataRelease, SourcedRecord

Ends = dict[str, int | str]
LONGEST_SHOWN = 60


class Dataset:
    """One import of open data. A subclass names its `source` and `files`, and says in `load` what goes where.

    `path` is the folder of `files` (name of ours → file name), or the single file of a source that has no `files`.
    """

    source = ""
    version = ""
    files: Mapping[str, str] = {}

    def __init__(
        self, path: Path, *, apply: bool, version: str = "", dated_on: dt.date | None = None
    ) -> None:
        self.path = path
        self.apply = apply
        self.report = ImportReport(source=path.name)
        self._files_read: set[str] = set()
        self._lost_again = 0
        self.release: DataRelease = release_of(
            self.source,
            self.paths(),
            version=version or self.find_version(),
            dated_on=dated_on or self.find_date(),
            apply=apply,
        )
        self._note_what_was_said({"version": version, "dated_on": dated_on})

    def _note_what_was_said(self, said: Mapping[str, object]) -> None:
        """The operator may say later what the files of a known release do not tell."""
        news = {name: value for name, value in said.items() if value and getattr(self.release, name) != value}
        for name, value in news.items():
            setattr(self.release, name, value)
        if self.apply and news:
            self.release.save(update_fields=list(news))

    def paths(self) -> list[Path]:
        """The files read, all there. Raise `SourceUnreadable` otherwise."""
        if not self.files:
            if not self.path.is_file():
                raise SourceUnreadable(f"{self.path} : ce fichier n'existe pas.")
            return [self.path]
        found = [self.path / name for name in self.files.values()]
        missing = [path.name for path in found if not path.is_file()]
        if missing:
            raise SourceUnreadable(f"{self.path} : fichiers absents : {', '.join(missing)}.")
        return found

    def find_version(self) -> str:
        """The version that the files themselves tell, if any."""
        return self.version

    def find_date(self) -> dt.date | None:
        """The date of the data that the files themselves tell, if any."""
        return None

    def run(self) -> ImportReport:
        self.load()
        return self.report

    def load(self) -> None:
        raise NotImplementedError

    def rows(self, name: str, columns: Iterable[str]) -> Iterator[tuple[int, Record]]:
        """The rows of one of `files`, or of the single file when `name` is empty. What cannot be read is reported the first
        time that the file is.
        """
        path = self.path / self.files[name] if name else self.path
        report = ImportReport(source=path.name) if name in self._files_read else self.report
        self._files_read.add(name)
        for line, row in read_csv(path, columns, report):
            yield Line(line, path.name), row
        if report is not self.report:
            self._lost_again += report.error_count

    @property
    def _lost(self) -> int:
        """How many rows have been lost so far, those of a file read twice counting twice."""
        return self.report.error_count + self._lost_again

    def records(
        self,
        table: RecordTable,
        rows: Iterable[RecordRow],
        *,
        on_change: Callable[[list[SourcedRecord]], None] | None = None,
    ) -> set[str]:
        """Load a table whole; return the identities taken. A table with a rejected row withdraws nothing."""
        loader = RecordLoader(table, self.release, self.report, apply=self.apply, on_change=on_change)
        self._load_whole(loader, rows)
        return loader.seen - loader.refused

    def links(
        self,
        table: LinkTable,
        rows: Iterable[LinkRow],
        *,
        on_change: Callable[[list[tuple[int | str, ...]]], None] | None = None,
    ) -> None:
        """Load a table of links whole, as `records` does."""
        loader = LinkLoader(table, self.release, self.report, apply=self.apply, on_change=on_change)
        self._load_whole(loader, rows)

    def _load_whole(self, loader: RecordLoader | LinkLoader, rows: Iterable) -> None:
        lost = self._lost
        loader.load(rows)
        if self._lost == lost:
            loader.withdraw_missing()
        else:
            self.warn(None, f"{loader.table.label} : des lignes sont rejetées ; aucune n'est retirée.")

    def has_form(self, line: int | None, what: str, text: str, form: re.Pattern[str]) -> bool:
        """Whether an identity is one, or a report that it is none; an empty one is told by who loads the row."""
        if not text or form.fullmatch(text):
            return True
        self.reject(line, f"{what} « {text[:LONGEST_SHOWN]} » : n'a pas la forme attendue.")
        return False

    def link(
        self,
        line: int | None,
        ends: tuple[int | str | None, ...],
        identities: tuple[str, ...],
        extra: tuple[object, ...] = (),
    ) -> Iterator[LinkRow]:
        """The link, or a report of the ends that are unknown."""
        unknown = [identity for end, identity in zip(ends, identities, strict=True) if end is None]
        if unknown:
            self.reject(line, f"lien vers un inconnu : {', '.join(unknown)}.")
            return
        yield LinkRow(line, ends, extra)

    def ends(self, model: type[Model], key: str, read: Iterable[str]) -> Ends:
        """What links may point at: primary keys by identity; in a dry run, the identity of rows not loaded yet."""
        stored = dict(model.objects.order_by().values_list(key, "pk"))
        if self.apply:
            return stored
        return {**{identity: identity for identity in read if identity not in stored}, **stored}

    def reject(self, line: int | None, reason: str) -> None:
        self.report.reject(self.report.error_at(line, reason))

    def warn(self, line: int | None, reason: str) -> None:
        self.report.warn(self.report.error_at(line, reason))


class OpenDataCommand(ImportCommand):
    """An import command whose path may be left out when OPEN_DATA_DIR is set."""

    dataset: type[Dataset]
    # Where the source lies in OPEN_DATA_DIR.
    place = ""

    def add_arguments(self, parser: CommandParser) -> None:
        self.default_path = Path(settings.OPEN_DATA_DIR) / self.place if settings.OPEN_DATA_DIR else None
        super().add_arguments(parser)
        parser.add_argument(
            "--source-version", default="", help="version des données, si le fichier ne la dit pas"
        )
        parser.add_argument(
            "--dated-on",
            type=_date,
            metavar="AAAA-MM-JJ",
            help="date des données, si le fichier ne la dit pas",
        )

    def dataset_options(self, options: Mapping[str, object]) -> dict[str, object]:
        """What this command's own options say to its dataset."""
        return {}

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return self.dataset(
            path,
            apply=apply,
            version=str(options.get("source_version") or ""),
            dated_on=options.get("dated_on"),
            **self.dataset_options(options),
        ).run()


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"« {text} » n'est pas une date (AAAA-MM-JJ).", returncode=2) from error
