"""What a path from a title to a skill of ours is worth. Pure: no Django, no engine.

One rule: a path is judged by its steps alone; of a skill's paths the highest level and the fewest doubts count. So the order
of the rows changes nothing, one more path never lowers a skill, and what is doubtful is listed to be checked instead of being
counted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_PATHS = 5  # shown of one skill
_LOWEST, _HIGHEST = 1, 4

# States of a row, empty when it is current: obsolete for its own source (ESCO), no longer in the source's file, no longer
# registered (RNCP). « dropped »: a link that its source no longer gives although it still has both ends.
RETIRED, WITHDRAWN, INACTIVE, DROPPED = "retired", "withdrawn", "inactive", "dropped"


def row_status(
    withdrawn_on: dt.date | None, *, is_retired: bool = False, is_active: bool | None = None
) -> str:
    if withdrawn_on is not None:
        return WITHDRAWN
    if is_retired:
        return RETIRED
    return INACTIVE if is_active is False else ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a relation does to a path: the level it gives, the levels it takes, whether it weakens the evidence or breaks it.

    `softens` takes a level as `lowers` does, but never the last one.
    """

    level: int | None = None
    lowers: int = 0
    softens: int = 0
    doubts: int = 0
    breaks: bool = False


_KEEPS, _BREAKS = Effect(), Effect(breaks=True)

# How a step is reached from the one before. What is not here would be a mistake: it raises.
EFFECTS: Mapping[str, Effect] = {
    "": _KEEPS,  # the title given
    "title-of": _KEEPS,  # ROME title → its job
    "core": Effect(level=2),  # a competence at the core of the ROME job
    "emerging": Effect(level=1, doubts=1),
    "other": Effect(level=1, doubts=1),
    "same-job": _KEEPS,  # ROME title → ESCO occupation, said to be exactly the same
    "close-job": Effect(lowers=1, doubts=1),
    "linked-job": _BREAKS,  # broad, narrow, related: not consistent in the source, so nothing follows from them
    "essential": Effect(level=2),  # a skill of the ESCO occupation
    # « May occur, depending on the employer and the country », says ESCO: nobody can be sure of it.
    "optional": Effect(level=1, breaks=True),
    "same-diploma": _KEEPS,  # the same diploma in another register
    "replaced-by": Effect(doubts=1),  # a certification and its successor
    "prepared-by": _KEEPS,  # diploma → the training published for it
    "teaches": _KEEPS,  # the level is the training's own
    "suggested": _BREAKS,  # a link that nobody confirmed
    "leads-to": Effect(lowers=1, doubts=1),  # diploma → a job: prepared for it, not yet held it
    "described-by": _KEEPS,  # ONISEP job sheet → ROME job
    # From a foreign skill to ours; the words are read from ours to theirs (SKOS).
    "exact": _KEEPS,
    "close": _KEEPS,
    "narrow": Effect(softens=1, doubts=1),  # theirs is narrower: part of ours
    "broad": _BREAKS,  # theirs is wider: ours may not be in it
    "related": _BREAKS,
}
# The relations from a foreign skill to ours, which end a path.
MAPPINGS = frozenset({"exact", "close", "narrow", "broad", "related"})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One thing met on the way: what it is, its code and label, how it is reached, who says so, and whether it is outdated.

    `level` is only given by a training, for the skill it teaches.
    """

    kind: str
    code: str
    label: str
    relation: str = ""
    source: str = ""
    status: str = ""
    level: int = 0

    def as_dict(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "code": self.code,
            "label": self.label,
            "relation": self.relation,
            "source": self.source,
            "status": self.status or "current",
        }


Path = tuple[Step, ...]  # from the title given to our skill, both included


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a path brings: a level, 0 when it brings nothing for certain, and then for how many reasons; `doubts` weaken it."""

    level: int
    doubts: int
    breaks: int = 0

    @property
    def order(self) -> tuple[int, int]:
        return -self.level, self.doubts


def judge(path: Path) -> Verdict:
    effects = [EFFECTS[step.relation] for step in path]
    given = [effect.level for effect in effects if effect.level is not None]
    level = min(given, default=0) or max((step.level for step in path), default=0)
    level -= sum(effect.lowers for effect in effects)
    breaks = sum(effect.breaks for effect in effects) + sum(step.status == DROPPED for step in path)
    breaks += level < _LOWEST
    doubts = sum(effect.doubts for effect in effects)
    doubts += any(step.status in {RETIRED, WITHDRAWN} for step in path[1:])
    if breaks:
        return Verdict(0, doubts, breaks)
    softened = level - sum(effect.softens for effect in effects)
    return Verdict(min(_HIGHEST, max(_LOWEST, softened)), doubts)


def strength(doubts: int) -> str:
    """In a word, how sure it is, by the doubts of the path that has fewest."""
    return ("strong", "fair")[doubts] if doubts < 2 else "weak"


@dataclass(frozen=True, slots=True)
class Brought:
    """A skill of ours with the paths that lead to it, the best first; `level` is 0 when it is only to be checked."""

    skill: str
    level: int
    doubts: int
    paths: tuple[Path, ...]

    @property
    def strength(self) -> str:
        return strength(self.doubts)


def weigh(paths: Iterable[Path]) -> tuple[tuple[Brought, ...], tuple[Brought, ...]]:
    """The skills brought, and those to be checked; of a skill brought, only the paths that bring it. A path that is broken
    twice (a job only linked, a skill only related) is not even worth a check.
    """
    by_skill: defaultdict[str, dict[Path, Verdict]] = defaultdict(dict)
    for path in paths:
        if (verdict := judge(path)).breaks <= 1:
            by_skill[path[-1].code][path] = verdict
    weighed = [_weigh(skill, found) for skill, found in by_skill.items()]
    weighed.sort(key=lambda one: (one.doubts, -one.level, one.skill))
    return (
        tuple(one for one in weighed if one.level),
        tuple(one for one in weighed if not one.level),
    )


def _weigh(skill: str, verdicts: Mapping[Path, Verdict]) -> Brought:
    judged = sorted(verdicts.items(), key=_best_path_first)
    bringing = [(path, verdict) for path, verdict in judged if verdict.level]
    kept = bringing or judged
    return Brought(
        skill,
        max(verdict.level for _path, verdict in kept),
        min(verdict.doubts for _path, verdict in kept),
        tuple(path for path, _verdict in kept[:MOST_PATHS]),
    )


def _best_path_first(judged: tuple[Path, Verdict]) -> tuple[tuple[int, int], int, Path]:
    path, verdict = judged
    return verdict.order, len(path), path
