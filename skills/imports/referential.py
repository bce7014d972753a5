"""Plan and load the referential: compare the files with the database, show the difference, then load.

One rule: the files say what a skill is, but an editor's correction stands (see `merging`), and a skill that they no longer
name is never deleted. It is retired when it names a replacement, and reported and left as it is otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from skills.concept_files.differences import entry_fields, overlay
from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry, SkillEntry
from skills.concept_files.history import read_history
from skills.concept_files.parsing import SENSES_FILE, read_referential
from skills.concept_files.rules import circular_links, dangling_links, shared_text_errors
from skills.imports.merging import Given, Merge, merge
from skills.imports.progress import progress
from skills.imports.releases import release_of
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError, as_text, field_changes
from skills.imports.yaml_source import yaml_files
from skills.models import (
    AcronymSense,
    DataRelease,
    Domain,
    Skill,
    SkillLabel,
    SkillLevel,
    SkillMapping,
    SkillStatus,
)
from skills.retirement import follow_retired
from skills.signals import skill_changed

Fields = dict[str, object]


@dataclass(frozen=True)
class PlannedSkill:
    """A skill to write: what the files say with an editor's corrections in place, and what the files said."""

    entry: SkillEntry
    given: Given


@transaction.atomic
def import_referential(folder: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(folder))
    files = read_referential(folder)
    if not files.skills and not files.errors:
        report.reject(RowError(str(folder), None, "aucune compétence dans ce dossier (fichiers .yaml)."))
        return report
    stored = {skill.code: skill for skill in Skill.objects.with_concepts().order_by("code")}
    known_domains = {*files.domains, *Domain.objects.values_list("code", flat=True)}
    for error in [*files.errors, *_check(files, stored, known_domains)]:
        report.reject(error)
    release = _release(folder, apply=apply)
    changed_domains = _plan_domains(files, report)
    planned = _plan_skills(files, stored, report, release)
    retired = _plan_missing(files, stored, report)
    senses = _plan_senses(files, report) if (folder / SENSES_FILE).is_file() else None
    if apply:
        _load_domains(changed_domains)
        _load_skills(planned, files)
        _retire(retired)
        if senses is not None:
            _load_senses(senses)
        for moved in follow_retired():
            report.warn(RowError(report.source, None, f"{moved} (la compétence est retirée)."), first=True)
    return report


def _release(folder: Path, *, apply: bool) -> DataRelease:
    scheme = read_history(folder).scheme
    version = scheme.version if scheme else ""
    return release_of("referential", yaml_files(folder), version=version, name=folder.name, apply=apply)


# --- Check: what can only be seen with all skills at hand. Refused skills leave `files.skills`.
def _check(files: ReferentialFiles, stored: dict[str, Skill], known_domains: set[str]) -> list[RowError]:
    outside = {code: skill for code, skill in stored.items() if code not in files.named}
    elsewhere = {code: tuple(wide.code for wide in skill.broader.all()) for code, skill in outside.items()}
    errors: list[RowError] = []
    _drop(files, dangling_links(files.skills, {*files.named, *stored}), errors)
    _drop(files, _domain_errors(files, known_domains), errors)
    _drop(files, circular_links(files.skills, elsewhere), errors)
    _drop(files, shared_text_errors(files, _texts_taken(outside)), errors)
    _drop(files, _orphan_errors(files, stored), errors)
    return errors


def _drop(files: ReferentialFiles, refused: dict[str, RowError], errors: list[RowError]) -> None:
    for code, error in refused.items():
        del files.skills[code]
        errors.append(error)


def _domain_errors(files: ReferentialFiles, known_domains: set[str]) -> dict[str, RowError]:
    return {
        code: skill.error(f"son domaine « {skill.domain} » est refusé ou inconnu.")
        for code, skill in files.skills.items()
        if skill.domain not in known_domains
    }


def _texts_taken(outside: dict[str, Skill]) -> dict[str, str]:
    return {
        key: code
        for code, skill in outside.items()
        if not skill.is_retired
        for key in skill.as_entry().text_keys()
    }


def _orphan_errors(files: ReferentialFiles, stored: dict[str, Skill]) -> dict[str, RowError]:
    """Retired skills whose replacement has itself been refused."""
    return {
        code: skill.error(f"sa remplaçante « {skill.replaced_by} » est refusée.")
        for code, skill in files.skills.items()
        if skill.replaced_by and skill.replaced_by not in files.skills and skill.replaced_by not in stored
    }


# --- Plan
def _plan_domains(files: ReferentialFiles, report: ImportReport) -> list[DomainEntry]:
    stored = {domain.code: domain for domain in Domain.objects.all()}
    changed = []
    for code, entry in files.domains.items():
        after = _domain_fields(entry)
        known = stored.get(code)
        before = {name: getattr(known, name) for name in after} if known else {}
        if _record(report, "domaine", code, before, after):
            changed.append(entry)
    return changed


