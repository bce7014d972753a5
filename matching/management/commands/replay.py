"""`manage.py replay FILE`: a recorded match, computed again from itself, and what would be answered today.

One rule: the record is judged on what it holds; the answer of today stands beside it and changes nothing to it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.catalogue.jobs import load_jobs
from matching.catalogue.trainings import load_trainings
from matching.directions.person_to_jobs import PersonMatch, match_person
from matching.errors import RecordRefused
from matching.records import Difference, hints_in, is_same_formula, read_record, replay
from matching.referential import load_referential
from matching.scoring import Held
from matching.versions import versions_of
from search.engines import ENGINES
from search.errors import SearchUnavailable


class Command(BaseCommand):
    help = "Recalcule un résultat enregistré par « match --record », et le compare à celui d'aujourd'hui."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record", type=Path, metavar="FICHIER.json")
        parser.add_argument(
            "--engine", choices=ENGINES, default="", help="moteur de la réponse d'aujourd'hui"
        )
        parser.add_argument("--json", action="store_true", help="une ligne JSON")

    def handle(self, **options: Any) -> None:
        try:
            record = read_record(options["record"].read_text(encoding="utf-8"))
            differences = replay(record)
            today = match_person(
                [Held(skill, level) for skill, level in record["held"]],
                hints=hints_in(record),
                jobs_limit=100,
                language=record["language"],
                engine=options["engine"],
            )
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['record']} : {error}", returncode=2) from error
        except (RecordRefused, SearchUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        answer = _answer(record, differences, today, _versions_today(record))
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _sentences(answer))
        if differences:
            sys.exit(1)


def _versions_today(record: dict[str, Any]) -> dict[str, str]:
    """Of the jobs and trainings of the record, as they are now."""
    jobs = load_jobs(list(record["jobs"]), record["language"])
    trainings = load_trainings(list(record["trainings"]))
    return versions_of(load_referential(), jobs.values(), trainings.values()).as_dict()


def _answer(
    record: dict[str, Any], differences: list[Difference], today: PersonMatch, versions: dict[str, str]
) -> dict[str, Any]:
    now = {job.code: job.score for job in today.jobs}
    return {
        "made_on": record["made_on"],
        "same": not differences,
        "same_formula": is_same_formula(record),
        "differences": [
            {"place": one.place, "recorded": one.recorded, "found": one.found} for one in differences
        ],
        "versions": {"recorded": record["versions"], "today": versions},
        "jobs": [
            {
                "code": job["code"],
                "title_fr": job["title_fr"],
                "recorded": job["score"],
                "today": now.get(job["code"]),
            }
            for job in record["answer"]
        ],
    }


def _sentences(answer: dict[str, Any]) -> str:
    lines = [
        f"Enregistré le {answer['made_on']}. "
        + ("Recalculé à l'identique." if answer["same"] else "Le calcul ne redonne pas ce résultat :")
    ]
    lines += [f"  {one['place']} : {one['recorded']} → {one['found']}" for one in answer["differences"]]
    if not answer["same_formula"]:
        lines.append("La formule a changé depuis (versions ci-dessous).")
    for name in ("referential", "model", "formula", "catalogue"):
        then, now = ((answer["versions"][when] or {}).get(name, "–") for when in ("recorded", "today"))
        lines.append(f"  {name:<12} {then}" + ("" if then == now else f"  (aujourd'hui : {now})"))
    lines += ["", "Aujourd'hui :"]
    for job in answer["jobs"]:
        today = "n'est plus proposé" if job["today"] is None else f"{job['today']:.0%}"
        lines.append(f"  {job['title_fr']} ({job['code']}) : {job['recorded']:.0%} → {today}")
    return "\n".join(lines)
