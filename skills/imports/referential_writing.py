"""Write planned skills to the database: rows, links, then the drafts of those that have one.

One rule: what is written for all skills at once is written in bulk; each skill itself is saved once, so that whoever listens
hears of it, and `skill_changed` says when its labels and links are there too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skills.concept_files.entries import SkillEntry
from skills.imports.merging import Given
from skills.imports.progress import progress
from skills.models import Domain, Skill, SkillLabel, SkillLevel, SkillMapping, SkillStatus
from skills.signals import skill_changed

LINKS = ("broader", "related")


@dataclass(frozen=True)
class PlannedSkill:
    """A skill to write: what the files say with an editor's corrections in place, and what the files said.

    `stored` is its row, None for a new skill; `changes` is false where only `given` differs, which nobody sees.
    """

    entry: SkillEntry
    given: Given
    stored: Skill | None = None
    changes: bool = True


def write_skills(planned: list[PlannedSkill]) -> None:
    """Links need every skill to be there: they come after."""
    seen = [one for one in planned if one.changes]
    # A draft that waits is none of the business of those of whom nothing changes.
    for one in planned:
        if not one.changes and one.stored is not None:
            Skill.objects.filter(pk=one.stored.pk).update(given=one.given)
    if not seen:
        return
    domains = {domain.code: domain for domain in Domain.objects.all()}
    written = [(one, _save(one, domains)) for one in progress(seen, "compétences écrites", len(seen))]
    _write_rows(written)
    _write_links(written)
    for _, skill in written:
        bring_revisions_up_to_date(skill)
        skill_changed.send(sender=Skill, skill_id=skill.pk)


def _save(planned: PlannedSkill, domains: Mapping[str, Domain]) -> Skill:
    entry, columns = planned.entry, _columns(planned, domains)
    if planned.stored is None:
        skill = Skill(code=entry.code, **columns)
        skill.save()
    else:
        skill = planned.stored
        for name, value in columns.items():
            setattr(skill, name, value)
        skill.save(update_fields=[*columns])
    return skill


def _columns(planned: PlannedSkill, domains: Mapping[str, Domain]) -> dict[str, object]:
    entry = planned.entry
    return {
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
    }


# --- Labels, levels, mappings
_RELATIONS = {
    "labels": (SkillLabel, ("kind", "language", "text", "context")),
    "levels": (SkillLevel, ("level", "descriptor_fr", "descriptor_en")),
    "mappings": (SkillMapping, ("scheme", "code", "match")),
}


def _wanted_rows(relation: str, skill: Skill, entry: SkillEntry) -> list:
    if relation == "labels":
        return [
            SkillLabel(
                skill=skill,
                kind=one.kind,
                language=one.language,
                text=one.text,
                key=one.key,
                context=list(one.context),
            )
            for one in entry.labels
        ]
    if relation == "levels":
        return [
            SkillLevel(
                skill=skill, level=one.level, descriptor_fr=one.descriptor.fr, descriptor_en=one.descriptor.en
            )
            for one in entry.levels
        ]
    return [
        SkillMapping(skill=skill, scheme=one.scheme, code=one.code, match=one.match) for one in entry.mappings
    ]


def _write_rows(written: Iterable[tuple[PlannedSkill, Skill]]) -> None:
    """Rows no longer wanted go, missing ones are created, the others keep their identity."""
    for relation, (model, names) in _RELATIONS.items():
        missing = []
        for one, skill in written:
            wanted = {_identity(row, names): row for row in _wanted_rows(relation, skill, one.entry)}
            for row in getattr(one.stored, relation).all() if one.stored else ():
                if wanted.pop(_identity(row, names), None) is None:
                    row.delete()
            missing.extend(wanted.values())
        model.objects.bulk_create(missing, batch_size=500)


def _identity(row, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(getattr(row, name)) for name in names)


# --- Links
def _write_links(written: Iterable[tuple[PlannedSkill, Skill]]) -> None:
    keys = dict(Skill.objects.order_by().values_list("code", "pk"))
    for name in LINKS:
        through = Skill._meta.get_field(name).remote_field.through
        missing = []
        for one, skill in written:
            stored = {other.code for other in getattr(one.stored, name).all()} if one.stored else set()
            wanted = set(getattr(one.entry, name))
            if gone := [keys[code] for code in stored - wanted]:
                through.objects.filter(from_skill=skill, to_skill__in=gone).delete()
                if name == "related":
                    through.objects.filter(to_skill=skill, from_skill__in=gone).delete()
            missing += [(skill.pk, keys[code]) for code in wanted - stored]
        if name == "related":
            missing += [(other, skill) for skill, other in missing]
        through.objects.bulk_create(
            [through(from_skill_id=skill, to_skill_id=other) for skill, other in missing],
            batch_size=500,
            ignore_conflicts=True,  # the other side may have written the link already
        )
    for one, skill in written:
        replacement = keys.get(one.entry.replaced_by)
        if skill.replaced_by_id != replacement:
            skill.replaced_by_id = replacement
            skill.save(update_fields=["replaced_by"])


# --- Drafts
def bring_revisions_up_to_date(skill: Skill) -> None:
    """An editor opens the latest revision: it must not show, then bring back, what stood before."""
    if skill.latest_revision_id is None:
        return
    fresh = Skill.objects.get(pk=skill.pk)  # without the child rows that this instance remembers
    revision = fresh.save_revision(log_action=False)
    if fresh.live:
        revision.publish(log_action=False)
