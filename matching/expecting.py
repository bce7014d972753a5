"""What is to be expected of somebody: each skill read in a text as far as it is likely, and skills that go with those. Pure.

One rule: it decides the order in which jobs are proposed, never a score: a score counts what is shown, and can be contested.
Each expectation says what it comes from. More skills, likelier or of a higher level, never lower it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import fsum

from matching.scoring import (
    DECIMALS,
    WEIGHTS,
    Requirement,
    RequirementResult,
    Score,
    SkillGraph,
    explain,
    total_weight,
    value_of,
)
from matching.scoring import answers as answers_of

# Chosen on the tuning half of the judged people (docs/matching-quality.md).
COMPANION_SHARE = 0.6  # credit of a requirement that surely goes with what is held
LEAST_TOGETHER = 0.4  # how often it has to be asked for with what is held
NAMED = 0.05  # what naming a job by its title adds when jobs are put in order
ALONGSIDE = 3  # skills held that must speak for it, in the mean


@dataclass(frozen=True, slots=True)
class Likely:
    """A skill with the probability, from 0 to 1, that the person holds it."""

    skill: str
    level: int
    probability: float = 1.0


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


@dataclass(frozen=True, slots=True)
class Expectation:
    """Why a requirement may be better answered than what is shown says: what that would be worth (0 to 1), and what it comes
    from, a skill that the text may show (`maybe`) or skills held that it goes with (`because`).
    """

    skill: str
    credit: float
    maybe: str = ""
    because: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {
            "skill": self.skill,
            "credit": round(self.credit, DECIMALS),
            "maybe": self.maybe or None,
            "because": list(self.because),
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """The score to be expected, from 0 to 1; and what is expected beyond what is shown, in the requirements' order."""

    value: float
    expectations: tuple[Expectation, ...] = ()


NOTHING = Expected(0.0)


def expected(scored: Score, likely: Sequence[Likely], companions: Companions, graph: SkillGraph) -> Expected:
    """Of a job whose score is this one. `likely` holds what is shown too, with its probability."""
    return _Expecting(likely, companions, graph).of(scored)


@dataclass(frozen=True, slots=True)
class _Expecting:
    likely: Sequence[Likely]
    companions: Companions
    graph: SkillGraph

    def of(self, scored: Score) -> Expected:
        asked = frozenset(one.skill for one in scored.requirements)
        best = [
            max(self._read(one), self._goes_with(one, asked), key=lambda found: found.credit)
            for one in scored.requirements
        ]
        gains = [
            WEIGHTS[one.importance] * more.credit for one, more in zip(scored.requirements, best, strict=True)
        ]
        weight = total_weight(_requirement(one) for one in scored.requirements)
        beyond = [
            more for one, more in zip(scored.requirements, best, strict=True) if more.credit > one.credit
        ]
        return Expected(value_of(gains, weight), tuple(beyond))

    def _read(self, result: RequirementResult) -> Expectation:
        answers = frozenset(code for _, _, codes in answers_of(result.skill, self.graph) for code in codes)
        credits = [
            (explain(_requirement(result), {one.skill: one.level}, self.graph).credit * one.probability, one)
            for one in self.likely
            if one.skill in answers
        ]
        credit, one = max(credits, key=lambda pair: pair[0], default=(0.0, None))
        return Expectation(result.skill, credit, maybe=one.skill if one else "")

    def _goes_with(self, result: RequirementResult, asked: frozenset[str]) -> Expectation:
        shares = sorted(
            (
                -self.companions.share(one.skill, result.skill, is_in_profile=one.skill in asked)
                * one.probability,
                one.skill,
            )
            for one in self.likely
            if one.skill != result.skill
        )[:ALONGSIDE]
        strength = -fsum(share for share, _ in shares) / ALONGSIDE
        if strength < LEAST_TOGETHER:
            strength = 0.0
        because = tuple(code for share, code in shares if share)
        return Expectation(result.skill, COMPANION_SHARE * strength, because=because)


def _requirement(result: RequirementResult) -> Requirement:
    return Requirement(result.skill, result.level, result.importance)


# --- Said
_SENTENCES = {
    "fr": {
        "maybe": "À vérifier : le texte parle peut-être de « {maybe} ».",
        "because": "À vérifier : va souvent avec {because}.",
        "quoted": "« {} »",
    },
    "en": {
        "maybe": "To be checked: the text may speak of “{maybe}”.",
        "because": "To be checked: often goes with {because}.",
        "quoted": "“{}”",
    },
}


def with_expectations(
    requirements: Sequence[RequirementResult], found: Expected, graph: SkillGraph, language: str
) -> tuple[RequirementResult, ...]:
    """The requirements, each reason going on with what is expected beyond it."""
    said = {one.skill: _sentence(one, graph, language) for one in found.expectations}
    return tuple(
        replace(one, reason=f"{one.reason} {said[one.skill]}") if one.skill in said else one
        for one in requirements
    )


def _sentence(one: Expectation, graph: SkillGraph, language: str) -> str:
    words = _SENTENCES["en" if language == "en" else "fr"]
    if one.maybe:
        return words["maybe"].format(maybe=graph.label(one.maybe, language))
    quoted = (words["quoted"].format(graph.label(code, language)) for code in one.because)
    return words["because"].format(because=", ".join(quoted))
