"""What a team is made of and what a site asks of it. Pure: no Django, no engine.

One rule: a person is a pseudonym, a level of each skill and, for some, the last day on which it holds; nothing else is known.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from matching.scoring import Requirement
from skills.languages import in_language

MOST_PEOPLE = 5_000
MOST_PROFILES = 500
MOST_POSTS = 5_000  # of all the profiles together
TEAM_MIN = 2  # holders of an essential skill under which the team hangs on one person


class Ask(NamedTuple):
    """A skill at a level: what several profiles may ask for, whatever its importance to each."""

    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Qualification:
    """A level, and the last day on which it is valid; None: it does not end."""

    level: int
    valid_until: dt.date | None = None

    def level_on(self, day: dt.date) -> int:
        return self.level if self.valid_until is None or self.valid_until >= day else 0


@dataclass(frozen=True, slots=True)
class Person:
    """`profile` is the code of the job held now, empty when it is not said."""

    code: str
    profile: str = ""
    held: Mapping[str, Qualification] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """So many posts of a profile; every essential skill of it must be held by `team_min` people of the team."""

    profile: str
    posts: int
    team_min: int = TEAM_MIN


@dataclass(frozen=True, slots=True)
class Profile:
    """A need with what the job profile requires."""

    code: str
    title_fr: str
    title_en: str
    requirements: tuple[Requirement, ...]
    posts: int
    team_min: int = TEAM_MIN

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)


def asked(requirement: Requirement) -> Ask:
    return Ask(requirement.skill, requirement.level)
