"""From a title to our skills: the answer to « what does this job, this diploma bring? », with the paths and who says so.

One rule: nothing is counted that no mapping of the referential leads to. What a wider or neighbouring skill suggests is listed
apart, to be checked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.origins.diploma_paths import job_paths, registers_of, training_paths
from matching.origins.explanations import say_level, say_refusal
from matching.origins.job_paths import Correspondences, competence_paths, occupation_paths, title_paths
from matching.origins.title_tables import ESCO_OCCUPATION, KINDS, ROME_TITLE, Candidate
from matching.origins.titles import Found, find_origins, has_titles
from matching.origins.weighing import Brought, Path, Step, weigh
from matching.referential import Referential, load_referential
from skills.models import DataRelease, EscoOccupation
from skills.sources import SOURCES


@dataclass(frozen=True, slots=True)
class Equivalence:
    """What a title brings. `abstained` when nothing is certain."""

    origin: Candidate
    skills: tuple[Brought, ...]
    to_check: tuple[Brought, ...]

    @property
    def abstained(self) -> bool:
        return not self.skills

    def refusal(self, language: str) -> str:
        """Why nothing is answered; empty when something is."""
        return say_refusal("no-mapping", language) if self.abstained else ""

    @property
    def sources(self) -> list[str]:
        """The open-data sources that the paths went through."""
        steps = (step for one in (*self.skills, *self.to_check) for path in one.paths for step in path)
        return sorted({self.origin.source, *(step.source for step in steps if step.source)})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a text or a code; `equivalence` only when one title is clearly meant; `message` says why not."""

    candidates: tuple[Candidate, ...]
    equivalence: Equivalence | None
    message: str = ""
    is_cut: bool = False  # there are more candidates than these

    @property
    def abstained(self) -> bool:
        return self.equivalence is None or self.equivalence.abstained

    def as_dict(self, referential: Referential, language: str) -> dict[str, object]:
        found = self.equivalence
        return {
            "abstained": self.abstained,
            "origin": found.origin.as_dict(language) if found else None,
            "candidates": [candidate.as_dict(language) for candidate in self.candidates],
            "skills": [_brought_as_dict(one, referential, language) for one in found.skills] if found else [],
            "to_check": [_skill_as_dict(one, referential) for one in found.to_check] if found else [],
        }


def _brought_as_dict(one: Brought, referential: Referential, language: str) -> dict[str, object]:
    reason = say_level(one.paths[0], language)
    return _skill_as_dict(one, referential, level=one.level, reason=reason, strength=one.strength)


def _skill_as_dict(one: Brought, referential: Referential, **said: object) -> dict[str, object]:
    return {
        "code": one.skill,
        "label_fr": referential.label(one.skill, "fr"),
        "label_en": referential.label(one.skill, "en"),
        **said,
        "paths": [[step.as_dict() for step in path] for path in one.paths],
    }


def answer_title(
    text: str, *, kinds: Sequence[str] = KINDS, language: str = "fr", referential: Referential | None = None
) -> Answer:
    """The title meant and what it brings. Raises UnknownOrigin for a code that nothing has."""
    found: Found = find_origins(text, kinds)
    if found.chosen is None:
        why = ("unknown", "near", "several")[min(2, len(found.candidates))]
        if why == "unknown" and not has_titles(kinds):
            why = "not-loaded"
        elif why == "several" and found.is_by_nearness:
            why = "nearest"
        refusal = say_refusal(why, language)
        return Answer(found.candidates, None, refusal, found.is_cut)
    equivalence = skills_brought(found.chosen, language, referential)
    return Answer(found.candidates, equivalence, equivalence.refusal(language))


def skills_brought(
    origin: Candidate, language: str = "fr", referential: Referential | None = None
) -> Equivalence:
    """At most nine queries, the referential's aside."""
    known = Correspondences.load(referential or load_referential(), language)
    given = Step(origin.kind, origin.code, origin.title(language), "", origin.source, origin.status)
    if origin.is_job:
        skills, to_check = weigh(_job_paths(origin, (given,), known))
    else:
        skills, to_check = _diploma_skills(origin, (given,), known)
    return Equivalence(origin, skills, to_check)


def _job_paths(origin: Candidate, start: Path, known: Correspondences) -> Iterator[Path]:
    if origin.kind == ROME_TITLE:
        jobs, occupations = title_paths(origin.code, start)
        yield from competence_paths(jobs, known)
        yield from occupation_paths(occupations, known)
    elif origin.kind == ESCO_OCCUPATION:
        occupation = EscoOccupation.objects.only("pk").get(uri=origin.code)
        yield from occupation_paths({occupation.pk: [start]}, known)
    else:
        yield from competence_paths({origin.code: [start]}, known)


def _diploma_skills(
    origin: Candidate, start: Path, known: Correspondences
) -> tuple[tuple[Brought, ...], tuple[Brought, ...]]:
    """The trainings' skills; only when they bring none, those of the jobs it leads to."""
    registers = registers_of(origin, start)
    taught = list(training_paths(registers, known))
    skills, to_check = weigh(taught)
    if skills:
        return skills, to_check
    return weigh([*taught, *job_paths(registers, known)])


def attributions(sources: Iterable[str], language: str) -> list[str]:
    """How the sources ask to be named, with the version loaded last. One query."""
    sources = sorted(set(sources))
    releases = {
        release.source: release
        for release in DataRelease.objects.filter(source__in=sources).order_by("loaded_at")
    }
    said = []
    for source in sources:
        words = SOURCES[source].attribution(language)
        version = releases[source].version if source in releases else ""
        said.append(f"{words.rstrip('.')} (version {version})." if version else words)
    return said
