"""Plan and load the referential: compare the files with the database, show the difference, then load.

One rule: the files say what a skill is, but an editor's correction stands (see `merging`), and a skill that they no longer
name is never deleted. It is retired when it names a replacement, and reported and left as it is otherwise. What a correction
and the files say together must not contradict itself: where it would, the files' skill is refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction

from skills.concept_files.differences import LIST_SEPARATOR, entry_fields, overlay
from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry, SkillEntry
from skills.concept_files.history import read_history
from skills.concept_files.parsing import SENSES_FILE, read_referential
from skills.concept_files.rules import circular_links, dangling_links, shared_text_errors
from skills.imports.merging import Given, Merge, merge
from skills.imports.progress import progress
from skills.imports.referential_writing import PlannedSkill, bring_revisions_up_to_date, write_skills
from skills.imports.releases import release_of
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError, as_text, field_changes
from skills.imports.yaml_source import yaml_files
from skills.models import AcronymSense, DataRelease, Domain, Skill, SkillStatus
from skills.retirement import follow_retired, use_counts
from skills.signals import skill_changed
from skills.stored_concepts import stored_senses

Fields = dict[str, object]
# An editor who retires a skill, or puts it back in use, decides on both.
_RETIREMENT = ("status", "replaced_by")


@dataclass
class Outcome:
    """What a skill of the files becomes: its fields that change, and those where an editor's correction stands."""

    entry: SkillEntry
    given: Given
    row: Skill | None = None
    changes: dict[str, tuple[object, object]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        return self.row is None or bool(self.changes) or self.given != self.row.given


@dataclass(frozen=True)
class Stored:
    """The database before the load, by code."""

    domains: dict[str, Domain]
    rows: dict[str, Skill]
    entries: dict[str, SkillEntry]


@transaction.atomic
def import_referential(folder: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(folder))
    files, history = read_referential(folder), read_history(folder)
    if not files.skills and not files.errors:
        report.reject(RowError(str(folder), None, "aucune compétence dans ce dossier (fichiers .yaml)."))
        return report
    for error in [*files.errors, *history.errors]:
        report.reject(error)
    version = history.scheme.version if history.scheme else ""
    release = release_of("referential", yaml_files(folder), version=version, name=folder.name, apply=apply)
    stored = _stored()
    changed_domains = _plan_domains(files, stored, report)
    outcomes = _plan_skills(files, stored, report, release)
    retired = _plan_missing(files, stored, report)
    senses = _plan_senses(files, report) if (folder / SENSES_FILE).is_file() else None
    if not apply:
        _announce_moves(outcomes, report)
        return report
    _load_domains(changed_domains)
    write_skills(
        [
            PlannedSkill(one.entry, one.given, one.row, one.row is None or bool(one.changes))
            for one in outcomes
            if one.is_written
        ]
    )
    _retire(retired)
    if senses is not None:
        _load_senses(senses)
    for moved in follow_retired():
        report.warn(RowError(report.source, None, f"{moved} (la compétence est retirée)."), first=True)
    return report


def _stored() -> Stored:
    rows = {skill.code: skill for skill in Skill.objects.with_concepts().order_by("code")}
    domains = {domain.code: domain for domain in Domain.objects.all()}
    return Stored(domains, rows, {code: skill.as_entry() for code, skill in rows.items()})


# --- Check: what can only be seen with all skills at hand. Refused skills leave `files.skills`.
def _refuse_wrong_links(files: ReferentialFiles, stored: Stored, report: ImportReport) -> None:
    _drop(files, dangling_links(files.skills, {*files.named, *stored.rows}), report)
    _drop(files, _domain_errors(files, {*files.domains, *stored.domains}), report)


def _drop(files: ReferentialFiles, refused: Mapping[str, RowError], report: ImportReport) -> None:
    for code, error in refused.items():
        del files.skills[code]
        report.reject(error)


def _domain_errors(files: ReferentialFiles, known_domains: set[str]) -> dict[str, RowError]:
    return {
        code: skill.error(f"son domaine « {skill.domain} » est refusé ou inconnu.")
        for code, skill in files.skills.items()
        if skill.domain not in known_domains
    }


def _contradictions(
    outcomes: Iterable[Outcome], stored: Stored, senses: list[SenseEntry]
) -> dict[str, RowError]:
    """Skills that, written beside what stands, would hold another one's text or close a circle.

    What stands and does not change comes first: it is never the one refused.
    """
    written = {one.entry.code: one.entry for one in outcomes if one.row is None or one.changes}
    standing = {code: entry for code, entry in stored.entries.items() if code not in written} | written
    found = circular_links(standing) | shared_text_errors(ReferentialFiles(skills=standing, senses=senses))
    return {code: error for code, error in found.items() if code in written} | {
        code: entry.error(f"sa remplaçante « {entry.replaced_by} » est refusée.")
        for code, entry in written.items()
        if entry.replaced_by and entry.replaced_by not in standing
    }


# --- Plan
def _plan_domains(files: ReferentialFiles, stored: Stored, report: ImportReport) -> list[DomainEntry]:
    changed = []
    for code, entry in files.domains.items():
        after = _domain_fields(entry)
        known = stored.domains.get(code)
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
    files: ReferentialFiles, stored: Stored, report: ImportReport, release: DataRelease
) -> list[Outcome]:
    """Every skill of the files that is not refused. A refusal may bring another one: it is looked for until none is left."""
    _refuse_wrong_links(files, stored, report)
    senses = files.senses if files.senses_are_whole and files.senses else stored_senses()
    outcomes = _outcomes(files, stored, release)
    while refused := _contradictions(outcomes, stored, senses):
        _drop(files, refused, report)
        outcomes = _outcomes(files, stored, release)
    for one in outcomes:
        _record_outcome(one, report)
    return outcomes


