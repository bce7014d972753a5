"""What is held against requirements: covered, partial or missing, why, and the score. Pure: no Django.

One rule: the score is the weighted mean of the requirements' credits, and nothing else. More skills or
higher levels never lower it, order never changes it, and a skill without a link to any requirement leaves it
as it is. Hard gates stay out of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from math import fsum

WEIGHTS: Mapping[str, int] = {"essential": 3, "useful": 1}
BROADER_SHARE = 0.5  # credit of a broader skill at the level asked
RELATED_SHARE = 0.2  # credit of a neighbouring skill at the level asked
DECIMALS = 4
# Of the formula: weights, shares, links and rounding. Raise it with any change that may move a score.
FORMULA_VERSION = "1"


class State(Enum):
    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"


class Link(Enum):
    """How the covering skill stands to the required one; the order breaks ties between equal credits."""

    SAME = 0
    NARROWER = 1
    BROADER = 2
    RELATED = 3


@dataclass(frozen=True, slots=True)
class Requirement:
    skill: str
    level: int
    importance: str = "essential"


@dataclass(frozen=True, slots=True)
class Held:
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class RequirementResult:
    skill: str
    level: int
    importance: str
    state: State
    covered_by: str | None
    reason: str
    credit: float

    def as_dict(self) -> dict[str, object]:
        return {
            "skill": self.skill,
            "level": self.level,
            "importance": self.importance,
            "state": self.state.value,
            "covered_by": self.covered_by,
            "reason": self.reason,
        }

    @property
    def gain(self) -> float:
        """What it adds to the sum that the score divides by the weight of all."""
        return WEIGHTS[self.importance] * self.credit


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 1 and the requirements it comes from, in their own order."""

    value: float
    requirements: tuple[RequirementResult, ...]


def _closure(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Every skill's broader skills, near or far; a loop in the data is walked once."""
    direct: dict[str, set[str]] = {}
    for narrow, wide in pairs:
        direct.setdefault(narrow, set()).add(wide)
    closed: dict[str, tuple[str, ...]] = {}
    for code in direct:
        seen: set[str] = set()
        waiting = set(direct[code])
        while waiting:
            wide = waiting.pop()
            if wide not in seen and wide != code:
                seen.add(wide)
                waiting |= direct.get(wide, set())
        closed[code] = tuple(sorted(seen))
    return closed


@dataclass(frozen=True)
class SkillGraph:
    """Broader skills (near and far), the narrower ones read the other way, neighbours, and labels (French,
    English).
    """

    broader: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrower: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        broader: Iterable[tuple[str, str]] = (),
        related: Iterable[tuple[str, str]] = (),
        labels: Mapping[str, tuple[str, str]] | None = None,
    ) -> "SkillGraph":
        """From (narrow, wide) pairs and (one, other) pairs; being neighbours holds both ways."""
        upward = _closure(broader)
        downward: dict[str, set[str]] = {}
        for narrow, wides in upward.items():
            for wide in wides:
                downward.setdefault(wide, set()).add(narrow)
        beside: dict[str, set[str]] = {}
        for one, other in related:
            if one != other:
                beside.setdefault(one, set()).add(other)
                beside.setdefault(other, set()).add(one)
        return cls(
            upward,
            {code: tuple(sorted(found)) for code, found in downward.items()},
            {code: tuple(sorted(found)) for code, found in beside.items()},
            labels or {},
        )

    def label(self, code: str, language: str) -> str:
        french, english = self.labels.get(code, (code, code))
        return english if language == "en" else french

    def answered_by(self, code: str) -> tuple[str, ...]:
        """The skills that a requirement may ask for and that holding this one answers, in whole or in part."""
        linked = (links.get(code, ()) for links in (self.broader, self.narrower, self.related))
        return (code, *chain.from_iterable(linked))

    def fully_answering(self, codes: Iterable[str]) -> list[str]:
        """These skills and the narrower ones: what answers a requirement for them in full, at the level asked."""
        return sorted({found for code in codes for found in (code, *self.narrower.get(code, ()))})


def levels_of(held: Iterable[Held]) -> dict[str, int]:
    """The highest level of every skill held."""
    levels: dict[str, int] = {}
    for one in held:
        levels[one.skill] = max(one.level, levels.get(one.skill, 0))
    return levels


def answers(skill: str, graph: SkillGraph) -> tuple[tuple[Link, float, tuple[str, ...]], ...]:
    """Which skills may answer a requirement of this one: how they stand to it, and their share of the credit."""
    return (
        (Link.SAME, 1.0, (skill,)),
        (Link.NARROWER, 1.0, graph.narrower.get(skill, ())),
        (Link.BROADER, BROADER_SHARE, graph.broader.get(skill, ())),
        (Link.RELATED, RELATED_SHARE, graph.related.get(skill, ())),
    )


