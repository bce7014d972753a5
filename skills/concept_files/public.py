"""What the public may read of the referential. Pure: no Django.

One rule: a draft is never told of, not even by its code in a link of another skill. Retired skills are kept, and say what
replaces them; one whose replacement is itself no more than a draft waits until that is published.
"""

from collections.abc import Container, Mapping
from dataclasses import replace

from skills.concept_files.entries import ReferentialFiles, SkillEntry

# By code, the status of a skill (one of STATUSES) and the code of the one that replaces it, empty where none does.
States = Mapping[str, tuple[str, str]]


def public_codes(states: States) -> set[str]:
    return {code for code in states if _is_public(code, states)}


def _is_public(code: str, states: States) -> bool:
    """Whether a skill is in use, or its replacements lead to one that is."""
    seen: set[str] = set()
    while code in states and code not in seen:
        seen.add(code)
        status, replaced_by = states[code]
        if status != "deprecated":
            return status == "published"
        code = replaced_by
    return False


def public_part(files: ReferentialFiles) -> ReferentialFiles:
    """The public skills, with the domains that hold one."""
    public = public_codes({code: (skill.status, skill.replaced_by) for code, skill in files.skills.items()})
    skills = {code: public_entry(skill, public) for code, skill in files.skills.items() if code in public}
    used = {skill.domain for skill in skills.values()}
    return ReferentialFiles(
        domains={code: domain for code, domain in files.domains.items() if code in used},
        skills=skills,
        senses=files.senses,
        named={*skills},
    )


def public_entry(skill: SkillEntry, public: Container[str]) -> SkillEntry:
    """A skill without its links to what is not public."""
    return replace(
        skill,
        replaced_by=skill.replaced_by if skill.replaced_by in public else "",
        broader=tuple(code for code in skill.broader if code in public),
        related=tuple(code for code in skill.related if code in public),
    )
