"""Merging a skill into another: it is retired, its uses follow, and the other takes the words that it lacks.

One rule: the kept skill gains rows, in the database and in the draft that an editor has of it; nothing that it says changes.
"""

from dataclasses import dataclass

from django.db import transaction

from skills.concept_files.entries import LabelEntry, MappingEntry
from skills.concept_files.merging import gained_labels, gained_mappings
from skills.gaining import add_rows
from skills.models import Skill
from skills.retirement import Moved, retire


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