def _outcomes(files: ReferentialFiles, stored: Stored, release: DataRelease) -> list[Outcome]:
    related = _symmetric_related(files, stored)
    known = {*files.skills, *stored.rows}
    outcomes = []
    for code, entry in progress(files.skills.items(), "compétences", len(files.skills)):
        said = _with_known_links(entry, related[code], known)
        row = stored.rows.get(code)
        if row is None:
            given: Given = {name: [value, release.pk] for name, value in entry_fields(said).items()}
            outcomes.append(Outcome(said, given))
        else:
            outcomes.append(_merged(row, stored.entries[code], said, release))
    return outcomes


def _with_known_links(entry: SkillEntry, related: Iterable[str], known: set[str]) -> SkillEntry:
    """Links to refused skills that are new wait for them; being neighbours holds both ways."""
    return replace(
        entry,
        broader=tuple(code for code in entry.broader if code in known),
        related=tuple(sorted(related)),
    )


def _merged(row: Skill, stands: SkillEntry, said: SkillEntry, release: DataRelease) -> Outcome:
    current = entry_fields(stands)
    # A skill loaded before `given` was kept holds what the files said then.
    given = row.given or {name: [value, None] for name, value in current.items()}
    said_now = entry_fields(said)
    merged = merge(current, given, said_now, release=release.pk)
    # A new release that says the same of a field changes nothing of it.
    for name, value in said_now.items():
        if name in row.given and row.given[name][0] == value:
            merged.given[name] = row.given[name]
    if any(name in merged.kept for name in _RETIREMENT):
        merged.kept += [name for name in _RETIREMENT if merged.changes.pop(name, None)]
    entry = _with_merged_neighbours(overlay(said, stands, merged.kept), stands, said, given, merged)
    return Outcome(entry, merged.given, row, merged.changes, merged.kept)


def _with_merged_neighbours(
    entry: SkillEntry, stands: SkillEntry, said: SkillEntry, given: Given, merged: Merge
) -> SkillEntry:
    """Neighbours are merged link by link: what an editor added or removed is added or removed, the rest is what the files say.

    A link belongs to two skills, and both come to the same answer. Kept whole, one corrected list would hold others back.
    """
    last_said = {code for code in str(given["related"][0]).split(LIST_SEPARATOR) if code}
    added, removed = {*stands.related} - last_said, last_said - {*stands.related}
    related = tuple(sorted(({*said.related} | added) - removed))
    merged.changes.pop("related", None)
    merged.kept[:] = [name for name in merged.kept if name != "related"]
    if related != said.related:
        merged.kept.append("related")
    if related != stands.related:
        before, after = (LIST_SEPARATOR.join(codes) for codes in (stands.related, related))
        merged.changes["related"] = (before, after)
    return replace(entry, related=related)


def _record_outcome(one: Outcome, report: ImportReport) -> None:
    code = one.entry.code
    if one.row is None:
        report.record(Change(Action.ADDED, "compétence", code))
        return
    report.kept_corrections += len(one.kept)
    changes = tuple(
        FieldChange(name, as_text(before), as_text(after)) for name, (before, after) in one.changes.items()
    )
    report.record(Change(Action.CHANGED if changes else Action.UNCHANGED, "compétence", code, changes))
    if changes and one.row.has_unpublished_changes:
        reason = f"{code} : un brouillon n'était pas publié ; il reste dans l'historique de la compétence."
        report.warn(RowError(report.source, None, reason))


