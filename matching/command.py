"""The base of the commands that read a text, `extract` and `match`, and what `brings` shares with them.

One rule: standard output holds answers only, one JSON object a line when machines ask; messages and progress
go to standard error. Exit status 2 when the question cannot be served, 1 when some lines of a batch could
not.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.cv import most_bytes, read_cv
from matching.errors import PathRefused, TextRefused, UnknownJob, UnknownPlace
from matching.files.results import FileText
from matching.referential import Referential, load_referential
from search.batch import BatchLine, read_batch
from search.engines import ENGINES
from search.errors import SearchUnavailable
from search.request import InvalidRequest
from skills.imports.progress import progress

REFUSALS = (TextRefused, UnknownJob, UnknownPlace, PathRefused, SearchUnavailable, InvalidRequest)


def add_output_arguments(parser: CommandParser, what: str) -> None:
    """The options of every command that answers one question or a batch of them."""
    parser.add_argument(
        "--batch", metavar="FICHIER.jsonl", help='lignes JSON {"id", "text"} ; « - » : l\'entrée standard'
    )
    parser.add_argument("--json", action="store_true", help=f"une ligne JSON par {what}")
    parser.add_argument("--lang", choices=["fr", "en"], default="fr", help="langue des réponses")


def batch_lines(source: str) -> Iterator[BatchLine]:
    try:
        yield from read_batch(Path("/dev/stdin" if source == "-" else source))
    except OSError as error:
        raise CommandError(f"{source} : {error.strerror or error}", returncode=2) from error


def read_source(source: str, language: str) -> FileText:
    """The text of a file, or of standard input for « - », no more than can be read of a CV. Raises TextRefused."""
    try:
        if source == "-":
            data = sys.stdin.buffer.read(most_bytes())
        else:
            with Path(source).open("rb") as file:
                data = file.read(most_bytes())
    except OSError as error:
        raise CommandError(f"{source} : {error.strerror or error}", returncode=2) from error
    return read_cv(data, language)


class TextCommand(BaseCommand):
    """Reads one text, or a batch of them, and answers each. A subclass gives `answer` and `show`."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "text",
            nargs="?",
            metavar="FICHIER|-",
            help="texte ou CV à lire (PDF, DOCX, ODT, Europass, JSON Resume) ; « - » : l'entrée standard",
        )
        add_output_arguments(parser, "texte")
        parser.add_argument("--engine", choices=ENGINES, default="", help="moteur de recherche")

    def answer(
        self, text: str, referential: Referential, options: dict[str, Any]
    ) -> tuple[dict[str, Any], object, str]:
        """The JSON keys (without `id`), what `show` needs, and a notice for standard error."""
        raise NotImplementedError

    def show(self, result: Any, language: str) -> None:
        """Write the answer for a person to read."""
        raise NotImplementedError

    def handle(self, **options: Any) -> None:
        if bool(options["text"] is not None) == bool(options["batch"] is not None):
            raise CommandError("Donnez un fichier (ou « - »), ou --batch FICHIER.jsonl.", returncode=2)
        if options["batch"] is not None:
            if self._answer_batch(options):
                sys.exit(1)
            return
        try:
            cv = read_source(options["text"], options["lang"])
            content, result, notice = self.answer(cv.text, load_referential(), options)
        except REFUSALS as error:
            raise CommandError(str(error), returncode=2) from error
        for one in (*cv.notices, notice):
            self._notify(one, set())
        if options["json"]:
            self._write({"id": None if options["text"] == "-" else Path(options["text"]).name, **content})
        else:
            self.show(result, options["lang"])

    def _answer_batch(self, options: dict[str, Any]) -> bool:
        """Every line gets its answer, in order; True when one of them is an error."""
        failed = False
        referential = load_referential()
        said: set[str] = set()
        for line in progress(batch_lines(options["batch"]), "Textes"):
            try:
                if line.error:
                    raise TextRefused(line.error)
                content, _, notice = self.answer(line.text, referential, options)
            except REFUSALS as error:
                failed = True
                self._write({"id": line.id, "error": str(error)})
                continue
            self._notify(notice, said)
            self._write({"id": line.id, **content})
        return failed

    def _notify(self, notice: str, said: set[str]) -> None:
        """Say each notice once."""
        if notice and notice not in said:
            said.add(notice)
            self.stderr.write(notice)

    def _write(self, content: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False))