def _domain_fields(entry: DomainEntry) -> Fields:
    return {
        "position": entry.position,
        "label_fr": entry.label.fr,
        "label_en": entry.label.en,
        "definition_fr": entry.definition.fr,
        "definition_en": entry.definition.en,
    }


def _plan_skills(
    files: ReferentialFiles, stored: dict[str, Skill], report: ImportReport, release: DataRelease
) -> list[PlannedSkill]:
    related = _symmetric_related(files, stored)
    known = {*files.skills, *stored}
    planned = []
    for code, entry in progress(files.skills.items(), "compétences", len(files.skills)):
        said = _with_known_links(entry, related[code], known)
        row = stored.get(code)
        if row is None:
            report.record(Change(Action.ADDED, "compétence", code))
            given = {name: [value, release.pk] for name, value in entry_fields(said).items()}
            planned.append(PlannedSkill(said, given))
            continue
        merged = _merged(row, said, release)
        report.kept_corrections += len(merged.kept)
        _record_changes(report, code, row, merged)
        if merged.changes or merged.given != row.given:
            planned.append(PlannedSkill(overlay(said, row.as_entry(), merged.kept), merged.given))
    return planned


def _with_known_links(entry: SkillEntry, related: Iterable[str], known: set[str]) -> SkillEntry:
    """Links to refused skills that are new wait for them; being neighbours holds both ways."""
    return replace(
        entry,
        broader=tuple(code for code in entry.broader if code in known),
        related=tuple(sorted(related)),
    )


def _merged(row: Skill, said: SkillEntry, release: DataRelease) -> Merge:
    current = entry_fields(row.as_entry())
    # A skill loaded before `given` was kept holds what the files said then.
    given = row.given or {name: [value, None] for name, value in current.items()}
    said_now = entry_fields(said)
    merged = merge(current, given, said_now, release=release.pk)
    # A new release that says the same of a field changes nothing of it.
    for name, value in said_now.items():
        if name in row.given and row.given[name][0] == value:
            merged.given[name] = row.given[name]
    return merged


def _record_changes(report: ImportReport, code: str, row: Skill, merged: Merge) -> None:
    changes = tuple(
        FieldChange(name, as_text(before), as_text(after)) for name, (before, after) in merged.changes.items()
    )
    report.record(Change(Action.CHANGED if changes else Action.UNCHANGED, "compétence", code, changes))
    if changes and row.has_unpublished_changes:
        reason = f"{code} : un brouillon n'était pas publié ; il reste dans l'historique de la compétence."
        report.warn(RowError(report.source, None, reason))


def _record(report: ImportReport, kind: str, code: str, before: Fields, after: Fields) -> bool:
    """Put the difference on the report; whether there is one."""
    changes = field_changes(before, after)
    if not before:
        report.record(Change(Action.ADDED, kind, code))
    elif changes:
        report.record(Change(Action.CHANGED, kind, code, changes))
    else:
        report.record(Change(Action.UNCHANGED, kind, code))
    return not before or bool(changes)


def _symmetric_related(files: ReferentialFiles, stored: dict[str, Skill]) -> dict[str, set[str]]:
    """Related links hold both ways, whichever of the two skills wrote them.

    Links to refused skills that are new wait for them; skills that the files do not speak of keep theirs.
    """
    known = {*files.skills, *stored}
    related: dict[str, set[str]] = defaultdict(set)
    for code, skill in files.skills.items():
        for other in skill.related:
            if other in known:
                related[code].add(other)
                related[other].add(code)
    for code in stored.keys() - files.skills.keys():
        for other in stored[code].related.all():
            if other.code in files.skills:
                related[other.code].add(code)
    return related


def _plan_missing(files: ReferentialFiles, stored: dict[str, Skill], report: ImportReport) -> list[Skill]:
    retired = []
    for code, skill in stored.items():
        if code in files.named or skill.is_retired:
            continue
        if skill.replaced_by is None:
            reason = f"{code} : absente des fichiers, sans remplaçante ; laissée en l'état."
            report.warn(RowError(report.source, None, reason))
            continue
        report.record(Change(Action.REMOVED, "compétence", code))
        retired.append(skill)
    return retired


def _plan_senses(files: ReferentialFiles, report: ImportReport) -> list[SenseEntry]:
    """The senses the files give, which replace those of the database."""
    stored = {(one.key, one.meaning_fr): one for one in AcronymSense.objects.all()}
    said = {(sense.key, sense.meaning.fr): sense for sense in files.senses}
    for key, sense in said.items():
        row = stored.get(key)
        before = _sense_fields(row.meaning_en, row.context) if row else {}
        code = f"{sense.acronym} ({sense.meaning.fr})"
        _record(report, "sens de sigle", code, before, _sense_fields(sense.meaning.en, sense.context))
    for key in stored.keys() - said.keys():
        report.record(Change(Action.REMOVED, "sens de sigle", str(stored[key])))
    return list(said.values())


