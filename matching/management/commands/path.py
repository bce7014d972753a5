"""`manage.py path FILE|- --job CODE`: the learning paths that close the gap between a text and a job, step by step."""

import datetime as dt
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from matching.command import TextCommand
from matching.paths.answers import FoundPaths
from matching.paths.finding import find_paths
from matching.paths.funding import Status
from matching.paths.problem import Mode, Objective
from matching.paths.question import Question
from matching.paths.showing import show
from matching.reading.extraction import extract_skills
from matching.referential import Referential
from search.failover import said_once

ALL = "all"
# The most that each number may be: far beyond what anybody asks for.
_MOST = {
    "budget": 1_000_000,
    "cpf": 1_000_000,
    "weekly_hours": 168,
    "within_km": 20_000,
    "mixed_within_km": 20_000,
}


@dataclass(frozen=True, slots=True)
class _Shown:
    found: FoundPaths
    referential: Referential


class Command(TextCommand):
    help = (
        "Lit un texte et trouve les parcours de formation vers un métier : le moins cher, le plus tôt fini, "
        "celui qui demande le moins de trajets."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self._add_aim(parser)
        self._add_limits(parser)
        self._add_person(parser)

    def _add_aim(self, parser: CommandParser) -> None:
        parser.add_argument("--job", metavar="CODE", default="", help="métier visé")
        parser.add_argument(
            "--target",
            metavar="CODE",
            default="",
            help="certification ou bloc à obtenir (RNCP…, RS…, RNCP…BC…)",
        )
        parser.add_argument(
            "--target-level", type=int, choices=range(3, 9), metavar="3…8", help="niveau de diplôme à obtenir"
        )
        parser.add_argument(
            "--skills",
            nargs="+",
            metavar="CODE",
            default=[],
            help="ces compétences, au lieu de celles du métier",
        )
        parser.add_argument(
            "--also-useful",
            action="store_true",
            help="avec les exigences utiles du métier, pas seulement essentielles",
        )
        parser.add_argument(
            "--objective",
            choices=[*Objective, ALL],
            default=ALL,
            help="le meilleur selon cet objectif ; all : tous",
        )

    def _add_limits(self, parser: CommandParser) -> None:
        parser.add_argument("--budget", type=float, metavar="EUR", help="à payer au plus")
        parser.add_argument("--weekly-hours", type=float, metavar="N", help="heures par semaine, au plus")
        parser.add_argument(
            "--until", type=_day, metavar="DATE", help="fini au plus tard ce jour (AAAA-MM-JJ)"
        )
        parser.add_argument(
            "--from-date", type=_day, metavar="DATE", help="commencé au plus tôt ce jour ; aujourd'hui"
        )
        parser.add_argument(
            "--place", metavar="VILLE", default="", help="commune ou code postal d'où l'on part"
        )
        parser.add_argument("--within-km", type=float, metavar="N", help="distance au plus ; avec --place")
        parser.add_argument(
            "--mixed-within-km",
            type=float,
            metavar="N",
            help="distance au plus des formations mixtes ; avec --place",
        )
        parser.add_argument(
            "--modes", type=_modes, metavar="MODES", default=frozenset(Mode), help=f"parmi {','.join(Mode)}"
        )

    def _add_person(self, parser: CommandParser) -> None:
        parser.add_argument("--cpf", type=float, metavar="EUR", default=0.0, help="solde du compte CPF")
        parser.add_argument("--status", choices=list(Status), default=Status.OTHER.value, help="situation")
        parser.add_argument(
            "--diploma-level",
            type=int,
            choices=range(1, 9),
            metavar="1…8",
            help="niveau du plus haut diplôme",
        )
        parser.add_argument(
            "--holds", nargs="+", metavar="CODE", default=[], help="certifications ou blocs déjà obtenus"
        )

    def handle(self, **options: Any) -> None:
        super().handle(**{**options, "question": self._question(options)})

    def _question(self, options: dict[str, Any]) -> Question:
        _check_numbers(options)
        today = timezone.localdate()
        starts_from, until = options["from_date"], options["until"]
        if starts_from is not None and starts_from < today:
            raise CommandError("--from-date est passé.", returncode=2)
        if until is not None and until < (starts_from or today):
            raise CommandError("--until précède le début du parcours.", returncode=2)
        if not any((options["job"], options["skills"], options["target"], options["target_level"])):
            raise CommandError("Donnez --job, --skills, --target ou --target-level.", returncode=2)
        if options["also_useful"] and (options["skills"] or not options["job"]):
            raise CommandError("--also-useful se donne avec --job, sans --skills.", returncode=2)
        return Question(
            job=options["job"],
            skills=tuple(options["skills"]),
            also_useful=options["also_useful"],
            target=options["target"].upper(),
            target_level=options["target_level"],
            starts_from=starts_from,
            latest_end=until,
            budget_eur=options["budget"],
            weekly_hours=options["weekly_hours"],
            place=options["place"],
            within_km=options["within_km"],
            mixed_within_km=options["mixed_within_km"],
            modes=options["modes"],
            cpf_eur=options["cpf"],
            status=Status(options["status"]),
            diploma_level=options["diploma_level"],
            holds=frozenset(code.upper() for code in options["holds"]),
            objective=None if options["objective"] == ALL else Objective(options["objective"]),
        )

    def answer(
        self, text: str, referential: Referential, options: dict[str, Any]
    ) -> tuple[dict[str, Any], _Shown, str]:
        extraction = extract_skills(text, options["lang"], referential)
        found = find_paths(
            extraction.held, options["question"], options["lang"], options["engine"], referential
        )
        notice = " ".join(said_once((extraction.notice, found.notice)))
        return found.as_dict(options["lang"]), _Shown(found, referential), notice

    def show(self, result: _Shown, language: str) -> None:
        for line in show(result.found, result.referential.label, language):
            self.stdout.write(line)


def _check_numbers(options: dict[str, Any]) -> None:
    for name, most in _MOST.items():
        value, least = options[name], 1 if name == "weekly_hours" else 0
        if value is not None and not (isfinite(value) and least <= value <= most):
            raise CommandError(f"--{name.replace('_', '-')} va de {least} à {most}.", returncode=2)
    for name in ("within_km", "mixed_within_km"):
        if options[name] is not None and not options["place"]:
            raise CommandError(f"--{name.replace('_', '-')} se donne avec --place VILLE.", returncode=2)
    if options["objective"] == Objective.DISTANCE and not options["place"]:
        raise CommandError("--objective distance se donne avec --place VILLE.", returncode=2)


def _day(text: str) -> dt.date:
    """Argparse says « invalid » with this function's name; the error says what a date is."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"« {text[:40]} » n'est pas une date (AAAA-MM-JJ).", returncode=2) from None


def _modes(text: str) -> frozenset[Mode]:
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(names - set(Mode))
    if unknown or not names:
        known = ", ".join(Mode)
        raise CommandError(
            f"Modalité inconnue : {', '.join(unknown) or text[:40]}. Modalités : {known}.", returncode=2
        )
    return frozenset(Mode(name) for name in names)
