"""Organisations from a YAML file, known by their SIRET.

One rule: the file sets what it names and leaves every other organisation alone. The schema is documented in
docs/formats/demonstration.md.
"""

from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from people.models import College, Organisation, OrganisationKind, QualiopiCategory
from skills.imports.entry_files import read_entries
from skills.imports.report import Action, Change, ImportReport, RowError, field_changes
from skills.imports.yaml_source import Bilingual, Entry
from skills.models import Commune
from skills.siret import normalise_siret, siret_error

KEYS = (
    "siret",
    "name",
    "kind",
    "college",
    "commune",
    "address",
    "qualiopi",
    "activity_number",
    "website",
    "description",
    "demonstration",
)


@dataclass(frozen=True)
class OrganisationEntry:
    siret: str
    name: str
    kind: str
    college: str
    commune: str
    address: str
    qualiopi: tuple[str, ...]
    activity_number: str
    website: str
    description: Bilingual
    is_demonstration: bool
    source: str
    line: int

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.name} : {reason}")


def read_organisations(path: Path) -> tuple[list[OrganisationEntry], list[RowError]]:
    already = "ce SIRET est déjà celui d'une autre organisation du fichier."
    return read_entries(path, "organisations", _parse, lambda one: one.siret, already)


def _parse(entry: Entry) -> OrganisationEntry:
    entry.expect_keys(KEYS)
    entry.name = entry.text("name", limit=200)
    siret = normalise_siret(entry.text("siret"))
    if siret and (problem := siret_error(siret)):
        entry.problems.append(problem)
    qualiopi = entry.texts("qualiopi")
    unknown = [category for category in qualiopi if category not in QualiopiCategory.values]
    if unknown:
        entry.problems.append(f"catégorie Qualiopi inconnue : {', '.join(unknown)}.")
    return OrganisationEntry(
        siret=siret,
        name=entry.name,
        kind=entry.choice("kind", OrganisationKind.values),
        college=entry.choice("college", ("", *College.values)) if "college" in entry.content else "",
        commune=entry.text("commune", required=False),
        address=entry.text("address", required=False, limit=250),
        qualiopi=qualiopi,
        activity_number=entry.text("activity_number", required=False, limit=11),
        website=entry.text("website", required=False, limit=200),
        description=entry.bilingual("description", required=False),
        is_demonstration=entry.choice("demonstration", ("true", "false"), default="false") == "true",
        source=entry.source,
        line=entry.line,
    )


@transaction.atomic
def import_organisations(path: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(path))
    entries, errors = read_organisations(path)
    for error in errors:
        report.reject(error)
    communes = Commune.objects.in_bulk(
        [entry.commune for entry in entries if entry.commune], field_name="insee_code"
    )
    stored = {
        organisation.siret: organisation
        for organisation in Organisation.objects.filter(
            siret__in=[entry.siret for entry in entries]
        ).order_by("pk")
    }
    for entry in entries:
        if entry.commune and entry.commune not in communes:
            report.reject(
                entry.error(f"commune inconnue : « {entry.commune} » (« manage.py import_places » ?).")
            )
            continue
        _plan_one(entry, communes.get(entry.commune), stored.get(entry.siret), report, apply=apply)
    return report


def _plan_one(
    entry: OrganisationEntry,
    commune: Commune | None,
    organisation: Organisation | None,
    report: ImportReport,
    *,
    apply: bool,
) -> None:
    after = _fields(entry, commune)
    before = {name: getattr(organisation, name) for name in after} if organisation else {}
    changes = field_changes(before, after)
    if organisation and not changes:
        report.record(Change(Action.UNCHANGED, "organisation", entry.siret))
        return
    candidate = organisation or Organisation(siret=entry.siret)
    for name, value in after.items():
        setattr(candidate, name, value)
    try:
        candidate.full_clean(exclude=["slug"])
    except ValidationError as error:
        report.reject(entry.error(" ".join(error.messages)))
        return
    if organisation:
        report.record(Change(Action.CHANGED, "organisation", entry.siret, changes))
    else:
        report.record(Change(Action.ADDED, "organisation", entry.siret))
    if apply:
        candidate.save()


def _fields(entry: OrganisationEntry, commune: Commune | None) -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "college": entry.college,
        "commune_id": commune.pk if commune else None,
        "address": entry.address,
        "qualiopi_categories": list(entry.qualiopi),
        "activity_number": entry.activity_number,
        "website": entry.website,
        "description_fr": entry.description.fr,
        "description_en": entry.description.en,
        "is_demonstration": entry.is_demonstration,
    }
