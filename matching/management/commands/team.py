"""`manage.py team MATRIX.csv`: a team against the profiles that its site needs, and a costed plan.

One rule: exit status 2 when the files or terms cannot be used, 1 when some of their lines could not.
"""

import datetime as dt
import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.command import REFUSALS
from matching.errors import TeamRefused
from matching.referential import Referential, load_referential
from matching.teams.analysis import TeamAnswer, Wishes, analyse_team, load_names
from matching.teams.csv_table import MOST_BYTES, Problems
from matching.teams.matrix import TeamMatrix, read_matrix
from matching.teams.needs import SiteNeeds, needs_from, read_needs
from matching.teams.report import answer_as_dict
from matching.teams.tables import Tables
from search.engines import ENGINES


class Command(BaseCommand):
    help = "Compare une équipe aux profils dont un site a besoin : écarts, points de fragilité, échéances et plan chiffré."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "matrix", metavar="ÉQUIPE.csv|-", help="les personnes (pseudonymes) et leurs niveaux"
        )
        needs = parser.add_mutually_exclusive_group(required=True)
        needs.add_argument(
            "--needs", metavar="BESOINS.csv", help="colonnes profil, effectif et equipe_min (2)"
        )
        needs.add_argument(
            "--profile", action="append", metavar="CODE=N", help="N postes de ce métier ; peut être répété"
        )
        self._add_wishes(parser)
        parser.add_argument("--engine", choices=ENGINES, default="", help="moteur de recherche")
        parser.add_argument("--lang", choices=["fr", "en"], default="fr", help="langue des réponses")
        parser.add_argument("--json", action="store_true", help="une ligne JSON")

    def _add_wishes(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--budget", type=float, metavar="EUROS", help="au plus, en tout ; sans limite par défaut"
        )
        parser.add_argument(
            "--from", dest="starts_on", type=_date, metavar="AAAA-MM-JJ", help="premier jour (aujourd'hui)"
        )
        parser.add_argument(
            "--quarters", type=int, default=4, metavar="N", help="trimestres civils du plan (4)"
        )
        parser.add_argument(
            "--months",
            type=int,
            default=18,
            metavar="N",
            help="échéances des qualifications à regarder (18 mois)",
        )
        parser.add_argument(
            "--away",
            type=int,
            metavar="N",
            help="personnes d'un profil absentes à la fois, au plus (un tiers)",
        )
        parser.add_argument(
            "--longest-days",
            type=int,
            default=31,
            metavar="N",
            help="durée d'une session, au plus (31 jours)",
        )
        parser.add_argument("--place", default="", metavar="VILLE", help="commune ou code postal du site")
        parser.add_argument(
            "--within-km", type=float, metavar="N", help="distance des sessions, au plus ; avec --place"
        )

    def handle(self, **options: Any) -> None:
        referential = load_referential()
        try:
            matrix, needs = _read(options, referential)
            answer = analyse_team(
                matrix.people,
                needs.needs,
                _wishes(options),
                language=options["lang"],
                engine=options["engine"],
                referential=referential,
            )
        except (TeamRefused, *REFUSALS) as error:
            raise CommandError(str(error), returncode=2) from error
        problems = (matrix.problems, needs.problems)
        self._tell(problems, answer)
        if options["json"]:
            self.stdout.write(json.dumps(answer_as_dict(answer, problems), ensure_ascii=False))
        else:
            for line in Tables(answer, options["lang"]).lines():
                self.stdout.write(line)
        if any(one.count for one in problems):
            sys.exit(1)

    def _tell(self, problems: Sequence[Problems], answer: TeamAnswer) -> None:
        """What could not be taken, on standard error."""
        for one in problems:
            for problem in one.kept:
                self.stderr.write(str(problem))
            if one.count > len(one.kept):
                self.stderr.write(f"{one.source} : et {one.count - len(one.kept)} autres problèmes.")
        if answer.notice:
            self.stderr.write(answer.notice)


def _read(options: dict[str, Any], referential: Referential) -> tuple[TeamMatrix, SiteNeeds]:
    names = load_names(referential)
    matrix = read_matrix(_bytes(options["matrix"]), names.skills, names.jobs, _name(options["matrix"]))
    if options["needs"] is None:
        return matrix, needs_from(options["profile"], names.jobs)
    return matrix, read_needs(_bytes(options["needs"]), names.jobs, _name(options["needs"]))


def _bytes(source: str) -> bytes:
    """One byte more than is read at most, by which the reader knows."""
    try:
        if source == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(source).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TeamRefused(f"{source} : {error.strerror or error}") from error


def _name(source: str) -> str:
    return "entrée standard" if source == "-" else Path(source).name


def _wishes(options: dict[str, Any]) -> Wishes:
    return Wishes(
        budget_eur=options["budget"],
        starts_on=options["starts_on"],
        quarters=options["quarters"],
        requalify_months=options["months"],
        most_away=options["away"],
        longest_days=options["longest_days"],
        place=options["place"],
        within_km=options["within_km"],
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"« {text[:20]} » n'est pas une date. Écrivez-la AAAA-MM-JJ : 2027-01-31."
        ) from None
