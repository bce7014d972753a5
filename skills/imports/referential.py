"""Plan and load the referential: compare the files with the database, show the difference, then load.

One rule: the files say what a skill is; a skill they no longer name is never deleted. It is retired when it
names a replacement, and reported and left as it is otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from skills.imports.progress import progress
from skills.imports.referential_files import (
    DomainEntry,
    ReferentialFiles,
    SkillEntry,
    cyclic_codes,
    read_referential,
    shared_texts,
)
from skills.imports.report import Action, Change, ImportReport, RowError, field_changes
from skills.models import Domain, Skill, SkillLabel, SkillMapping, SkillStatus
from skills.signals import skill_changed
from skills.text import text_key

Fields = dict[str, object]


@transaction.atomic
def import_referential(folder: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(folder))
    files = read_referential(folder)
    if not files.skills and not files.errors:
        report.reject(RowError(str(folder), None, "aucune compétence dans ce dossier (fichiers .yaml)."))
        return report
    stored = _stored_skills()
    known_domains = {*files.domains, *Domain.objects.values_list("code", flat=True)}
    for error in [*files.errors, *_check(files, stored, known_domains)]:
        report.reject(error)
    changed_domains = _plan_domains(files, report)
    changed_skills = _plan_skills(files, stored, report)
    retired = _plan_missing(files, stored, report)
    if apply:
        _load_domains(changed_domains)
        _load_skills(changed_skills, files)
        _retire(retired)
    return report


# --- Check: what can only be seen with all skills at hand. Refused skills leave `files.skills`.
def _check(files: ReferentialFiles, stored: dict[str, Skill], known_domains: set[str]) -> list[RowError]:
    outside = {code: skill for code, skill in stored.items() if code not in files.named}
    known = {*files.named, *stored}
    errors: list[RowError] = []
    _drop(files, _dangling_errors(files, known, known_domains), errors)
    _drop(files, _cycle_errors(files, outside), errors)
    _drop(files, _clash_errors(files, outside), errors)
    _drop(files, _orphan_errors(files, stored), errors)
    return errors


def _drop(files: ReferentialFiles, refused: dict[str, RowError], errors: list[RowError]) -> None:
    for code, error in refused.items():
        del files.skills[code]
        errors.append(error)


def _cycle_errors(files: ReferentialFiles, outside: dict[str, Skill]) -> dict[str, RowError]:
    broader = {code: skill.broader for code, skill in files.skills.items()}
    broader |= {code: tuple(link.code for link in skill.broader.all()) for code, skill in outside.items()}
    replaced = {code: (skill.replaced_by,) for code, skill in files.skills.items() if skill.replaced_by}
    cycles = cyclic_codes(replaced) | cyclic_codes(broader)
    return {
        code: files.skills[code].error(f"lien circulaire : {' → '.join(way)}.")
        for code, way in cycles.items()
        if code in files.skills
    }


def _dangling_errors(
    files: ReferentialFiles, known: set[str], known_domains: set[str]
) -> dict[str, RowError]:
    refused = {}
    for code, skill in files.skills.items():
        links = (*skill.broader, *skill.related, *filter(None, [skill.replaced_by]))
        unknown = [link for link in links if link not in known]
        if unknown:
            refused[code] = skill.error(f"lien vers une compétence inconnue : {', '.join(unknown)}.")
        elif skill.domain not in known_domains:
            refused[code] = skill.error(f"son domaine « {skill.domain} » est refusé ou inconnu.")
    return refused


def _clash_errors(files: ReferentialFiles, outside: dict[str, Skill]) -> dict[str, RowError]:
    active = {code: skill for code, skill in outside.items() if skill.status != SkillStatus.DEPRECATED}
    taken = {key: code for code, skill in active.items() for key in _stored_text_keys(skill)}
    return {
        code: files.skills[code].error(
            " ".join(f"le texte « {text} » est déjà celui de « {owner} »." for text, owner in texts)
        )
        for code, texts in shared_texts(files.skills, taken).items()
    }


def _orphan_errors(files: ReferentialFiles, stored: dict[str, Skill]) -> dict[str, RowError]:
    """Retired skills whose replacement has itself been refused."""
    return {
        code: skill.error(f"sa remplaçante « {skill.replaced_by} » est refusée.")
        for code, skill in files.skills.items()
        if skill.replaced_by and skill.replaced_by not in files.skills and skill.replaced_by not in stored
    }


# --- Plan
def _stored_skills() -> dict[str, Skill]:
    skills = Skill.objects.select_related("domain", "replaced_by").prefetch_related(
        "labels", "mappings", "broader", "related"
    )
    return {skill.code: skill for skill in skills.order_by("code")}


def _stored_text_keys(skill: Skill) -> set[str]:
    return {text_key(skill.label_fr), text_key(skill.label_en), *(label.key for label in skill.labels.all())}


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


def _plan_skills(files: ReferentialFiles, stored: dict[str, Skill], report: ImportReport) -> list[SkillEntry]:
    related = _symmetric_related(files, stored)
    known = {*files.skills, *stored}
    changed = []
    for code, entry in progress(files.skills.items(), "compétences", len(files.skills)):
        after = _entry_fields(entry, related[code], known)
        before = _stored_fields(stored[code]) if code in stored else {}
        if _record(report, "compétence", code, before, after):
            changed.append(entry)
    return changed


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


def _entry_fields(entry: SkillEntry, related: Iterable[str], known: set[str]) -> Fields:
    return {
        "label_fr": entry.label.fr,
        "label_en": entry.label.en,
        "definition_fr": entry.definition.fr,
        "definition_en": entry.definition.en,
        "domain": entry.domain,
        "kind": entry.kind,
        "status": entry.status,
        "replaced_by": entry.replaced_by,
        "broader": _joined(code for code in entry.broader if code in known),
        "related": _joined(related),
        "labels": _joined(f"{label.kind} {label.language} {label.text}" for label in entry.labels),
        "mappings": _joined(f"{mapping.match} {mapping.scheme} {mapping.code}" for mapping in entry.mappings),
    }


def _stored_fields(skill: Skill) -> Fields:
    return {
        "label_fr": skill.label_fr,
        "label_en": skill.label_en,
        "definition_fr": skill.definition_fr,
        "definition_en": skill.definition_en,
        "domain": skill.domain.code,
        "kind": skill.kind,
        "status": skill.status,
        "replaced_by": skill.replaced_by.code if skill.replaced_by else "",
        "broader": _joined(other.code for other in skill.broader.all()),
        "related": _joined(other.code for other in skill.related.all()),
        "labels": _joined(f"{label.kind} {label.language} {label.text}" for label in skill.labels.all()),
        "mappings": _joined(
            f"{mapping.match} {mapping.scheme} {mapping.code}" for mapping in skill.mappings.all()
        ),
    }


def _joined(texts: Iterable[str]) -> str:
    return " ; ".join(sorted(texts))


def _plan_missing(files: ReferentialFiles, stored: dict[str, Skill], report: ImportReport) -> list[Skill]:
    retired = []
    for code, skill in stored.items():
        if code in files.named or skill.status == SkillStatus.DEPRECATED:
            continue
        if skill.replaced_by is None:
            reason = f"{code} : absente des fichiers, sans remplaçante ; laissée en l'état."
            report.warn(RowError(report.source, None, reason))
            continue
        report.record(Change(Action.REMOVED, "compétence", code))
        retired.append(skill)
    return retired


# --- Load
def _load_domains(entries: list[DomainEntry]) -> None:
    for entry in entries:
        Domain.objects.update_or_create(code=entry.code, defaults=_domain_fields(entry))


def _load_skills(entries: list[SkillEntry], files: ReferentialFiles) -> None:
    """Two passes: links need every skill to be there."""
    domains = {domain.code: domain for domain in Domain.objects.all()}
    loaded = {entry.code: _save_skill(entry, domains) for entry in entries}
    skills = {skill.code: skill for skill in Skill.objects.all()} | loaded
    related = _symmetric_related(files, skills)
    for entry in entries:
        skill = loaded[entry.code]
        replacement = skills.get(entry.replaced_by)
        if skill.replaced_by_id != (replacement.pk if replacement else None):
            skill.replaced_by = replacement
            skill.save(update_fields=["replaced_by"])
        skill.broader.set([skills[code] for code in entry.broader if code in skills])
        skill.related.set([skills[code] for code in related[entry.code]])
    for skill in loaded.values():
        skill_changed.send(sender=Skill, skill_id=skill.pk)


def _save_skill(entry: SkillEntry, domains: dict[str, Domain]) -> Skill:
    skill, _ = Skill.objects.update_or_create(
        code=entry.code,
        defaults={
            "domain": domains[entry.domain],
            "kind": entry.kind,
            "status": entry.status,
            "label_fr": entry.label.fr,
            "label_en": entry.label.en,
            "definition_fr": entry.definition.fr,
            "definition_en": entry.definition.en,
        },
    )
    _replace_rows(
        skill.labels.all(),
        [
            SkillLabel(skill=skill, kind=w.kind, language=w.language, text=w.text, key=w.key)
            for w in entry.labels
        ],
        ("kind", "language", "text"),
    )
    _replace_rows(
        skill.mappings.all(),
        [SkillMapping(skill=skill, scheme=m.scheme, code=m.code, match=m.match) for m in entry.mappings],
        ("scheme", "code", "match"),
    )
    return skill


def _replace_rows(stored: QuerySet, wanted: list, names: tuple[str, ...]) -> None:
    """Delete the rows no longer wanted and create the missing ones; the others keep their identity."""

    def identity(row) -> tuple:
        return tuple(getattr(row, name) for name in names)

    kept = {identity(row) for row in wanted}
    present = {}
    for row in stored:
        if identity(row) in kept:
            present[identity(row)] = row
        else:
            row.delete()
    type_of_row = stored.model
    type_of_row.objects.bulk_create(row for row in wanted if identity(row) not in present)


def _retire(skills: list[Skill]) -> None:
    for skill in skills:
        skill.status = SkillStatus.DEPRECATED
        skill.save(update_fields=["status"])
        skill_changed.send(sender=Skill, skill_id=skill.pk)
