"""`manage.py match_cases`: runs every case that editors made of reports, and says which pass.

One rule: exit status 1 when one fails; nothing is written to the database.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.evaluation.cases import Case, annotated
from matching.referential import Referential, load_referential
from matching.stored_cases import Outcome, run_case, stored_cases
from search.evaluation.tables import Table
from search.failover import said_once
from skills.imports.progress import progress

SHOWN_TEXT = 60


class Command(BaseCommand):
    help = "Lit le texte de chaque cas de test, et dit lesquels réussissent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FICHIER.jsonl",
            help="écrit aussi les cas, au format de matching/evaluation/annotated (texte et annotation sur une ligne)",
        )
        parser.add_argument("--json", action="store_true", help="une ligne JSON par cas")

    def handle(self, **options: Any) -> None:
        referential = load_referential()
        cases = stored_cases(referential)
        if options["export"]:
            self._export(cases, options["export"])
        outcomes = [run_case(case, referential) for case in progress(cases, "cas", len(cases))]
        for notice in said_once(one.notice for one in outcomes):
            self.stderr.write(notice)
        if options["json"]:
            for one in outcomes:
                self.stdout.write(json.dumps(_line(one), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_sentences(outcomes, referential)))
        if not all(one.passes for one in outcomes):
            sys.exit(1)

    def _export(self, cases: Sequence[Case], path: Path) -> None:
        lines = [json.dumps(annotated(case), ensure_ascii=False) + "\n" for case in cases]
        try:
            path.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} : {error.strerror or error}", returncode=2) from error
        self.stderr.write(f"{len(cases)} cas écrits : {path}")


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.case.id,
        "lang": outcome.case.language,
        "passed": outcome.passes,
        "problems": [one.as_dict() for one in outcome.problems],
    }


def _sentences(outcomes: Sequence[Outcome], referential: Referential) -> list[str]:
    if not outcomes:
        return ["Aucun cas : la rédaction en fait à partir des signalements."]
    rows = tuple(_row(one, referential) for one in outcomes)
    passed = sum(one.passes for one in outcomes)
    table = Table(("cas", "langue", "résultat", "texte", "ce qui ne va pas"), rows)
    return [*table.lines(), "", f"{passed} cas sur {len(outcomes)} réussi{'s' if passed > 1 else ''}."]


def _row(outcome: Outcome, referential: Referential) -> tuple[str, ...]:
    text = " ".join(outcome.case.text.split())
    short = text if len(text) <= SHOWN_TEXT else f"{text[: SHOWN_TEXT - 1]}…"
    wrong = " ; ".join(one.say(referential.label(one.skill, "fr")) for one in outcome.problems)
    result = "réussi" if outcome.passes else "échoué"
    return outcome.case.id, outcome.case.language, result, short, wrong
