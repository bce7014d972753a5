"""Job profiles as matching weighs them: requirements, gates, titles in both languages.

One rule: one job a code, whatever the languages of its pages; five queries whatever the number of jobs.
"""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import Enum

from django.db.models import Max, Q

from jobs.models import JobDiploma, JobGate, JobNeighbour, JobProfilePage, JobRequirement
from matching.errors import UnknownJob
from matching.scoring import Requirement, SkillGraph

HIGHEST_LEVEL = 8  # of the French framework: a doctorate


class GateState(Enum):
    TO_OBTAIN = "to-obtain"
    MET = "met"  # by the person's own word, which proves nothing


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard condition; never part of the score. `skill` is the authorisation that it asks for, empty for none."""

    kind: str
    label: str
    how: str
    skill: str = ""
    state: GateState = GateState.TO_OBTAIN

    def answered(self, said: AbstractSet[str], graph: SkillGraph) -> "Gate":
        """The gate for who says to have these skills: a narrower authorisation meets it too."""
        is_met = self.skill and not said.isdisjoint((self.skill, *graph.narrower.get(self.skill, ())))
        return replace(self, state=GateState.MET) if is_met else self

    def as_dict(self) -> dict[str, str | None]:
        return {
            "kind": self.kind,
            "label": self.label,
            "how": self.how,
            "skill": self.skill or None,
            "state": self.state.value,
        }


@dataclass(frozen=True, slots=True)
class Job:
    code: str
    title_fr: str
    title_en: str
    requirements: tuple[Requirement, ...]
    gates: tuple[Gate, ...]
    # The highest of its usual entry diplomas; unknown: any.
    highest_diploma: int = HIGHEST_LEVEL


def load_jobs(codes: Sequence[str], language: str = "fr") -> dict[str, Job]:
    """The public, live job profiles among these codes. French pages give the rows, any other language in
    their absence.
    """
    titles: defaultdict[str, dict[str, str]] = defaultdict(dict)
    keys: dict[str, int] = {}
    pages = JobProfilePage.objects.live().public().filter(code__in=list(codes)).order_by("code", "pk")
    for pk, code, title, locale in pages.values_list("pk", "code", "title", "locale__language_code"):
        titles[code][locale] = title
        if locale == "fr" or code not in keys:
            keys[code] = pk
    requirements = _requirements(list(keys.values()))
    gates = _gates(list(keys.values()), language)
    diplomas = dict(
        JobDiploma.objects.filter(page_id__in=keys.values())
        .order_by()
        .values_list("page_id")
        .annotate(highest=Max("level"))
    )
    return {
        code: Job(
            code,
            titles[code].get("fr", "") or next(iter(titles[code].values())),
            titles[code].get("en", ""),
            tuple(requirements[pk]),
            tuple(gates[pk]),
            diplomas.get(pk, HIGHEST_LEVEL),
        )
        for code, pk in keys.items()
    }


def load_job(code: str, language: str = "fr") -> Job:
    """Raises UnknownJob."""
    jobs = load_jobs([code], language)
    if not jobs:
        raise UnknownJob(f"Métier inconnu : « {code[:60]} ». La liste : manage.py catalogue jobs.")
    return jobs[code]


def neighbours_of(code: str) -> frozenset[str]:
    """The jobs that editors name as next to this one, in either direction."""
    links = JobNeighbour.objects.filter(Q(page__code=code) | Q(neighbour__code=code)).order_by()
    pairs = links.values_list("page__code", "neighbour__code")
    return frozenset(other for pair in pairs for other in pair if other != code)


def _requirements(keys: Sequence[int]) -> defaultdict[int, list[Requirement]]:
    found: defaultdict[int, list[Requirement]] = defaultdict(list)
    rows = JobRequirement.objects.filter(page_id__in=keys).order_by("page_id", "sort_order", "pk")
    for page, code, level, importance in rows.values_list("page_id", "skill__code", "level", "importance"):
        found[page].append(Requirement(code, level, importance))
    return found


def _gates(keys: Sequence[int], language: str) -> defaultdict[int, list[Gate]]:
    found: defaultdict[int, list[Gate]] = defaultdict(list)
    rows = JobGate.objects.filter(page_id__in=keys).select_related("skill")
    for row in rows.order_by("page_id", "sort_order", "pk"):
        is_english = language == "en"
        label = (row.label_en if is_english else "") or row.label_fr
        how = (row.how_en if is_english else "") or row.how_fr
        found[row.page_id].append(Gate(row.kind, label, how, row.skill.code if row.skill else ""))
    return found
