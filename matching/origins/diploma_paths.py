"""The ways from a diploma or certification to our skills: the trainings published for it, else the jobs it leads to.

One rule: what a published training says it teaches comes first; only where nothing does are the jobs of the diploma asked.
Demonstration trainings are invented and prove nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from jobs.models import OnisepSheetDiploma
from matching.origins.job_paths import Correspondences, competence_paths
from matching.origins.title_tables import DIPLOMA, Candidate
from matching.origins.weighing import Path, Step, row_status
from training.models import (
    Certification,
    CertificationSuccession,
    Diploma,
    DiplomaPassage,
    SkillOrigin,
    TrainingSkill,
)

# Diplomas that one certification covers, and links of trainings read for them, at most.
_MOST_DIPLOMAS = 20
_MOST_LINKS = 500
_ROME_CODE = re.compile(r"\b[A-Z]\d{4}\b")


@dataclass
class Registers:
    """The same diploma in the registers: paths by ONISEP identifier and by certification code, and ROME codes of these."""

    diplomas: dict[str, Path] = field(default_factory=dict)
    certifications: dict[str, Path] = field(default_factory=dict)
    rome_codes: dict[str, list[str]] = field(default_factory=dict)

    def add_certification(self, row: Certification, before: Path, relation: str) -> None:
        if row.code not in self.certifications:
            status = row_status(row.withdrawn_on, is_active=row.is_active)
            step = Step("certification", row.code, row.title or row.code, relation, "rncp-titles", status)
            self.certifications[row.code] = (*before, step)
        self.rome_codes[row.code] = _ROME_CODE.findall(row.rome_codes)


def registers_of(origin: Candidate, start: Path) -> Registers:
    """Every register's entry for what was given, successors included. Four queries."""
    found = Registers()
    code = origin.code
    if origin.kind == DIPLOMA:
        found.diplomas[code] = start
        codes = set(Diploma.objects.filter(onisep_id=code).values_list("rncp_code", flat=True))
        codes |= set(_passages(Q(onisep_id=code)).values_list("rncp_code", flat=True))
        same = {_rncp(one) for one in codes if one}
    else:
        found.certifications[code] = start
        same = {code}
        identifiers = list(_passages(Q(rncp_code__in=_forms(same))).values_list("onisep_id", flat=True))
        is_same = Q(onisep_id__in=[one for one in identifiers if one]) | Q(rncp_code__in=_forms(same))
        for row in Diploma.objects.filter(is_same).order_by("pk")[:_MOST_DIPLOMAS]:
            step = Step(
                "diploma", row.onisep_id, row.title, "same-diploma", "onisep", row_status(row.withdrawn_on)
            )
            found.diplomas[row.onisep_id] = (*start, step)
    _add_certifications(found, same, start)
    return found


def _passages(condition: Q):
    return DiplomaPassage.objects.filter(condition, withdrawn_on=None)


def _add_certifications(found: Registers, codes: set[str], start: Path) -> None:
    successions = CertificationSuccession.objects.filter(old_code__in=codes, withdrawn_on=None)
    followed = dict(successions.order_by("pk").values_list("new_code", "old_code"))
    rows = Certification.objects.filter(code__in={*codes, *followed}).order_by("code")
    by_code = {row.code: row for row in rows}
    for code in sorted(codes & set(by_code)):
        found.add_certification(by_code[code], start, "same-diploma")
    for code in sorted(set(by_code) - codes):
        before = found.certifications.get(followed[code], start)
        found.add_certification(by_code[code], before, "replaced-by")


def _rncp(code: str) -> str:
    return f"RNCP{code}" if code.isdigit() else code


def _forms(codes: Iterable[str]) -> list[str]:
    """RNCP codes with and without their prefix, which a correction by hand may lack."""
    return [form for code in codes for form in (code, code.removeprefix("RNCP"))]


def training_paths(registers: Registers, known: Correspondences) -> Iterator[Path]:
    """Through the published trainings that prepare for it. One query."""
    links = TrainingSkill.objects.filter(
        Q(training__diploma__onisep_id__in=list(registers.diplomas))
        | Q(training__certifications__code__in=list(registers.certifications)),
        training__live=True,
        training__is_demonstration=False,
    ).order_by("pk")
    rows = links.values_list(
        "training__code",
        "training__title_fr",
        "training__title_en",
        "training__diploma__onisep_id",
        "training__certifications__code",
        "skill__code",
        "level",
        "origin",
    )
    for code, french, english, diploma, certification, skill, level, origin in rows[:_MOST_LINKS]:
        before = registers.diplomas.get(diploma) or registers.certifications.get(certification)
        if before is None or skill not in known.referential.labels:
            continue
        title = (english if known.language == "en" else "") or french
        relation = "suggested" if origin == SkillOrigin.SUGGESTED else "teaches"
        training = Step("training", code, title, "prepared-by")
        label = known.referential.label(skill, known.language)
        yield (*before, training, Step("skill", skill, label, relation, level=level))


def job_paths(registers: Registers, known: Correspondences) -> Iterator[Path]:
    """Through the jobs it leads to: the certification's own ROME codes, and ONISEP's job sheets. Two queries."""
    starts: defaultdict[str, list[Path]] = defaultdict(list)
    for code, rome_codes in registers.rome_codes.items():
        for rome_code in rome_codes:
            starts[rome_code].append(registers.certifications[code])
    for rome_code, paths in _sheets(registers.diplomas).items():
        starts[rome_code].extend(paths)
    yield from competence_paths(starts, known)


def _sheets(diplomas: Mapping[str, Path]) -> dict[str, list[Path]]:
    """By ROME code, the paths that end at a job sheet of ONISEP."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    links = OnisepSheetDiploma.objects.filter(diploma_id__in=list(diplomas), withdrawn_on=None)
    links = links.select_related("sheet").order_by("pk")[:_MOST_LINKS]
    for link in links:
        sheet = link.sheet
        status = row_status(sheet.withdrawn_on)
        step = Step("onisep-job", sheet.onisep_id, sheet.title, "leads-to", "onisep", status)
        for rome_code in _ROME_CODE.findall(sheet.rome_codes):
            found[rome_code].append((*diplomas[link.diploma_id], step))
    return found
