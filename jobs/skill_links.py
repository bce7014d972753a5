"""How job profiles and needs use skills (see `skills.retirement`)."""

from jobs.models import Importance, JobGate, JobRequirement, NeedRequirement
from jobs.models.profile_rows import RequiredSkill
from skills.retirement import SkillLinks


def absorb(kept: RequiredSkill, retired: RequiredSkill) -> None:
    """Who asks for both asks for the higher level, and for an essential skill if one of them was."""
    kept.level = max(kept.level, retired.level)
    if retired.importance == Importance.ESSENTIAL:
        kept.importance = Importance.ESSENTIAL


JOB_REQUIREMENTS = SkillLinks(
    JobRequirement,
    owner="page",
    relation="requirements",
    identity="code",
    singular="métier",
    plural="métiers",
    absorb=absorb,
)
# Two gates of a job that come to name one skill stay two conditions: each has its own words.
JOB_GATES = SkillLinks(
    JobGate,
    owner="page",
    relation="gates",
    identity="code",
    singular="condition de métier",
    plural="conditions de métiers",
    absorb=None,
)
NEED_REQUIREMENTS = SkillLinks(
    NeedRequirement,
    owner="need",
    relation="requirements",
    identity="code",
    singular="besoin",
    plural="besoins",
    absorb=absorb,
)
