"""`manage.py people_for --need CODE | --job CODE`: the pool of candidates, under pseudonyms, before a need or a job."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from matching.catalogue.jobs import GateState, load_job
from matching.catalogue.needs import load_need
from matching.direction_command import DirectionCommand, requirement_lines
from matching.directions.need_to_people import CandidateMatch, CandidatePool, people_for_need, pool_of_need
from matching.referential import Referential, load_referential

_WORDS = {
    "fr": {
        "nothing": "Personne dans le vivier.",
        "beyond": "Le vivier compte {total} personnes : il n'y a personne à cette page.",
        "total": "{first} à {last}, sur {total} personnes dans le vivier",
        "nowhere": "lieu non indiqué",
        "within": "{km} km, dans sa mobilité",
        "outside": "{km} km, hors de sa mobilité",
        "remote": "à distance aussi",
        "available": "disponible à partir du {day:%d/%m/%Y}",
        "demonstration": "personne inventée",
        GateState.TO_OBTAIN: "à obtenir : {label}",
        GateState.MET: "dit l'avoir : {label}",
    },
    "en": {
        "nothing": "Nobody in the pool.",
        "beyond": "The pool has {total} people: there is nobody on this page.",
        "total": "{first} to {last}, of {total} people in the pool",
        "nowhere": "place not shown",
        "within": "{km} km, within reach",
        "outside": "{km} km, out of reach",
        "remote": "also remotely",
        "available": "available from {day:%Y-%m-%d}",
        "demonstration": "invented person",
        GateState.TO_OBTAIN: "to obtain: {label}",
        GateState.MET: "said to be held: {label}",
    },
}


class Command(DirectionCommand):
    help = (
        "Les candidats du vivier, sous pseudonyme, devant un besoin ou un métier : tous, sans seuil ; "
        "le score n'est montré qu'avec les exigences qui le font."
    )

    def add_question(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--need", metavar="CODE", help="ce besoin d'un employeur, publié et ouvert")
        which.add_argument("--job", metavar="CODE", help="ce métier")
        parser.add_argument("--offset", type=int, default=0, help="personnes passées avant la page")

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], Any, str]:
        if options["offset"] < 0:
            raise CommandError("--offset ne peut pas être négatif.", returncode=2)
        page = {key: options[key] for key in ("limit", "offset", "engine")}
        if options["need"]:
            pool = pool_of_need(load_need(options["need"]), language=options["lang"], **page)
        else:
            job = load_job(options["job"], options["lang"])
            pool = people_for_need(job.requirements, gates=job.gates, language=options["lang"], **page)
        content = {
            "asked": {key: options[key] for key in ("need", "job") if options[key]},
            "abstained": not pool.total,
            "total": pool.total,
            "people": [one.as_dict() for one in pool.people],
            "versions": pool.versions.as_dict() if pool.versions else None,
        }
        return content, (pool, options["offset"]), pool.notice

    def lines(self, found: tuple[CandidatePool, int], language: str) -> list[str]:
        (pool, offset), words = found, _WORDS[language]
        if not pool.total:
            return [words["nothing"]]
        if not pool.people:
            return [words["beyond"].format(total=pool.total)]
        referential = load_referential()
        first, last = offset + 1, offset + len(pool.people)
        lines = [words["total"].format(first=first, last=last, total=pool.total)]
        for one in pool.people:
            lines += _person_lines(one, referential, language)
        return lines


def _person_lines(one: CandidateMatch, referential: Referential, language: str) -> list[str]:
    words = _WORDS[language]
    gates = [f"        ! {words[gate.state].format(label=gate.label)}" for gate in one.gates]
    return [
        f"{one.score:4.0%}  {one.pseudonym} : {', '.join(_facts(one, language))}",
        *requirement_lines(one.requirements, lambda code: referential.label(code, language)),
        *gates,
    ]


def _facts(one: CandidateMatch, language: str) -> list[str]:
    words = _WORDS[language]
    facts = [one.region or words["nowhere"]]
    if one.distance_km is not None:
        facts.append(words["within" if one.within_mobility else "outside"].format(km=one.distance_km))
    if one.remote:
        facts.append(words["remote"])
    facts.append(words["available"].format(day=one.available_from))
    if one.is_demonstration:
        facts.append(words["demonstration"])
    return facts
