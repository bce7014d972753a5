"""An employer's need, or a job, against the pool of candidates, each under a pseudonym.

One rule: nobody is set aside by a score. Whoever holds a skill that answers a requirement, were it in part, consents, wants
this kind of need and is available in time is in the pool, and every score stands beside the requirements that it is made of.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from matching.candidates import people_holding
from matching.catalogue.jobs import Gate, Job, load_jobs
from matching.catalogue.needs import Need
from matching.catalogue.people import Person, load_people
from matching.catalogue.places import Origin, distance_from
from matching.referential import Referential, load_referential
from matching.scoring import Requirement, RequirementResult, levels_of, score, score_value
from matching.versions import Versions, versions_of
from search.fusion import neutral_order


@dataclass(frozen=True, slots=True)
class CandidateMatch:
    """One candidate. `distance_km` is known when both ends show their commune, and `within_mobility` then; a gate is met by the
    person's own word, which the employer asks to be shown.
    """

    pseudonym: str
    score: float
    requirements: tuple[RequirementResult, ...]
    gates: tuple[Gate, ...]
    region: str
    distance_km: int | None
    within_mobility: bool | None
    remote: bool
    available_from: dt.date
    is_demonstration: bool

    def as_dict(self) -> dict[str, object]:
        return {
            "pseudonym": self.pseudonym,
            "score": self.score,
            "requirements": [one.as_dict() for one in self.requirements],
            "gates": [gate.as_dict() for gate in self.gates],
            "region": self.region or None,
            "distance_km": self.distance_km,
            "within_mobility": self.within_mobility,
            "remote": self.remote,
            "available_from": self.available_from.isoformat(),
            "is_demonstration": self.is_demonstration,
        }


@dataclass(frozen=True, slots=True)
class CandidatePool:
    """One page of the pool, best first, and how many people the whole pool has; `notice` says when they were not looked for as
    usual.
    """

    total: int = 0
    people: tuple[CandidateMatch, ...] = ()
    notice: str = ""
    versions: Versions | None = None


def pool_of_need(need: Need, *, language: str = "fr", **page: Any) -> CandidatePool:
    """Who wants this kind of need and is available on the day it starts, today at the earliest; one without a day waits for
    anybody. Gates are those of the job that the need started from, while it is online.
    """
    job = load_jobs([need.job], language).get(need.job) if need.job else None
    return people_for_need(
        need.requirements,
        gates=job.gates if job else (),
        origin=need.place,
        need_kind=need.kind,
        available_by=max(need.starts_on, timezone.localdate()) if need.starts_on else None,
        language=language,
        **page,
    )


def people_for_need(
    requirements: Sequence[Requirement],
    *,
    gates: Sequence[Gate] = (),
    origin: Origin | None = None,
    need_kind: str = "",
    available_by: dt.date | None = None,
    limit: int = 20,
    offset: int = 0,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> CandidatePool:
    """By score, then in neutral order. Neither the place, mobility nor a gate moves anybody: they are told.

    Raises SearchUnavailable when the engine is named.
    """
    if not requirements:
        return CandidatePool()
    referential = referential or load_referential()
    # Whatever a skill answers, in whole or in part, is answered by it the other way round.
    wanted = {code for one in requirements for code in referential.graph.answered_by(one.skill)}
    found = people_holding(sorted(wanted), need_kind=need_kind, available_by=available_by, engine=engine)
    known = load_people(found.codes, need_kind=need_kind, available_by=available_by)
    people = [person for person in known if any(one.skill in wanted for one in person.skills)]
    page = _ranked(people, requirements, referential)[offset : offset + limit]
    asked = Job("", "", "", tuple(requirements), tuple(gates))
    return CandidatePool(
        len(people),
        tuple(_match(person, asked, origin, referential, language) for person in page),
        found.notice,
        versions_of(referential, [asked], people=people),
    )


def _ranked(
    people: Sequence[Person], requirements: Sequence[Requirement], referential: Referential
) -> list[Person]:
    def best_first(person: Person) -> tuple[float, bytes]:
        value = score_value(requirements, levels_of(person.skills), referential.graph)
        return -value, neutral_order(person.pseudonym)

    return sorted(people, key=best_first)


def _match(
    person: Person, asked: Job, origin: Origin | None, referential: Referential, language: str
) -> CandidateMatch:
    graph = referential.graph
    scored = score(asked.requirements, person.skills, graph, language)
    said = frozenset(one.skill for one in person.skills)
    distance = distance_from(origin, person.latitude, person.longitude)
    return CandidateMatch(
        person.pseudonym,
        scored.value,
        scored.requirements,
        tuple(gate.answered(said, graph) for gate in asked.gates),
        person.region,
        None if distance is None else round(distance),
        None if distance is None else distance <= person.mobility_km,
        person.remote,
        person.available_from,
        person.is_demonstration,
    )
