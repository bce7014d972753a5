"""`manage.py jobs_for --training CODE | --skill CODE | --job CODE`: the jobs that a training prepares for, that ask for a
skill, or that stand next to a job.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import CommandParser

from matching.catalogue.bridges import Bridge
from matching.direction_command import DirectionCommand, requirement_lines
from matching.directions.cost_to_cross import lines_of
from matching.directions.crossing import Crossing, Crossings, SharedSkill, crossings_from
from matching.directions.skill_to_uses import JobUse, uses_of_skill
from matching.directions.skills_to_jobs import PreparedJob, jobs_prepared_by
from matching.referential import Referential, load_referential
from matching.scoring import State
from skills.languages import in_language
from skills.levels import level_label

_WORDS = {
    "fr": {
        "nothing": "Aucun métier.",
        "asked": "{importance}, niveau {level}",
        "named": "métier voisin selon la rédaction",
        "shared": "en commun : {shared} des {asked} compétences demandées{partly}",
        "partly": ", dont {count} à un niveau plus haut",
        "terms": "Le coût est celui du parcours le moins cher pour qui remplit toutes les exigences de {code} et paie tout. "
        "Avec un compte CPF, un employeur ou un lieu : manage.py path.",
        "bridges": "Venir d'un autre métier (passerelles vers {code})",
        "carries": "Ce qui sert déjà : {text}",
        "learn": "Ce qui reste à apprendre : {text}",
    },
    "en": {
        "nothing": "No job.",
        "asked": "{importance}, level {level}",
        "named": "a neighbour according to the editors",
        "shared": "in common: {shared} of the {asked} skills asked for{partly}",
        "partly": ", {count} of them at a higher level",
        "terms": "The cost is that of the cheapest path for somebody who meets every requirement of {code} and pays all of it. "
        "With a CPF account, an employer or a place: manage.py path.",
        "bridges": "Coming from another job (bridges to {code})",
        "carries": "What carries over: {text}",
        "learn": "Still to be learnt: {text}",
    },
}
_IMPORTANCES = {
    "fr": {"essential": "essentielle", "useful": "utile"},
    "en": {"essential": "essential", "useful": "useful"},
}


class Command(DirectionCommand):
    help = "Les métiers auxquels une formation prépare, qui demandent une compétence, ou qui sont voisins d'un métier."

    def add_question(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--training", metavar="CODE", help="les métiers auxquels cette formation prépare")
        which.add_argument("--skill", metavar="CODE", help="les métiers qui demandent cette compétence")
        which.add_argument("--job", metavar="CODE", help="les métiers voisins de celui-ci")

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], Any, str]:
        asked = {key: options[key] for key in ("training", "skill", "job") if options[key]}
        common = {"language": options["lang"], "engine": options["engine"]}
        if options["skill"]:
            uses = uses_of_skill(options["skill"], **common)
            jobs = uses.jobs[: options["limit"]]
            return (
                {"asked": asked, "abstained": not jobs, "jobs": [_use(one) for one in jobs]},
                jobs,
                uses.notice,
            )
        if options["job"]:
            crossed = crossings_from(options["job"], limit=options["limit"], **common)
            return _crossed(asked, crossed, options["lang"]), crossed, crossed.notice
        found = jobs_prepared_by(options["training"], limit=options["limit"], **common)
        content = {
            "asked": asked,
            "abstained": not found.jobs,
            "jobs": [_prepared(one) for one in found.jobs],
        }
        return content, found.jobs, found.notice

    def lines(self, found: Any, language: str) -> list[str]:
        referential = load_referential()
        if isinstance(found, Crossings):
            return list(_crossing_lines(found, referential, language))
        if not found:
            return [_WORDS[language]["nothing"]]
        if isinstance(found[0], JobUse):
            return [self._use_line(use, language) for use in found]
        return [line for one in found for line in _prepared_lines(one, referential, language)]

    def _use_line(self, use: JobUse, language: str) -> str:
        title = in_language(use.job.title_fr, use.job.title_en, language)
        asked = _WORDS[language]["asked"].format(
            importance=_IMPORTANCES[language][use.requirement.importance],
            level=level_label(use.requirement.level, language),
        )
        return f"{title} ({use.job.code}) : {asked}"


def _prepared_lines(
    one: PreparedJob, referential: Referential, language: str, shared: Sequence[SharedSkill] | None = None
) -> Iterator[str]:
    """The job, how much of it is shared when that is told, and what is partial or missing."""
    named = f" ({_WORDS[language]['named']})" if one.is_neighbour else ""
    title = in_language(one.job.title_fr, one.job.title_en, language)
    yield f"{one.coverage:4.0%}  {title} ({one.job.code}){named}"
    if shared is not None:
        yield f"        {_said_of_shared(shared, len(one.requirements), language)}"
    yield from requirement_lines(
        one.with_state(State.PARTIAL, State.MISSING), lambda code: referential.label(code, language)
    )


def _said_of_shared(shared: Sequence[SharedSkill], asked: int, language: str) -> str:
    words = _WORDS[language]
    in_part = sum(one.state is State.PARTIAL for one in shared)
    partly = words["partly"].format(count=in_part) if in_part else ""
    return words["shared"].format(shared=len(shared), asked=asked, partly=partly)


def _crossing_lines(found: Crossings, referential: Referential, language: str) -> Iterator[str]:
    words = _WORDS[language]
    if not found.crossings:
        yield words["nothing"]
    for one in found.crossings:
        yield from _prepared_lines(one.prepared, referential, language, one.shared)
        yield from (f"        {line}" for line in lines_of(one.to_cross, referential.label, language))
    if found.crossings:
        yield ""
        yield words["terms"].format(code=found.job)
    if found.bridges:
        yield ""
        yield words["bridges"].format(code=found.job)
    for bridge in found.bridges:
        yield from _bridge_lines(bridge, language)


def _bridge_lines(bridge: Bridge, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"      {bridge.origin} ({bridge.sector_label})"
    yield f"        {words['carries'].format(text=bridge.carries)}"
    yield f"        {words['learn'].format(text=bridge.learn)}"


def _crossed(asked: dict[str, str], found: Crossings, language: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "abstained": not found.crossings,
        "jobs": [_crossing(one, language) for one in found.crossings],
        "bridges": [bridge.as_dict() for bridge in found.bridges],
    }


def _crossing(one: Crossing, language: str) -> dict[str, object]:
    return {
        **_prepared(one.prepared),
        "shared": [skill.as_dict() for skill in one.shared],
        "to_cross": one.to_cross.as_dict(language),
    }


def _prepared(one: PreparedJob) -> dict[str, object]:
    return {
        "code": one.job.code,
        "title_fr": one.job.title_fr,
        "title_en": one.job.title_en,
        "coverage": one.coverage,
        "requirements": [result.as_dict() for result in one.requirements],
        "gates": [gate.as_dict() for gate in one.job.gates],
        "is_neighbour": one.is_neighbour,
        "url": one.url,
    }


def _use(use: JobUse) -> dict[str, object]:
    return {
        "code": use.job.code,
        "title_fr": use.job.title_fr,
        "title_en": use.job.title_en,
        "skill": use.requirement.skill,
        "level": use.requirement.level,
        "importance": use.requirement.importance,
        "url": use.url,
    }