def _announce_moves(outcomes: Iterable[Outcome], report: ImportReport) -> None:
    """What a load would move from the skills that it retires. As many queries as there are kinds of uses."""
    retired = {
        one.row.pk: one.entry
        for one in outcomes
        if one.row and one.entry.is_retired and not one.row.is_retired
    }
    for pk, uses in use_counts(retired).items():
        entry = retired[pk]
        named = ", ".join(f"{number} {kind}" for kind, number in uses.items())
        report.warn(entry.error(f"retirée ; suivront vers « {entry.replaced_by} » : {named}."), first=True)


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


def _symmetric_related(files: ReferentialFiles, stored: Stored) -> dict[str, set[str]]:
    """Related links hold both ways, whichever of the two skills wrote them.

    Links to refused skills that are new wait for them; skills that the files do not speak of keep theirs.
    """
    known = {*files.skills, *stored.rows}
    related: dict[str, set[str]] = defaultdict(set)
    for code, skill in files.skills.items():
        for other in skill.related:
            if other in known:
                related[code].add(other)
                related[other].add(code)
    for code in stored.rows.keys() - files.skills.keys():
        for other in stored.entries[code].related:
            if other in files.skills:
                related[other].add(code)
    return related


def _plan_missing(files: ReferentialFiles, stored: Stored, report: ImportReport) -> list[Skill]:
    """Skills that the files named once and name no more. Those made by hand are nobody's business here."""
    if files.unread:
        reason = "des fichiers sont illisibles : les compétences qu'on n'y lit pas restent en l'état."
        report.warn(RowError(report.source, None, reason))
        return []
    retired = []
    for code, skill in stored.rows.items():
        if code in files.named or skill.is_retired:
            continue
        if skill.replaced_by is not None:
            report.record(Change(Action.REMOVED, "compétence", code))
            retired.append(skill)
        elif skill.given:
            reason = (
                f"{code} : absente des fichiers, sans remplaçante ; laissée en l'état. Remettez-la et retirez-la "
                "(status: deprecated, replaced_by)."
            )
            report.warn(RowError(report.source, None, reason))
    return retired


@dataclass(frozen=True)
class PlannedSenses:
    changed: list[SenseEntry]
    removed: list[int]


def _plan_senses(files: ReferentialFiles, report: ImportReport) -> PlannedSenses:
    """The senses the files give replace those of the database; where one was refused, none is removed."""
    stored = {(one.key, one.meaning_fr): one for one in AcronymSense.objects.all()}
    said = {(sense.key, sense.meaning.fr): sense for sense in files.senses}
    changed = []
    for key, sense in said.items():
        row = stored.get(key)
        before = _sense_fields(row.acronym, row.meaning_en, row.context) if row else {}
        after = _sense_fields(sense.acronym, sense.meaning.en, sense.context)
        if _record(report, "sens de sigle", f"{sense.acronym} ({sense.meaning.fr})", before, after):
            changed.append(sense)
    if not files.senses_are_whole or SENSES_FILE in files.unread:
        return PlannedSenses(changed, [])
    removed = [stored[key] for key in stored.keys() - said.keys()]
    for row in removed:
        report.record(Change(Action.REMOVED, "sens de sigle", str(row)))
    return PlannedSenses(changed, [row.pk for row in removed])


def _sense_fields(acronym: str, meaning_en: str, context: Iterable[str]) -> Fields:
    return {"acronym": acronym, "meaning_en": meaning_en, "context": ", ".join(sorted(context))}


# --- Load
def _load_domains(entries: list[DomainEntry]) -> None:
    for entry in entries:
        Domain.objects.update_or_create(code=entry.code, defaults=_domain_fields(entry))


def _load_senses(senses: PlannedSenses) -> None:
    for sense in senses.changed:
        AcronymSense.objects.update_or_create(
            key=sense.key,
            meaning_fr=sense.meaning.fr,
            defaults={
                "acronym": sense.acronym,
                "meaning_en": sense.meaning.en,
                "context": list(sense.context),
            },
        )
    AcronymSense.objects.filter(pk__in=senses.removed).delete()


def _retire(skills: list[Skill]) -> None:
    for skill in skills:
        skill.status = SkillStatus.DEPRECATED
        skill.save(update_fields=["status"])
        bring_revisions_up_to_date(skill)
        skill_changed.send(sender=Skill, skill_id=skill.pk)
