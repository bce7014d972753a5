"""Cases: a short text, what must be read out of it, and what is wrong with what was read. Pure: no Django, no engine.

One rule: a case passes when every skill that it shows is found at its level, and none that it denies, wishes for or lacks.
Skills that it does not name count for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from matching.evaluation.annotated_set import STANCES

HELD, ABSENT = "held", "absent"


@dataclass(frozen=True)
class Expectation:
    """`stance` is held, denied, wished or absent; the level is that of a skill held."""

    skill: str
    stance: str
    level: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class Case:
    id: str
    language: str
    text: str
    expected: tuple[Expectation, ...]

    @property
    def kind(self) -> str:
        """The nature that its stances tell; whoever adds the case to the annotated texts may know better."""
        stances = {one.stance for one in self.expected}
        if HELD not in stances:
            return "no_answer"
        return "denial" if "denied" in stances else "wish" if "wished" in stances else "plain"


class Wrong(Enum):
    MISSED = "missed"
    LEVEL = "level"
    FOUND = "found"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one skill; the levels are null where there is none to tell."""

    skill: str
    what: Wrong
    expected: int | None = None
    found: int | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "skill": self.skill,
            "what": self.what.value,
            "expected": self.expected,
            "found": self.found,
        }

    def say(self, label: str) -> str:
        if self.what is Wrong.MISSED:
            return f"« {label} » n'est pas trouvée"
        if self.what is Wrong.LEVEL:
            return f"« {label} » est trouvée au niveau {self.found} au lieu de {self.expected}"
        return f"« {label} » est trouvée et ne doit pas l'être"


def problems_of(case: Case, held: Mapping[str, int]) -> tuple[Problem, ...]:
    """What is wrong with the skills read out of the text, in the order of the case; `held` gives their levels."""
    found = []
    for one in case.expected:
        level = held.get(one.skill)
        if one.stance == HELD and level is None:
            found.append(Problem(one.skill, Wrong.MISSED, expected=one.level))
        elif one.stance == HELD and level != one.level:
            found.append(Problem(one.skill, Wrong.LEVEL, one.level, level))
        elif one.stance != HELD and level is not None:
            found.append(Problem(one.skill, Wrong.FOUND, found=level))
    return tuple(found)


def annotated(case: Case) -> dict[str, Any]:
    """The case as one line that is both a text and an annotation of `annotated/`; `absent` is ours. Without a passage of its
    own, a skill is shown by the whole text.
    """
    line: dict[str, Any] = {"id": case.id, "lang": case.language, "kind": case.kind, "text": case.text}
    quotes = {one.skill: one.quote or case.text for one in case.expected}
    line["held"] = {
        one.skill: {"level": one.level, "sure": True, "quote": quotes[one.skill]}
        for one in case.expected
        if one.stance == HELD
    }
    for stance in STANCES:
        line[stance] = {
            one.skill: {"quote": quotes[one.skill]} for one in case.expected if one.stance == stance
        }
    line["absent"] = sorted(one.skill for one in case.expected if one.stance == ABSENT)
    return line