def _sense_fields(meaning_en: str, context: Iterable[str]) -> Fields:
    return {"meaning_en": meaning_en, "context": ", ".join(sorted(context))}


# --- Load
def _load_domains(entries: list[DomainEntry]) -> None:
    for entry in entries:
        Domain.objects.update_or_create(code=entry.code, defaults=_domain_fields(entry))


def _load_senses(senses: list[SenseEntry]) -> None:
    kept = []
    for sense in senses:
        row, _ = AcronymSense.objects.update_or_create(
            key=sense.key,
            meaning_fr=sense.meaning.fr,
            defaults={
                "acronym": sense.acronym,
                "meaning_en": sense.meaning.en,
                "context": list(sense.context),
            },
        )
        kept.append(row.pk)
    AcronymSense.objects.exclude(pk__in=kept).delete()


def _load_skills(planned: list[PlannedSkill], files: ReferentialFiles) -> None:
    """Two passes: links need every skill to be there."""
    domains = {domain.code: domain for domain in Domain.objects.all()}
    loaded = {one.entry.code: _save_skill(one, domains) for one in planned}
    skills = {skill.code: skill for skill in Skill.objects.all()} | loaded
    for one in planned:
        skill = loaded[one.entry.code]
        skill.replaced_by = skills.get(one.entry.replaced_by)
        skill.broader.set([skills[code] for code in one.entry.broader])
        skill.related.set([skills[code] for code in one.entry.related])
        skill.save()
        _bring_revisions_up_to_date(skill)
    for skill in loaded.values():
        skill_changed.send(sender=Skill, skill_id=skill.pk)


def _save_skill(planned: PlannedSkill, domains: dict[str, Domain]) -> Skill:
    entry = planned.entry
    skill, _ = Skill.objects.update_or_create(
        code=entry.code,
        defaults={
            "domain": domains[entry.domain],
            "kind": entry.kind,
            "status": SkillStatus.DEPRECATED if entry.is_retired else SkillStatus.PUBLISHED,
            "live": entry.status != "draft",
            "label_fr": entry.label.fr,
            "label_en": entry.label.en,
            "definition_fr": entry.definition.fr,
            "definition_en": entry.definition.en,
            "modalities": list(entry.modalities),
            "unmapped": list(entry.unmapped),
            "given": planned.given,
        },
    )
    _load_rows(skill, entry)
    return Skill.objects.get(pk=skill.pk)  # without the child rows that this instance remembers


def _load_rows(skill: Skill, entry: SkillEntry) -> None:
    _replace_rows(
        SkillLabel.objects.filter(skill=skill),
        [
            SkillLabel(
                skill=skill,
                kind=one.kind,
                language=one.language,
                text=one.text,
                key=one.key,
                context=list(one.context),
            )
            for one in entry.labels
        ],
        ("kind", "language", "text", "context"),
    )
    _replace_rows(
        SkillLevel.objects.filter(skill=skill),
        [
            SkillLevel(
                skill=skill, level=one.level, descriptor_fr=one.descriptor.fr, descriptor_en=one.descriptor.en
            )
            for one in entry.levels
        ],
        ("level", "descriptor_fr", "descriptor_en"),
    )
    _replace_rows(
        SkillMapping.objects.filter(skill=skill),
        [
            SkillMapping(skill=skill, scheme=one.scheme, code=one.code, match=one.match)
            for one in entry.mappings
        ],
        ("scheme", "code", "match"),
    )


def _replace_rows(stored: QuerySet, wanted: list, names: tuple[str, ...]) -> None:
    """Delete the rows no longer wanted and create the missing ones; the others keep their identity."""

    def identity(row) -> tuple:
        return tuple(str(getattr(row, name)) for name in names)

    kept = {identity(row) for row in wanted}
    present = set()
    for row in stored:
        if identity(row) in kept:
            present.add(identity(row))
        else:
            row.delete()
    stored.model.objects.bulk_create(row for row in wanted if identity(row) not in present)


def _bring_revisions_up_to_date(skill: Skill) -> None:
    """An editor opens the latest revision: it must not show, then bring back, what stood before the load."""
    if skill.latest_revision_id is not None:
        revision = skill.save_revision(log_action=False)
        if skill.live:
            revision.publish(log_action=False)


def _retire(skills: list[Skill]) -> None:
    for skill in skills:
        skill.status = SkillStatus.DEPRECATED
        skill.save(update_fields=["status"])
        skill_changed.send(sender=Skill, skill_id=skill.pk)
