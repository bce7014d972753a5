"""Words and mappings that a skill gains outside its form: from a merge, from what people type.

One rule: what is added at once is added to the open draft too, so that publishing the draft does not lose it.
"""

from collections.abc import Iterable

from django.db import transaction

from skills.concept_files.entries import LabelEntry, MappingEntry
from skills.models import Skill, SkillLabel, SkillMapping
from skills.signals import skill_changed


def propose_label(skill: Skill, label: LabelEntry, user=None) -> None:
    """Add a label to the skill's draft, made for it if there is none; nothing changes online."""
    draft = skill.get_latest_revision_as_object()
    draft.labels.add(_label_row(skill, label))
    draft.save_revision(user=user, clean=False, log_action=True)


@transaction.atomic
def add_rows(
    skill: Skill, labels: Iterable[LabelEntry], mappings: Iterable[MappingEntry] = (), user=None
) -> None:
    """Labels and mappings that a skill in use gains at once, in its draft too if it has one."""
    new_labels = [_label_row(skill, one) for one in labels]
    for row in new_labels:
        row.save()
    new_mappings = [
        SkillMapping.objects.create(skill=skill, scheme=one.scheme, code=one.code, match=one.match)
        for one in mappings
    ]
    skill = Skill.objects.get(pk=skill.pk)  # without the children that the instance given remembers
    said_none = set(skill.unmapped) & {row.scheme for row in new_mappings}
    if said_none:
        skill.unmapped = [scheme for scheme in skill.unmapped if scheme not in said_none]
        skill.save(update_fields=["unmapped"])
    if skill.has_unpublished_changes and skill.latest_revision is not None:
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


def _label_row(skill: Skill, label: LabelEntry) -> SkillLabel:
    return SkillLabel(
        skill=skill,
        kind=label.kind,
        language=label.language,
        text=label.text,
        context=list(label.context),
    )