def credit(share: float, held: int, asked: int) -> float:
    """What a skill held at a level is worth where another level is asked; 1 and above is covered."""
    return share * min(held, asked) / asked


@dataclass(frozen=True, slots=True)
class _Cover:
    credit: float
    link: Link
    skill: str
    level: int

    @property
    def order(self) -> tuple[float, int, int, str]:
        return -self.credit, self.link.value, -self.level, self.skill


def _best_cover(requirement: Requirement, levels: Mapping[str, int], graph: SkillGraph) -> _Cover | None:
    best: _Cover | None = None
    for link, share, codes in answers(requirement.skill, graph):
        for code in codes:
            level = levels.get(code, 0)
            if level > 0:
                cover = _Cover(credit(share, level, requirement.level), link, code, level)
                best = cover if best is None or cover.order < best.order else best
    return best


def credit_of(requirement: Requirement, levels: Mapping[str, int], graph: SkillGraph) -> float:
    """What one requirement is credited with, alone; `levels` as `levels_of` gives them."""
    cover = _best_cover(requirement, levels, graph)
    return cover.credit if cover else 0.0


def total_weight(requirements: Iterable[Requirement | RequirementResult]) -> int:
    return sum(WEIGHTS[requirement.importance] for requirement in requirements)


def value_of(gains: Iterable[float], weight: int) -> float:
    """The score, from 0 to 1, of these gains. A profile that asks for nothing is worth nothing."""
    # fsum: the same score in whatever order the requirements come.
    return round(fsum(gains) / weight, DECIMALS) if weight else 0.0


def score_value(requirements: Sequence[Requirement], levels: Mapping[str, int], graph: SkillGraph) -> float:
    """The score alone, for ranking many."""
    gains = (WEIGHTS[one.importance] * credit_of(one, levels, graph) for one in requirements)
    return value_of(gains, total_weight(requirements))


def score(
    requirements: Sequence[Requirement], held: Iterable[Held], graph: SkillGraph, language: str = "fr"
) -> Score:
    """The score with the state of every requirement and the reason for it."""
    levels = levels_of(held)
    results = tuple(explain(requirement, levels, graph, language) for requirement in requirements)
    return Score(value_of((one.gain for one in results), total_weight(requirements)), results)


def explain(
    requirement: Requirement, levels: Mapping[str, int], graph: SkillGraph, language: str = "fr"
) -> RequirementResult:
    """The state of one requirement and the reason for it; `levels` as `levels_of` gives them."""
    cover = _best_cover(requirement, levels, graph)
    state = State.MISSING
    if cover:
        state = State.COVERED if cover.credit >= 1 else State.PARTIAL
    return RequirementResult(
        requirement.skill,
        requirement.level,
        requirement.importance,
        state,
        cover.skill if cover else None,
        _reason(requirement, cover, graph, language),
        cover.credit if cover else 0.0,
    )


_REASONS = {
    "fr": {
        None: "Rien n'y répond.",
        (Link.SAME, True): "Présente au niveau {held}, {asked} demandé.",
        (Link.SAME, False): "Présente au niveau {held} seulement, {asked} demandé.",
        (Link.NARROWER, True): "« {by} », plus précise, y répond au niveau {held}, {asked} demandé.",
        (
            Link.NARROWER,
            False,
        ): "« {by} », plus précise, y répond au niveau {held} seulement, {asked} demandé.",
        (Link.BROADER, False): "« {by} », plus large, au niveau {held}, n'y répond qu'en partie.",
        (Link.RELATED, False): "« {by} », voisine, au niveau {held}, n'y répond qu'en partie.",
    },
    "en": {
        None: "Nothing answers it.",
        (Link.SAME, True): "Present at level {held}, {asked} asked for.",
        (Link.SAME, False): "Present at level {held} only, {asked} asked for.",
        (Link.NARROWER, True): "“{by}”, more specific, answers it at level {held}, {asked} asked for.",
        (Link.NARROWER, False): "“{by}”, more specific, answers it at level {held} only, {asked} asked for.",
        (Link.BROADER, False): "“{by}”, broader, at level {held}, answers it only in part.",
        (Link.RELATED, False): "“{by}”, a neighbour, at level {held}, answers it only in part.",
    },
}


def _reason(requirement: Requirement, cover: _Cover | None, graph: SkillGraph, language: str) -> str:
    sentences = _REASONS["en" if language == "en" else "fr"]
    if cover is None:
        return sentences[None]
    sentence = sentences[(cover.link, cover.credit >= 1)]
    return sentence.format(held=cover.level, asked=requirement.level, by=graph.label(cover.skill, language))
