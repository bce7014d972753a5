"""Putting a retired skill back in use.

One rule: the rules decide: since it was retired, its texts may have become another skill's.
"""

from dataclasses import replace

from django.db import transaction

from skills.models import Skill, SkillStatus
from skills.signals import skill_changed
from skills.stored_concepts import errors_among_stored


@transaction.atomic
def put_back_in_use(skill: Skill) -> list[str]:
    """What stands against it, in sentences; nothing is changed then."""
    errors = errors_among_stored(
        replace(skill.as_entry(), status=SkillStatus.PUBLISHED.value, replaced_by="")
    )
    if not errors:
        skill.status, skill.replaced_by = SkillStatus.PUBLISHED, None
        skill.save(update_fields=["status", "replaced_by"])
        skill_changed.send(sender=Skill, skill_id=skill.pk)
    return errors
