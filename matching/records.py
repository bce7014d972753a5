"""A match that can be kept, shared and replayed: the question, what it was weighed against, the answer, and the versions.

One rule: a record is whole. It holds the skills, the requirements and the links that the formula read, so that the same formula
gives the same answer years later, whatever became of the catalogue; it holds no text and no word of the person.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from matching.catalogue.jobs import Job
from matching.directions.improvements import Teaching
from matching.directions.person_to_jobs import PersonMatch
from matching.errors import RecordRefused
from matching.expecting import Expecting, Hints, Likely
from matching.referential import Referential
from matching.scoring import (
    FORMULA_VERSION,
    WEIGHTS,
    Held,
    Requirement,
    SkillGraph,
    levels_of,
    score,
    score_value,
)
from matching.trade import trade_of

FORMAT = "biofiliere-match-2"
LONGEST_RECORD = 2_000_000  # characters


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the record that the formula does not give again: where, what was recorded and what is found."""

    place: str
    recorded: object
    found: object


# --- Making
def make_record(
    match: PersonMatch, held: Sequence[Held], referential: Referential, language: str
) -> dict[str, Any]:
    """What `json.dump` writes to a file. `held` are all the skills that counted."""
    asked = {one.skill for job in match.shown for one in job.requirements}
    codes = asked | {one.skill for one in (*held, *match.hints.likely)}
    codes |= {one.skill for training in match.trainings for one in training.skills}
    record = {
        "format": FORMAT,
        "made_on": timezone.localdate().isoformat(),
        "language": language,
        "versions": match.versions.as_dict() if match.versions else None,
        "held": sorted([one.skill, one.level] for one in held),
        "likely": sorted([one.skill, one.level, one.probability] for one in match.hints.likely),
        "behaviours": sorted(asked & referential.behaviours),
        "denied": sorted(asked & match.hints.denied),
        "nearest": [job.code for job in match.nearest],
        "links": _links(referential.graph, asked, codes),
        "labels": {
            code: list(referential.labels[code]) for code in sorted(codes) if code in referential.labels
        },
        "jobs": {job.code: _job(job) for job in (*match.nearest, *match.shown)},
        "trainings": {
            training.code: [[one.skill, one.level] for one in training.skills] for training in match.trainings
        },
        "answer": [job.as_dict() for job in match.jobs],
    }
    return {**record, "digest": digest_of(record)}


def _job(job: Job) -> list[list[Any]]:
    return [[one.skill, one.level, one.importance] for one in job.requirements]


def _links(graph: SkillGraph, asked: set[str], codes: set[str]) -> dict[str, list[list[str]]]:
    """The links by which one of these skills may answer one that is asked for."""
    return {
        "broader": sorted(
            [code, wide] for code in codes for wide in graph.broader.get(code, ()) if {code, wide} & asked
        ),
        "related": sorted([code, beside] for code in asked for beside in graph.related.get(code, ())),
    }


