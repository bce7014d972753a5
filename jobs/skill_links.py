"""How job profiles, needs and candidates use skills (see `skills.retirement`)."""

from jobs.models import CandidateSkill, Importance, JobGate, JobRequirement, NeedRequirement
from jobs.models.profile_rows import RequiredSkill
from skills.retirement import SkillLinks


def absorb(kept: RequiredSkill, retired: RequiredSkill) -> None:
    """Who asks for both asks for the higher level, and for an essential skill if one of them was."""
    kept.level = max(kept.level, retired.level)
    if retired.importance == Importance.ESSENTIAL:
        kept.importance = Importance.ESSENTIAL


def absorb_level(kept: CandidateSkill, retired: CandidateSkill) -> None:
    """Who holds both holds the one that stays at the higher level."""
    kept.level = max(kept.level, retired.level)


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
CANDIDATE_SKILLS = SkillLinks(
    CandidateSkill,
    owner="profile",
    relation="skill_links",
    identity="code",
    singular="profil de candidat",
    plural="profils de candidats",
    absorb=absorb_level,
    is_private=True,
)
