"""`manage.py trainings_for --job CODE [--person FILE] | --need CODE | --text FILE | --skill CODE`: the trainings that cover a
job or a need, that bring a person nearer to a job, or that bring a skill.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError, CommandParser

from matching.catalogue.jobs import load_job
from matching.catalogue.needs import load_need
from matching.catalogue.trainings import facts_of
from matching.command import read_source
from matching.direction_command import DirectionCommand, add_place, origin_of, requirement_lines
from matching.directions.improvements import Improvement
from matching.directions.person_to_trainings import GapTrainings, trainings_for_person
from matching.directions.requirements_to_trainings import ProgrammeMatch, programmes_for_requirements
from matching.directions.skill_to_uses import TrainingUse, uses_of_skill
from matching.hints import hints_of
from matching.reading.extraction import SetAside, extract_skills
from matching.reading.importance import ESSENTIAL, USEFUL
from matching.referential import load_referential
from matching.scoring import State
from matching.told_needs import ToldNeed, read_need
from skills.levels import level_label

_NOTHING = {"fr": "Aucune formation.", "en": "No training."}
_COVERS = {"fr": "pour", "en": "for"}
_ASKED = {
    "fr": {ESSENTIAL: "Demandé", USEFUL: "Un plus ou appris sur place"},
    "en": {ESSENTIAL: "Asked for", USEFUL: "A plus, or learnt at work"},
}
_SET_ASIDE = {"fr": "Laissé de côté", "en": "Set aside"}
_ORDER = {
    "fr": "Dans l'ordre de ce que le texte laisse attendre ; la part ne compte que ce qu'il montre.",
    "en": "In the order of what the text lets one expect; the share counts only what it shows.",
}

Answer = tuple[dict[str, Any], Any, str]


@dataclass(frozen=True, slots=True)
class _Told:
    need: ToldNeed
    set_aside: tuple[SetAside, ...]
    matches: tuple[ProgrammeMatch, ...]


class Command(DirectionCommand):
    help = (
        "Les formations qui couvrent un métier ou un besoin, qui rapprochent une personne d'un métier, "
        "ou qui enseignent une compétence."
    )

    def add_question(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--job", metavar="CODE", help="les formations qui couvrent ce métier")
        which.add_argument(
            "--need", metavar="CODE", help="les formations qui répondent à ce besoin d'un employeur"
        )
        which.add_argument(
            "--text", metavar="FICHIER|-", help="un besoin raconté, comme une annonce : ce qui y est demandé"
        )
        which.add_argument("--skill", metavar="CODE", help="les formations qui enseignent cette compétence")
        parser.add_argument(
            "--person",
            metavar="FICHIER|-",
            help="texte ou CV d'une personne : ce qui lui manque pour le métier, seulement ; avec --job",
        )
        add_place(parser)

    def answer(self, options: dict[str, Any]) -> Answer:
        if options["person"] is not None and options["job"] is None:
            raise CommandError("--person se donne avec --job CODE.", returncode=2)
        if options["person"] is not None:
            return self._for_person(options)
        if options["text"] is not None:
            return self._for_text(options)
        return self._covering(options) if options["skill"] is None else self._with_skill(options)

    def _for_person(self, options: dict[str, Any]) -> Answer:
        referential = load_referential()
        cv = read_source(options["person"], options["lang"])
        extraction = extract_skills(cv.text, options["lang"], referential)
        found = trainings_for_person(
            extraction.held,
            options["job"],
            hints=hints_of(cv.text, extraction, options["engine"]),
            **_search(options),
            referential=referential,
        )
        content = {
            "asked": {"job": options["job"]},
            "abstained": not found.improvements,
            "score": found.scored.value,
            "requirements": [one.as_dict() for one in found.scored.requirements],
            "gates": [gate.as_dict() for gate in found.job.gates],
            "trainings": [one.as_dict() for one in found.improvements],
        }
        return content, found, " ".join(filter(None, (*cv.notices, extraction.notice, found.notice)))

    def _for_text(self, options: dict[str, Any]) -> Answer:
        referential = load_referential()
        advert = read_source(options["text"], options["lang"])
        extraction = extract_skills(advert.text, options["lang"], referential)
        need = read_need(advert.text, extraction, options["engine"])
        found = programmes_for_requirements(
            need.requirements,
            told=need,
            **_search(options),
            referential=referential,
        )
        skills = zip(extraction.skills, need.requirements, strict=True)
        content = {
            "asked": {"text": options["text"]},
            "abstained": not found.matches,
            "skills": [{**one.as_dict(), "importance": asked.importance} for one, asked in skills],
            "set_aside": [one.as_dict() for one in extraction.set_aside],
            "trainings": [one.as_dict() for one in found.matches],
        }
        notice = " ".join(filter(None, (*advert.notices, extraction.notice, found.notice)))
        return content, _Told(need, extraction.set_aside, found.matches), notice

    def _covering(self, options: dict[str, Any]) -> Answer:
        search = _search(options)
        if options["need"] is not None:
            need = load_need(options["need"])
            requirements, search["origin"] = need.requirements, search["origin"] or need.place
        else:
            requirements = load_job(options["job"], options["lang"]).requirements
        found = programmes_for_requirements(requirements, **search)
        content = {
            "asked": {key: options[key] for key in ("job", "need") if options[key]},
            "abstained": not found.matches,
            "trainings": [one.as_dict() for one in found.matches],
        }
        return content, found.matches, found.notice

    def _with_skill(self, options: dict[str, Any]) -> Answer:
        uses = uses_of_skill(options["skill"], language=options["lang"], engine=options["engine"])
        trainings = uses.trainings[: options["limit"]]
        content = {
            "asked": {"skill": options["skill"]},
            "abstained": not trainings,
            "trainings": [_use(one) for one in trainings],
        }
        return content, trainings, uses.notice

    def lines(self, found: Any, language: str) -> list[str]:
        referential = load_referential()

        def label(code: str) -> str:
            return referential.label(code, language)

        lines: list[str] = []
        shown = found
        if isinstance(found, GapTrainings):
            shown = found.improvements
        elif isinstance(found, _Told):
            shown = found.matches
            lines += _told_lines(found, label, language)
        if not shown:
            return [*lines, _NOTHING[language]]
        for one in shown:
            if isinstance(one, Improvement):
                covers = ", ".join(map(label, one.covers))
                lines.append(f"{one.before:4.0%} → {one.after:4.0%}  {one.title(language)} ({one.training})")
                lines.append(f"        {_COVERS[language]} : {covers}")
            elif isinstance(one, ProgrammeMatch):
                lines.append(f"{one.coverage:4.0%}  {one.title(language)} ({one.training}), {one.provider}")
                answered = tuple(part for part in one.requirements if part.state is not State.MISSING)
                lines += requirement_lines(answered, label)
            else:
                level = level_label(one.level, language)
                lines.append(
                    f"{one.training.title(language)} ({one.training.code}) : {label(one.skill)}, {level}"
                )
        return lines


def _search(options: dict[str, Any]) -> dict[str, Any]:
    """Where, how many, in which language and on which engine: what every direction to trainings takes."""
    return {
        "origin": origin_of(options),
        "within_km": options["within_km"],
        "limit": options["limit"],
        "language": options["lang"],
        "engine": options["engine"],
    }


def _told_lines(told: _Told, label: Callable[[str], str], language: str) -> Iterator[str]:
    for importance, title in _ASKED[language].items():
        asked = [label(one.skill) for one in told.need.requirements if one.importance == importance]
        if asked:
            yield f"{title} : {', '.join(asked)}"
    for one in told.set_aside:
        yield f"{_SET_ASIDE[language]} : {one.label(language)} : « {one.quote} »"
    if told.matches:
        yield from (_ORDER[language], "")


def _use(use: TrainingUse) -> dict[str, object]:
    training = use.training
    return {
        "training": training.code,
        "title_fr": training.title_fr,
        "title_en": training.title_en,
        "provider": training.provider,
        "skill": use.skill,
        "level": use.level,
        **facts_of(next(iter(training.offers), None)),
        "url": use.url,
        "is_demonstration": training.is_demonstration,
    }
