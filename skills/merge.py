"""Merging a skill into another: it is retired, its uses follow, and the other takes the words that it lacks.

One rule: the kept skill gains rows, in the database and in the draft that an editor has of it; nothing that it says changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from skills.concept_files.entries import LabelEntry, MappingEntry
from skills.concept_files.merging import gained_labels, gained_mappings
from skills.models import Skill, SkillLabel, SkillMapping
from skills.retirement import Moved, retire
from skills.signals import skill_changed


@dataclass(frozen=True)
class MergePlan:
    """What the kept skill would gain."""

    labels: tuple[LabelEntry, ...]
    mappings: tuple[MappingEntry, ...]


def plan_merge(skill: Skill, replacement: Skill, *, with_mappings: bool) -> MergePlan:
    merged, kept = skill.as_entry(), replacement.as_entry()
    return MergePlan(gained_labels(merged, kept), gained_mappings(merged, kept) if with_mappings else ())


@transaction.atomic
def merge(skill: Skill, replacement: Skill, plan: MergePlan, user=None) -> list[Moved]:
    """Retire the skill, let its uses follow, give the replacement what the plan says; its new version is published."""
    moved = retire(skill, replacement)  # first: it frees the texts
    add_rows(replacement, plan.labels, plan.mappings, user)
    return moved


@transaction.atomic
def add_rows(
    skill: Skill, labels: Iterable[LabelEntry], mappings: Iterable[MappingEntry] = (), user=None
) -> None:
    """Labels and mappings that a skill in use gains at once, in its draft too if it has one."""
    new_labels = [
        SkillLabel.objects.create(
            skill=skill, kind=one.kind, language=one.language, text=one.text, context=list(one.context)
        )
        for one in labels
    ]
    new_mappings = [
        SkillMapping.objects.create(skill=skill, scheme=one.scheme, code=one.code, match=one.match)
        for one in mappings
    ]
    skill = Skill.objects.get(pk=skill.pk)  # without the children that the instance given remembers
    said_none = set(skill.unmapped) & {row.scheme for row in new_mappings}
    if said_none:
        skill.unmapped = [scheme for scheme in skill.unmapped if scheme not in said_none]
        skill.save(update_fields=["unmapped"])
    if skill.has_unpublished_changes:
        _add_to_draft(skill, new_labels, new_mappings)
        skill_changed.send(sender=Skill, skill_id=skill.pk)
    else:
        revision = skill.save_revision(user=user, clean=False)
        revision.publish(user=user, log_action=False, skip_permission_checks=True)


def _add_to_draft(skill: Skill, labels: list[SkillLabel], mappings: list[SkillMapping]) -> None:
    """The draft gains the rows that it lacks: the editor finds them there, and publishing it does not lose them."""
    revision = skill.latest_revision
    draft = revision.as_object()
    draft.unmapped = [scheme for scheme in draft.unmapped if scheme not in {row.scheme for row in mappings}]
    texts = {(row.language, row.text) for row in draft.labels.all()}
    draft.labels.add(*(row for row in labels if (row.language, row.text) not in texts))
    codes = {(row.scheme, row.code) for row in draft.mappings.all()}
    draft.mappings.add(*(row for row in mappings if (row.scheme, row.code) not in codes))
    revision.content = draft.serializable_data()
    revision.save(update_fields=["content"])
