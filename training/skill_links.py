"""How trainings use skills (see `skills.retirement`)."""

from skills.retirement import SkillLinks
from training.models import SkillOrigin, TrainingSkill

# From the least to the most certain.
_CERTAINTY = (SkillOrigin.SUGGESTED, SkillOrigin.DECLARED, SkillOrigin.CONFIRMED)


def absorb(kept: TrainingSkill, retired: TrainingSkill) -> None:
    """A training that brings both brings the higher level of the two, as surely as the surer one."""
    kept.level = max(kept.level, retired.level)
    if _CERTAINTY.index(retired.origin) > _CERTAINTY.index(kept.origin):
        kept.origin, kept.confirmed_by = retired.origin, retired.confirmed_by
    kept.evidence = kept.evidence or retired.evidence


TRAINING_SKILLS = SkillLinks(
    TrainingSkill,
    owner="training",
    relation="skill_links",
    identity="code",
    singular="formation",
    plural="formations",
    absorb=absorb,
)