def digest_of(record: Mapping[str, Any]) -> str:
    """Of everything but the digest itself: tells a record that was altered by mistake."""
    content = {key: value for key, value in record.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# --- Replaying
def read_record(text: str) -> dict[str, Any]:
    """Raises RecordRefused for what is no record, or one that was altered."""
    if len(text) > LONGEST_RECORD:
        raise RecordRefused(
            "Ce fichier est trop long pour être un résultat enregistré par « match --record »."
        )
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordRefused(
            f"Ce fichier n'est pas un résultat enregistré (JSON illisible : {error})."
        ) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise RecordRefused(
            f"Ce fichier n'est pas un résultat enregistré par « match --record » (format {FORMAT} attendu)."
        )
    if record.get("digest") != digest_of(record):
        raise RecordRefused(
            "Ce résultat a été modifié depuis son enregistrement : son empreinte ne correspond plus."
        )
    return record


def replay(record: Mapping[str, Any]) -> list[Difference]:
    """What the formula of today does not give again, from the record alone; nothing when it gives everything.

    Raises RecordRefused when the record is incomplete.
    """
    try:
        return [*_replayed(record)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordRefused(f"Ce résultat enregistré est incomplet ({error}).") from error


def _replayed(record: Mapping[str, Any]) -> Sequence[Difference]:
    graph = SkillGraph.build(
        [(narrow, wide) for narrow, wide in record["links"]["broader"]],
        [(one, other) for one, other in record["links"]["related"]],
        {code: (french, english) for code, (french, english) in record["labels"].items()},
    )
    held = [Held(skill, level) for skill, level in record["held"]]
    expecting = Expecting(
        Hints([Likely(*one) for one in record["likely"]]), graph, frozenset(record["behaviours"])
    )
    jobs = {
        code: [Requirement(*one) for one in asked if one[2] in WEIGHTS]
        for code, asked in record["jobs"].items()
    }
    found: list[Difference] = []
    for answer in record["answer"]:
        found += _compared(answer, jobs, held, record, graph, expecting)
    return found


def _compared(
    answer: Mapping[str, Any],
    jobs: Mapping[str, Sequence[Requirement]],
    held: Sequence[Held],
    record: Mapping[str, Any],
    graph: SkillGraph,
    expecting: Expecting,
) -> list[Difference]:
    requirements = jobs[answer["code"]]
    scored = score(requirements, held, graph, record["language"])
    levels = levels_of(held)
    kept = answer["expected"]
    # Which jobs the text named and was near to is taken from the record, which has no text.
    expected = replace(expecting.of(answer["code"], scored), is_named=kept["named"], near=kept["near"])
    pairs: list[tuple[str, object, object]] = [
        ("score", answer["score"], scored.value),
        ("expected", kept, expected.as_dict()),
    ]
    for recorded, result in zip(answer["requirements"], scored.requirements, strict=True):
        again = result.as_dict()
        # A reason may go on with the job or diploma that the skill came from, which the record does not repeat.
        if str(recorded["reason"]).startswith(str(again["reason"])):
            again["reason"] = recorded["reason"]
        pairs.append((f"requirements/{result.skill}", recorded, again))
    nearest = ((code, jobs[code]) for code in record["nearest"])
    trade = trade_of(nearest, frozenset(record["denied"]), answer["code"])
    teaching = Teaching(scored.requirements, frozenset(record["behaviours"]), trade, graph)
    for one in answer["improve"]:
        brought = [Held(skill, level) for skill, level in record["trainings"][one["training"]]]
        after = score_value(requirements, levels_of([*held, *brought]), graph)
        taught = teaching.of(levels_of(brought))
        pairs.append((f"improve/{one['training']}", [one["after"], one["taught"]], [after, taught]))
    for one in answer["improve_skills"]:
        after = score_value(requirements, {**levels, one["skill"]: one["level"]}, graph)
        pairs.append((f"improve_skills/{one['skill']}", one["after"], after))
    return [
        Difference(f"{answer['code']}/{place}", recorded, again)
        for place, recorded, again in pairs
        if recorded != again
    ]


def hints_in(record: Mapping[str, Any]) -> Hints:
    """What put the jobs in order, as far as the record tells: of the jobs that it shows. Raises RecordRefused when it is
    incomplete.
    """
    try:
        return _hints(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordRefused(f"Ce résultat enregistré est incomplet ({error}).") from error


def _hints(record: Mapping[str, Any]) -> Hints:
    orders = {answer["code"]: answer["expected"] for answer in record["answer"]}
    return Hints(
        [Likely(*one) for one in record["likely"]],
        frozenset(code for code, order in orders.items() if order["named"]),
        {code: order["near"] for code, order in orders.items()},
        frozenset(record["denied"]),
    )


def is_same_formula(record: Mapping[str, Any]) -> bool:
    return (record.get("versions") or {}).get("formula") == FORMULA_VERSION
