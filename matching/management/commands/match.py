"""`manage.py match FILE|-`: jobs for a text, and for titles of jobs or diplomas, what is covered and missing, and the
trainings that would help.
"""

import json
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from matching.command import TextCommand
from matching.directions.improvements import Improvement
from matching.directions.person_to_jobs import JobMatch, PersonMatch, match_person
from matching.errors import UnknownOrigin
from matching.hints import hints_of
from matching.origins.answers import Equivalence, answer_title
from matching.origins.explanations import say_cut
from matching.origins.held import origin_skills, with_origin_reasons
from matching.reading.extraction import extract_skills
from matching.records import make_record
from matching.referential import Referential
from matching.scoring import Held
from search.failover import said_once

_MARKS = {"covered": "✓", "partial": "~", "missing": "✗"}
_WORDS = {
    "fr": {
        "nothing": "Rien d'assez sûr à proposer pour ce texte.",
        "order": "Dans l'ordre de ce que le texte laisse attendre ; le score ne compte que ce qu'il montre.",
        "to-obtain": "! À obtenir",
        "met": "✓ Vous l'avez dit",
        "improve": "Formation utile",
        "counts": "couvertes {covered}, en partie {partial}, manquantes {missing}",
        "session": "début {date}",
        "away": "à {km:.0f} km",
    },
    "en": {
        "nothing": "Nothing certain enough to show for this text.",
        "order": "In the order of what the text lets one expect; the score counts only what it shows.",
        "to-obtain": "! To obtain",
        "met": "✓ You said so",
        "improve": "Training that helps",
        "counts": "covered {covered}, in part {partial}, missing {missing}",
        "session": "starts {date}",
        "away": "{km:.0f} km away",
    },
}


@dataclass(frozen=True, slots=True)
class _Shown:
    match: PersonMatch
    referential: Referential


class Command(TextCommand):
    help = "Lit un texte et classe les métiers, exigence par exigence, avec les formations qui aideraient."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--job", metavar="CODE", help="ce métier seulement")
        parser.add_argument("--place", metavar="VILLE", help="commune ou code postal d'où l'on part")
        parser.add_argument(
            "--within-km", type=float, metavar="N", help="distance des formations, au plus ; avec --place"
        )
        parser.add_argument(
            "--from",
            dest="origins",
            action="append",
            default=[],
            metavar="CODE|INTITULÉ",
            help="métier exercé ou diplôme obtenu, dont les compétences s'ajoutent à celles du texte ; peut être répété",
        )
        parser.add_argument("--limit", type=int, default=10, help="métiers montrés, au plus")
        parser.add_argument(
            "--record",
            type=Path,
            metavar="FICHIER.json",
            help="enregistre le résultat (sans le texte) pour le relire plus tard avec « replay »",
        )

    def handle(self, **options: Any) -> None:
        within_km = options["within_km"]
        if within_km is not None and not options["place"]:
            raise CommandError("--within-km se donne avec --place VILLE.", returncode=2)
        if within_km is not None and not (isfinite(within_km) and 0 <= within_km <= 20_000):
            raise CommandError("--within-km va de 0 à 20000.", returncode=2)
        if options["record"] and options["batch"] is not None:
            raise CommandError(
                "--record garde un seul résultat : donnez un fichier, pas --batch.", returncode=2
            )
        if not 1 <= options["limit"] <= 100:
            raise CommandError("--limit va de 1 à 100.", returncode=2)
        origins = [self._equivalence(title, options["lang"]) for title in options["origins"]]
        super().handle(**{**options, "origins": origins})

    def _equivalence(self, title: str, language: str) -> Equivalence:
        """What the title brings. A title that names several things, or none, is refused with the nearest ones."""
        try:
            answer = answer_title(title, language=language)
        except UnknownOrigin as error:
            raise CommandError(f"--from : {error}", returncode=2) from error
        if answer.equivalence is None:
            near = [f"  {one.code}  {one.title(language)}" for one in answer.candidates]
            more = [say_cut(language)] if answer.is_cut else []
            lines = "\n".join([f"--from « {title[:60]} » : {answer.message}", *near, *more])
            raise CommandError(lines, returncode=2)
        if answer.message:
            self.stderr.write(f"--from « {title[:60]} » : {answer.message}")
        return answer.equivalence

    def answer(
        self, text: str, referential: Referential, options: dict[str, Any]
    ) -> tuple[dict[str, Any], _Shown, str]:
        extraction = extract_skills(text, options["lang"], referential)
        brought = origin_skills(options["origins"], extraction, referential, options["lang"])
        match = match_person(
            extraction.held,
            brought=(Held(skill.code, skill.level) for skill in brought),
            hints=hints_of(text, extraction, options["engine"]),
            jobs_limit=options["limit"],
            place=options["place"],
            within_km=options["within_km"],
            only_job=options["job"],
            language=options["lang"],
            engine=options["engine"],
            referential=referential,
        )
        match = with_origin_reasons(match, brought, options["origins"], options["lang"])
        content = {
            "abstained": match.abstained,
            "skills": [skill.as_dict() for skill in (*extraction.skills, *brought)],
            "jobs": [job.as_dict() for job in match.jobs],
            "versions": match.versions.as_dict() if match.versions else None,
        }
        if options["record"]:
            held = (*extraction.held, *(Held(skill.code, skill.level) for skill in brought))
            self._keep(make_record(match, held, referential, options["lang"]), options["record"])
        notice = " ".join(said_once((extraction.notice, match.notice)))
        return content, _Shown(match, referential), notice

    def _keep(self, record: dict[str, Any], path: Path) -> None:
        try:
            path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} : {error.strerror or error}", returncode=2) from error
        self.stderr.write(f"Résultat enregistré, sans le texte : {path}")

    def show(self, result: _Shown, language: str) -> None:
        if result.match.abstained:
            self.stdout.write(_WORDS[language]["nothing"])
        if len(result.match.jobs) > 1:
            self.stdout.write(_WORDS[language]["order"] + "\n")
        for job in result.match.jobs:
            self._show_job(job, result.referential, language)

    def _show_job(self, job: JobMatch, referential: Referential, language: str) -> None:
        words = _WORDS[language]
        counts = words["counts"].format(**{state: job.count(state) for state in _MARKS})
        self.stdout.write(f"{job.score:4.0%}  {job.title(language)} ({job.code}) : {counts}")
        for requirement in job.requirements:
            label = referential.label(requirement.skill, language)
            self.stdout.write(f"        {_MARKS[requirement.state.value]} {label} : {requirement.reason}")
        for gate in job.gates:
            self.stdout.write(f"      {words[gate.state.value]} : {gate.label}")
        for improvement in job.improve:
            self.stdout.write(f"      → {words['improve']} : {_improvement_line(improvement, language)}")
        self.stdout.write("")


def _improvement_line(improvement: Improvement, language: str) -> str:
    words, offer = _WORDS[language], improvement.offer
    parts = [f"{improvement.title(language)} ({improvement.before:.0%} → {improvement.after:.0%})"]
    if offer and offer.next_session:
        parts.append(words["session"].format(date=offer.next_session.isoformat()))
    if offer and offer.distance_km is not None:
        parts.append(words["away"].format(km=offer.distance_km))
    return ", ".join(parts)
