"""What the commands of the directions share: one question, one answer, a table or a JSON line.

One rule: standard output holds the answer only; exit status 2 when the question cannot be served.
"""

import json
from math import isfinite
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.catalogue.places import Origin, find_origin
from matching.errors import (
    TextRefused,
    UnknownJob,
    UnknownNeed,
    UnknownPlace,
    UnknownSkill,
    UnknownTraining,
)
from matching.scoring import RequirementResult, State
from search.engines import ENGINES
from search.errors import SearchUnavailable
from search.request import MAX_LIMIT

REFUSALS = (
    TextRefused,
    UnknownJob,
    UnknownNeed,
    UnknownPlace,
    UnknownSkill,
    UnknownTraining,
    SearchUnavailable,
)
MARKS = {State.COVERED: "✓", State.PARTIAL: "~", State.MISSING: "✗"}


class DirectionCommand(BaseCommand):
    """A subclass gives `add_question`, `answer` and `lines`."""

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_question(parser)
        parser.add_argument("--limit", type=int, default=20, help=f"résultats, de 1 à {MAX_LIMIT}")
        parser.add_argument("--engine", choices=ENGINES, default="", help="moteur de recherche")
        parser.add_argument("--lang", choices=["fr", "en"], default="fr", help="langue des réponses")
        parser.add_argument("--json", action="store_true", help="une ligne JSON")

    def add_question(self, parser: CommandParser) -> None:
        raise NotImplementedError

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], Any, str]:
        """The JSON object, what `lines` needs, and a notice for standard error."""
        raise NotImplementedError

    def lines(self, found: Any, language: str) -> list[str]:
        raise NotImplementedError

    def handle(self, **options: Any) -> None:
        if not 1 <= options["limit"] <= MAX_LIMIT:
            raise CommandError(f"--limit va de 1 à {MAX_LIMIT}.", returncode=2)
        try:
            content, found, notice = self.answer(options)
        except REFUSALS as error:
            raise CommandError(str(error), returncode=2) from error
        if notice:
            self.stderr.write(notice)
        if options["json"]:
            self.stdout.write(json.dumps(content, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(self.lines(found, options["lang"])))


def add_place(parser: CommandParser) -> None:
    parser.add_argument("--place", metavar="VILLE", help="commune ou code postal d'où l'on part")
    parser.add_argument("--within-km", type=float, metavar="N", help="distance, au plus ; avec --place")


def origin_of(options: dict[str, Any]) -> Origin | None:
    """Where distances are counted from. Raises UnknownPlace, and CommandError for a distance that makes no sense."""
    within_km = options["within_km"]
    if within_km is not None and not options["place"]:
        raise CommandError("--within-km se donne avec --place VILLE.", returncode=2)
    if within_km is not None and not (isfinite(within_km) and 0 <= within_km <= 20_000):
        raise CommandError("--within-km va de 0 à 20000.", returncode=2)
    return find_origin(options["place"]) if options["place"] else None


def requirement_lines(results: tuple[RequirementResult, ...], labels: Any) -> list[str]:
    """One a requirement; `labels` gives the label of a code."""
    return [f"        {MARKS[one.state]} {labels(one.skill)} : {one.reason}" for one in results]
