"""The tokens that trainings bring and need, and what a person holds of them. Pure: no Django, no engine.

One rule: a requirement is brought when `matching.scoring` gives it full credit, and in no other way; a prerequisite is met by
the skill it names or by a narrower one, whatever the level.

`skill:` a requirement of a job at the level asked; `has:` a skill, or any one of several joined by `|`; `level:` a level of
diploma; `certification:` and `block:` what the registers know by these codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from matching.scoring import Requirement, SkillGraph, score_value

HIGHEST_LEVEL = 8  # of the French framework: a doctorate
_OR = "|"


def skill_token(code: str) -> str:
    return f"skill:{code}"


def has_token(codes: Iterable[str]) -> str:
    """Any one of these skills."""
    return f"has:{_OR.join(sorted(codes))}"


def level_token(level: int) -> str:
    return f"level:{level}"


def certification_token(code: str) -> str:
    return f"certification:{code}"


def block_token(code: str) -> str:
    return f"block:{code}"


def kind_of(token: str) -> str:
    return token.partition(":")[0]


def values_of(token: str) -> tuple[str, ...]:
    """The codes of a token: several for the alternatives of a prerequisite."""
    return tuple(token.partition(":")[2].split(_OR))


def levels_up_to(level: int | None) -> frozenset[str]:
    return frozenset(level_token(number) for number in range(1, (level or 0) + 1))


def covered(
    requirements: Iterable[Requirement], levels: Mapping[str, int], graph: SkillGraph
) -> frozenset[str]:
    """The requirements that these skills, at these levels, cover entirely."""
    return frozenset(
        skill_token(requirement.skill)
        for requirement in requirements
        if score_value([requirement], levels, graph) == 1
    )


def with_broader(skills: Iterable[str], graph: SkillGraph) -> frozenset[str]:
    """Who has a skill has the broader ones."""
    return frozenset(code for skill in skills for code in (skill, *graph.broader.get(skill, ())))


def had(needs: Iterable[str], skills: AbstractSet[str]) -> frozenset[str]:
    """Of these tokens, the prerequisites that one of these skills meets (`with_broader` of what is held or taught)."""
    return frozenset(
        need for need in needs if kind_of(need) == "has" and not skills.isdisjoint(values_of(need))
    )


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certification as tokens know it; a certification without known blocks has none."""

    code: str
    level: int | None
    blocks: frozenset[str]

    @property
    def tokens(self) -> frozenset[str]:
        blocks = (block_token(block) for block in self.blocks)
        return frozenset((certification_token(self.code), *blocks)) | levels_up_to(self.level)


def held_certificates(codes: AbstractSet[str], known: Sequence[Certificate]) -> frozenset[str]:
    """The tokens of what a person says to hold: a certification gives its blocks and its level, and all the blocks of a
    certification give that certification.
    """
    tokens: set[str] = {block_token(code) for one in known for code in one.blocks & codes}
    for one in known:
        if one.code in codes or (one.blocks and one.blocks <= codes):
            tokens |= one.tokens
    return frozenset(tokens)
