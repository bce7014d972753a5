"""`manage.py jobs_for --training CODE | --skill CODE | --job CODE`: the jobs that a training prepares for, that ask for a
skill, or that stand next to a job.
"""

from typing import Any

from django.core.management.base import CommandParser

from matching.direction_command import DirectionCommand, requirement_lines
from matching.directions.skill_to_uses import JobUse, uses_of_skill
from matching.directions.skills_to_jobs import PreparedJob, jobs_beside, jobs_prepared_by
from matching.referential import load_referential
from matching.scoring import State
from skills.levels import level_label

_WORDS = {
    "fr": {
        "nothing": "Aucun métier.",
        "asked": "{importance}, niveau {level}",
        "named": "métier voisin selon la rédaction",
    },
    "en": {
        "nothing": "No job.",
        "asked": "{importance}, level {level}",
        "named": "a neighbour according to the editors",
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
        find = jobs_prepared_by if options["training"] else jobs_beside
        found = find(options["training"] or options["job"], limit=options["limit"], **common)
        content = {
            "asked": asked,
            "abstained": not found.jobs,
            "jobs": [_prepared(one) for one in found.jobs],
        }
        return content, found.jobs, found.notice

    def lines(self, found: Any, language: str) -> list[str]:
        words = _WORDS[language]
        if not found:
            return [words["nothing"]]
        if isinstance(found[0], JobUse):
            return [self._use_line(use, language) for use in found]
        referential = load_referential()
        lines: list[str] = []
        for one in found:
            named = f" ({words['named']})" if one.is_neighbour else ""
            title = (one.job.title_en if language == "en" else "") or one.job.title_fr
            lines.append(f"{one.coverage:4.0%}  {title} ({one.job.code}){named}")
            lines += requirement_lines(
                one.with_state(State.PARTIAL, State.MISSING),
                lambda code: referential.label(code, language),
            )
        return lines

    def _use_line(self, use: JobUse, language: str) -> str:
        title = (use.job.title_en if language == "en" else "") or use.job.title_fr
        asked = _WORDS[language]["asked"].format(
            importance=_IMPORTANCES[language][use.requirement.importance],
            level=level_label(use.requirement.level, language),
        )
        return f"{title} ({use.job.code}) : {asked}"


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
