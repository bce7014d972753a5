"""The ways from jobs of ROME and ESCO to our skills, read from the database.

One rule: a reader takes the paths that lead to its rows and lengthens them to our skills, in one query whatever their number.
What they are worth is not decided here (`matching.origins.weighing`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching.origins.title_words import have_same_words
from matching.origins.weighing import DROPPED, Path, Step, row_status
from matching.referential import Referential
from skills.models import (
    EscoOccupationSkill,
    MappingScheme,
    RomeEscoLink,
    RomeJobCompetence,
    RomeTitle,
    SkillMapping,
)

_CORE = {"Principale": "core", "Émergente": "emerging"}
_ESSENTIAL = {"essential": "essential"}
# How a ROME job is reached, by what stands before it; a path that begins with the job itself has nothing before.
_TO_A_JOB = {"rome-title": "title-of", "certification": "leads-to", "onisep-job": "described-by"}
_SAME_JOB = {"exact": "same-job", "close": "close-job"}


@dataclass(frozen=True)
class Correspondences:
    """Our published skills by scheme and foreign code, each with the match as the referential writes it."""

    rows: Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
    referential: Referential
    language: str

    @classmethod
    def load(cls, referential: Referential, language: str) -> "Correspondences":
        """One query."""
        rows: dict[str, defaultdict[str, list[tuple[str, str]]]] = {
            scheme: defaultdict(list) for scheme in MappingScheme.values
        }
        mappings = SkillMapping.objects.order_by("pk").values_list("scheme", "code", "skill__code", "match")
        for scheme, code, skill, match in mappings:
            if skill in referential.labels:
                rows[scheme][code].append((skill, match))
        return cls(rows, referential, language)

    def ends(self, scheme: str, code: str) -> Iterator[Step]:
        """The last steps of a path: each of our skills that corresponds to the foreign one."""
        for skill, match in self.rows[scheme].get(code, ()):
            yield Step("skill", skill, self.referential.label(skill, self.language), match)


def link_status(link_withdrawn_on: date | None, start: str, end: str) -> str:
    """The state to show at the end of a link: a link that left with one of its ends only says that the end left."""
    return DROPPED if link_withdrawn_on and not start and not end else end


def title_paths(ogr_code: str, start: Path) -> tuple[dict[str, list[Path]], dict[int, list[Path]]]:
    """What a ROME title opens: its job's code, and the ESCO occupations (primary keys) it is linked to. Two queries."""
    title = RomeTitle.objects.select_related("job").only("title", "job__code").get(ogr_code=ogr_code)
    links = RomeEscoLink.objects.filter(title=title).order_by("pk")
    occupations: dict[int, list[Path]] = {}
    columns = ("match", "withdrawn_on", "occupation_id", "occupation__uri", "occupation__label_fr")
    for (
        match,
        withdrawn_on,
        pk,
        uri,
        label,
        english,
        occupation_withdrawn_on,
        is_retired,
    ) in links.values_list(
        *columns, "occupation__label_en", "occupation__withdrawn_on", "occupation__is_retired"
    ):
        status = link_status(
            withdrawn_on, start[-1].status, row_status(occupation_withdrawn_on, is_retired=is_retired)
        )
        relation = _SAME_JOB.get(match) or (
            "close-job" if have_same_words(title.title, label) else "linked-job"
        )
        step = Step("esco-occupation", uri, label or english, relation, "rome", status)
        occupations[pk] = [(*start, step)]
    return {title.job.code: [start]}, occupations


def competence_paths(starts: Mapping[str, Sequence[Path]], known: Correspondences) -> Iterator[Path]:
    """From ROME jobs (by code) through their competences that we know. One query."""
    mapped = known.rows[MappingScheme.ROME]
    links = RomeJobCompetence.objects.filter(
        job__code__in=list(starts), competence__ogr_code__in=list(mapped), competence__is_licence=False
    ).order_by("pk")
    columns = ("core", "withdrawn_on", "job__code", "job__title", "job__withdrawn_on")
    for core, withdrawn_on, job_code, job_title, job_withdrawn_on, code, label, left_on in links.values_list(
        *columns, "competence__ogr_code", "competence__label", "competence__withdrawn_on"
    ):
        left = row_status(job_withdrawn_on)
        status = link_status(withdrawn_on, left, row_status(left_on))
        competence = Step("rome-competence", code, label, _CORE.get(core, "other"), "rome", status)
        for end in known.ends(MappingScheme.ROME, code):
            for start in starts[job_code]:
                relation = _TO_A_JOB.get(start[-1].kind)
                job = (
                    ()
                    if relation is None
                    else (Step("rome-job", job_code, job_title, relation, "rome", left),)
                )
                yield (*start, *job, competence, end)


def occupation_paths(starts: Mapping[int, Sequence[Path]], known: Correspondences) -> Iterator[Path]:
    """From ESCO occupations (by primary key, where the paths end) through their skills that we know. One query."""
    mapped = known.rows[MappingScheme.ESCO]
    links = EscoOccupationSkill.objects.filter(
        occupation_id__in=list(starts), skill__uri__in=list(mapped)
    ).order_by("pk")
    columns = (
        "occupation_id",
        "relation",
        "withdrawn_on",
        "skill__uri",
        "skill__label_fr",
        "skill__label_en",
    )
    for pk, relation, withdrawn_on, uri, french, english, left_on, is_retired in links.values_list(
        *columns, "skill__withdrawn_on", "skill__is_retired"
    ):
        label = (english if known.language == "en" else "") or french or english
        for start in starts[pk]:
            status = link_status(withdrawn_on, start[-1].status, row_status(left_on, is_retired=is_retired))
            skill = Step("esco-skill", uri, label, _ESSENTIAL.get(relation, "optional"), "esco", status)
            for end in known.ends(MappingScheme.ESCO, uri):
                yield (*start, skill, end)
