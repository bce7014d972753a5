"""Invented candidates from a YAML file, known by their pseudonym.

One rule: a file cannot consent in anybody's place: whoever it describes is invented and marked so, and a profile that a person
made is never touched. Days are counted from the day of loading, and given again only once the consent has ended. The schema is
documented in docs/formats/demonstration.md.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jobs.models import CandidateProfile, CandidateSkill, NeedKind
from jobs.models.candidate import FARTHEST_KM
from people.models import Consent, ConsentPurpose
from skills.imports.entry_files import read_entries
from skills.imports.report import Action, Change, ImportReport, RowError, field_changes
from skills.imports.yaml_source import Entry
from skills.levels import Level
from skills.models import Commune, Region, Skill

KEYS = (
    "code",
    "region",
    "commune",
    "mobility_km",
    "remote",
    "need_kinds",
    "available_in_days",
    "skills",
)
LONGEST_WAIT = 730
CONSENT_DAYS = 365
WORDING = "Personne inventée pour la démonstration : aucun consentement n'a été demandé à quiconque."


@dataclass(frozen=True)
class CandidateEntry:
    """`available_in_days` is None for who is not available; `skills` are levels by code."""

    code: str
    region: str
    commune: str
    mobility_km: int
    remote: bool
    need_kinds: tuple[str, ...]
    available_in_days: int | None
    skills: dict[str, int]
    source: str
    line: int

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.code} : {reason}")


@dataclass
class KnownObjects:
    regions: dict[str, Region]
    communes: dict[str, Commune]
    skills: dict[str, Skill]
    profiles: dict[str, CandidateProfile]


def read_candidates(path: Path) -> tuple[list[CandidateEntry], list[RowError]]:
    already = "ce pseudonyme est déjà celui d'une autre personne du fichier."
    return read_entries(path, "candidates", _parse, lambda one: one.code, already)


def _parse(entry: Entry) -> CandidateEntry:
    entry.expect_keys(KEYS)
    entry.name = entry.text("code", limit=40)
    skills = entry.nested("skills")
    levels = {code: skills.number(code, min(Level), max(Level)) for code in skills.content}
    entry.absorb("skills", [skills])
    if not levels:
        entry.problems.append("« skills » manque : un niveau par code de compétence.")
    need_kinds = entry.texts("need_kinds")
    if unknown := [kind for kind in need_kinds if kind not in NeedKind.values]:
        entry.problems.append(f"type de besoin inconnu : {', '.join(unknown)}.")
    is_available = "available_in_days" in entry.content
    return CandidateEntry(
        code=entry.name,
        region=entry.text("region", required=False),
        commune=entry.text("commune", required=False),
        mobility_km=entry.number("mobility_km", 0, FARTHEST_KM, default=50),
        remote=entry.choice("remote", ("true", "false"), default="false") == "true",
        need_kinds=need_kinds,
        available_in_days=entry.number("available_in_days", 0, LONGEST_WAIT) if is_available else None,
        skills=levels,
        source=entry.source,
        line=entry.line,
    )


@transaction.atomic
def import_candidates(path: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(path))
    entries, errors = read_candidates(path)
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


def _read_known(entries: list[CandidateEntry]) -> KnownObjects:
    skills = {code for entry in entries for code in entry.skills}
    profiles = CandidateProfile.objects.select_related("consent").prefetch_related("skill_links__skill")
    return KnownObjects(
        regions=Region.objects.in_bulk([e.region for e in entries], field_name="code"),
        communes=Commune.objects.in_bulk([e.commune for e in entries if e.commune], field_name="insee_code"),
        skills=Skill.objects.published().in_bulk(sorted(skills), field_name="code"),
        profiles=profiles.in_bulk([e.code for e in entries], field_name="code"),
    )


def _problems(entry: CandidateEntry, known: KnownObjects) -> list[str]:
    problems = []
    if entry.region and entry.region not in known.regions:
        problems.append(f"région inconnue : « {entry.region} ».")
    if entry.commune and entry.commune not in known.communes:
        problems.append(f"commune inconnue : « {entry.commune} ».")
    if unknown := [code for code in entry.skills if code not in known.skills]:
        problems.append(f"compétence inconnue ou retirée : {', '.join(unknown)}.")
    profile = known.profiles.get(entry.code)
    if profile and not profile.is_demonstration:
        problems.append("ce pseudonyme est celui d'une vraie personne : donnez-en un autre.")
    return problems


def _plan_one(entry: CandidateEntry, known: KnownObjects, report: ImportReport, *, apply: bool) -> None:
    profile = known.profiles.get(entry.code)
    fields = _fields(entry, known, profile)
    before, after = {name: getattr(profile, name) for name in fields} if profile else {}, dict(fields)
    levels = {link.skill.code: link.level for link in profile.skill_links.all()} if profile else {}
    if profile and _has_ended(profile.consent):
        before["consent"], after["consent"] = profile.consent.expires_on, _last_day()
    changes = field_changes({**before, "skills": levels}, {**after, "skills": entry.skills})
    if profile and not changes:
        report.record(Change(Action.UNCHANGED, "candidat", entry.code))
        return
    if profile:
        report.record(Change(Action.CHANGED, "candidat", entry.code, changes))
    else:
        report.record(Change(Action.ADDED, "candidat", entry.code))
    if not apply:
        return
    try:
        with transaction.atomic():
            _load_one(entry, known, profile, fields)
    except ValidationError as error:
        report.reject(entry.error(" ".join(error.messages)))


def _fields(
    entry: CandidateEntry, known: KnownObjects, profile: CandidateProfile | None
) -> dict[str, object]:
    region, commune = known.regions.get(entry.region), known.communes.get(entry.commune)
    fields: dict[str, object] = {
        "region_id": region.pk if region else None,
        "commune_id": commune.pk if commune else None,
        "mobility_km": entry.mobility_km,
        "remote": entry.remote,
        "need_kinds": list(entry.need_kinds),
    }
    if profile is None or _has_ended(profile.consent):
        fields["available_from"] = _available_from(entry)
    return fields


def _has_ended(consent: Consent) -> bool:
    """By its day: one that was withdrawn stays so, were it in a demonstration."""
    return consent.withdrawn_at is None and not consent.is_active(timezone.localdate())


def _available_from(entry: CandidateEntry) -> dt.date | None:
    if entry.available_in_days is None:
        return None
    return timezone.localdate() + dt.timedelta(days=entry.available_in_days)


def _load_one(
    entry: CandidateEntry, known: KnownObjects, profile: CandidateProfile | None, fields: dict[str, object]
) -> None:
    if profile is None:
        profile = CandidateProfile(code=entry.code, is_demonstration=True, consent=_new_consent())
    elif _has_ended(profile.consent):
        _renew(profile.consent)
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.full_clean()
    profile.save()
    profile.skill_links.all().delete()
    CandidateSkill.objects.bulk_create(
        CandidateSkill(profile=profile, skill=known.skills[code], level=level)
        for code, level in entry.skills.items()
    )


def _new_consent() -> Consent:
    return Consent.objects.create(
        purpose=ConsentPurpose.CANDIDATE_POOL, wording=WORDING, expires_on=_last_day()
    )


def _renew(consent: Consent) -> None:
    consent.given_at, consent.expires_on = timezone.now(), _last_day()
    consent.save()


def _last_day() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=CONSENT_DAYS)
