"""What a text lets expect beyond what it shows: skills that it may show, and skills that go with those it shows. Pure.

One rule: it decides the order in which jobs are proposed, never a score: a score counts what is shown, and can be contested. Each
expectation says what it comes from. More skills never lower it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import fsum

from matching.scoring import (
    WEIGHTS,
    Held,
    Requirement,
    RequirementResult,
    Score,
    SkillGraph,
    explain,
    levels_of,
    total_weight,
    value_of,
)

# Chosen on the tuning half of the judged people (docs/matching-quality.md).
COMPANION_SHARE = 0.5  # credit of a requirement that surely goes with what is held
LEAST_TOGETHER = 0.4  # how often it has to be asked for with what is held
ALONGSIDE = 3  # skills held that must speak for it, in the mean


@dataclass(frozen=True, slots=True)
class Maybe:
    """A skill that a text may show: not surely enough to be an answer."""

    skill: str
    level: int
    probability: float


@dataclass(frozen=True)
class Companions:
    """How often job profiles that ask for one skill ask for another one too; each profile is left out of its own count."""

    asked: Mapping[str, int]
    together: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, profiles: Iterable[Iterable[str]]) -> "Companions":
        asked: Counter[str] = Counter()
        together: Counter[tuple[str, str]] = Counter()
        for skills in profiles:
            distinct = sorted(set(skills))
            asked.update(distinct)
            together.update(permutations(distinct, 2))
        return cls(asked, together)

    def share(self, held: str, required: str, *, is_in_profile: bool) -> float:
        """Of the other profiles that ask for the skill held, those that ask for the required one; one more is counted as not
        asking, so that rare skills tell little.
        """
        asked = self.asked.get(held, 0) - is_in_profile
        together = self.together.get((held, required), 0) - is_in_profile
        return together / (asked + 1) if asked > 0 else 0.0


def expected_value(
    scored: Score,
    held: Iterable[Held],
    maybe: Sequence[Maybe],
    companions: Companions,
    graph: SkillGraph,
) -> float:
    """The score of a job if what the text lets expect were counted as far as it can be expected; never below the score."""
    levels = levels_of(held)
    asked = frozenset(one.skill for one in scored.requirements)
    gains = [
        WEIGHTS[one.importance] * _expected_credit(one, levels, maybe, companions, graph, asked)
        for one in scored.requirements
    ]
    weight = total_weight(_requirement(one) for one in scored.requirements)
    return value_of(gains, weight)


def _expected_credit(
    result: RequirementResult,
    levels: Mapping[str, int],
    maybe: Sequence[Maybe],
    companions: Companions,
    graph: SkillGraph,
    asked: frozenset[str],
) -> float:
    credits = [result.credit]
    for one in maybe:
        found = explain(_requirement(result), {one.skill: one.level}, graph)
        credits.append(found.credit * one.probability)
    if result.credit < COMPANION_SHARE:
        shares = [
            companions.share(code, result.skill, is_in_profile=code in asked)
            for code in levels
            if code != result.skill
        ]
        strength = fsum(sorted(shares, reverse=True)[:ALONGSIDE]) / ALONGSIDE
        if strength >= LEAST_TOGETHER:
            credits.append(COMPANION_SHARE * strength)
    return max(credits)


def _requirement(result: RequirementResult) -> Requirement:
    return Requirement(result.skill, result.level, result.importance)
