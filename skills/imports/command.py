"""The base of import commands: dry run by default, `--apply` loads, `--json` for machines.

A subclass says what it imports (`run`); this class owns the options, the transaction and the report. Exit
status 1 when a row was rejected, 2 when the source itself could not be read.
"""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, transaction

from skills.imports.report import ImportReport

# The number under which PostgreSQL knows that an import is running.
_IMPORT_LOCK = 5_263_491


class SourceUnreadable(Exception):
    """The source as a whole cannot be read: missing, not the right format, refused as unsafe."""


class ImportCommand(BaseCommand):
    path_help = "fichier à importer"
    default_path: Path | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        arity = {"nargs": "?", "default": self.default_path} if self.default_path else {}
        parser.add_argument("path", type=Path, help=self.path_help, **arity)
        parser.add_argument(
            "--apply", action="store_true", help="charge ; sans cette option, montre les différences"
        )
        parser.add_argument("--json", action="store_true", help="rapport en une ligne JSON")

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        """Plan the import and, when `apply`, load it."""
        raise NotImplementedError

    def handle(self, *, path: Path, apply: bool, **options: object) -> None:
        try:
            # A dry run opens no transaction: on SQLite it would keep everyone else from writing.
            with transaction.atomic() if apply else nullcontext():
                if apply:
                    _wait_for_other_imports()
                report = self.run(path, apply=apply, **options)
        except SourceUnreadable as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{path} : {error.strerror or error}", returncode=2) from error
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            busy = (
                "la base est occupée par une autre écriture, un autre import sans doute ; relancez plus tard."
            )
            raise CommandError(f"{path} : {busy}", returncode=2) from error
        report.applied = apply
        self.show(report, as_json=bool(options.get("json")))
        if report.error_count:
            sys.exit(1)

    def show(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        for line in report.lines():
            self.stdout.write(line)
        if not report.applied:
            self.stdout.write("Essai à blanc : rien n'a été chargé. Ajoutez --apply pour charger.")


def _wait_for_other_imports() -> None:
    """One import at a time, until the transaction ends: two would add the same rows. SQLite sees to it by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
