"""Employers' needs from a YAML file, known by their code.

One rule: days are counted from the day of loading, so that a demonstration stays current: a need keeps its
dates while it is open, and gets new ones once it has closed. The schema is documented in
docs/formats/demonstration.md.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jobs.models import EmployerNeed, JobProfilePage, NeedKind, NeedRequirement
from people.models import Organisation
from skills.imports.entry_files import read_entries
from skills.imports.report import Action, Change, ImportReport, RowError, field_changes
from skills.imports.yaml_source import Entry
from skills.models import Commune

KEYS = (
    "code",
    "employer",
    "kind",
    "job",
    "title",
    "description",
    "positions",
    "commune",
    "starts_in_days",
    "closes_in_days",
)
LONGEST = 3_650


@dataclass(frozen=True)
class NeedEntry:
    code: str
    employer: str
    kind: str
    job: str
    title: str
    description: str
    positions: int
    commune: str
    starts_in_days: int
    closes_in_days: int
    source: str
    line: int

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.code} : {reason}")


@dataclass
class KnownObjects:
    employers: dict[str, Organisation]
    jobs: dict[str, JobProfilePage]
    communes: dict[str, Commune]
    needs: dict[str, EmployerNeed]


def read_needs(path: Path) -> tuple[list[NeedEntry], list[RowError]]:
    already = "ce code est déjà celui d'un autre besoin du fichier."
    return read_entries(path, "needs", _parse, lambda one: one.code, already)


def _parse(entry: Entry) -> NeedEntry:
    entry.expect_keys(KEYS)
    entry.name = entry.text("code", limit=60)
    return NeedEntry(
        code=entry.name,
        employer=entry.text("employer"),
        kind=entry.choice("kind", NeedKind.values),
        job=entry.text("job"),
        title=entry.text("title", limit=200),
        description=entry.text("description", required=False),
        positions=entry.number("positions", 1, 10_000, default=1),
        commune=entry.text("commune", required=False),
        starts_in_days=entry.number("starts_in_days", 0, LONGEST, default=0),
        closes_in_days=entry.number("closes_in_days", 1, LONGEST),
        source=entry.source,
        line=entry.line,
    )


@transaction.atomic
def import_needs(path: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(path))
    entries, errors = read_needs(path)
    for error in errors:
        report.reject(error)
    known = _read_known(entries)
    for entry in entries:
        problems = _problems(entry, known)
        if problems:
            report.reject(entry.error(" ".join(problems)))
        else:
            _plan_one(entry, known, report, apply=apply)
    return report


def _read_known(entries: list[NeedEntry]) -> KnownObjects:
    pages = JobProfilePage.objects.live().filter(
        locale__language_code="fr", code__in=[e.job for e in entries]
    )
    return KnownObjects(
        employers=Organisation.objects.in_bulk([e.employer for e in entries], field_name="siret"),
        jobs={page.code: page for page in pages.prefetch_related("requirements")},
        communes=Commune.objects.in_bulk([e.commune for e in entries if e.commune], field_name="insee_code"),
        needs=EmployerNeed.objects.in_bulk([e.code for e in entries], field_name="code"),
    )


def _problems(entry: NeedEntry, known: KnownObjects) -> list[str]:
    problems = []
    if entry.employer not in known.employers:
        problems.append(f"employeur inconnu : SIRET « {entry.employer} ».")
    if entry.job not in known.jobs:
        problems.append(f"fiche métier inconnue ou non publiée : « {entry.job} ».")
    if entry.commune and entry.commune not in known.communes:
        problems.append(f"commune inconnue : « {entry.commune} ».")
    return problems


def _plan_one(entry: NeedEntry, known: KnownObjects, report: ImportReport, *, apply: bool) -> None:
    need = known.needs.get(entry.code)
    after = _fields(entry, known, need)
    changes = field_changes({name: getattr(need, name) for name in after} if need else {}, after)
    if need is None:
        report.record(Change(Action.ADDED, "besoin", entry.code))
    elif changes:
        report.record(Change(Action.CHANGED, "besoin", entry.code, changes))
    else:
        report.record(Change(Action.UNCHANGED, "besoin", entry.code))
        return
    if not apply:
        return
    try:
        with transaction.atomic():
            _load_one(entry, known.jobs[entry.job], need, after)
    except ValidationError as error:
        report.reject(entry.error(" ".join(error.messages)))


def _fields(entry: NeedEntry, known: KnownObjects, need: EmployerNeed | None) -> dict[str, object]:
    today = timezone.localdate()
    commune = known.communes.get(entry.commune)
    fields = {
        "organisation_id": known.employers[entry.employer].pk,
        "kind": entry.kind,
        "job_profile_id": known.jobs[entry.job].pk,
        "title": entry.title,
        "description": entry.description,
        "positions": entry.positions,
        "commune_id": commune.pk if commune else None,
        "is_demonstration": known.employers[entry.employer].is_demonstration,
    }
    if need is None or (need.closes_on is not None and need.closes_on < today):
        fields["starts_on"] = today + dt.timedelta(days=entry.starts_in_days)
        fields["closes_on"] = today + dt.timedelta(days=entry.closes_in_days)
    return fields


def _load_one(
    entry: NeedEntry, job: JobProfilePage, need: EmployerNeed | None, fields: dict[str, object]
) -> None:
    is_new = need is None
    starts_again = need is not None and need.job_profile_id != job.pk
    need = need or EmployerNeed(code=entry.code, live=False)
    for name, value in fields.items():
        setattr(need, name, value)
    if is_new or starts_again:
        need.requirements.set(
            NeedRequirement(
                sort_order=order,
                skill_id=requirement.skill_id,
                level=requirement.level,
                importance=requirement.importance,
            )
            for order, requirement in enumerate(job.requirements.all())
        )
    need.full_clean()
    publish = is_new or need.live
    need.save()
    revision = need.save_revision()
    if publish:
        revision.publish()
