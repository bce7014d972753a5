"""The trainings and sessions that a team's plan may choose from. Pure: no Django, no engine.

One rule: a session is dated. What one may enter at any day of a window is offered once a quarter, and its places are shared.
"""

import datetime as dt
from dataclasses import dataclass

from matching.scoring import Held
from skills.languages import in_language


@dataclass(frozen=True, slots=True)
class Session:
    """From the first day to the last. `price_cents` is for one person, None when unknown; `seats` None: not limited as far
    as is known.

    `pool` names what shares the places; `is_near` is false beyond the distance asked for; `is_beside_work` when it takes so few
    hours a week that nobody is missed at their post.
    """

    code: str
    training: str
    starts_on: dt.date
    ends_on: dt.date
    price_cents: int | None
    seats: int | None = None
    pool: str = ""
    is_near: bool = True
    is_beside_work: bool = False
    mode: str = "on-site"
    place: str = ""

    @property
    def seats_key(self) -> str:
        return self.pool or self.code

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Course:
    """A training with what it brings and its sessions."""

    code: str
    title_fr: str
    title_en: str
    provider: str
    url: str
    skills: tuple[Held, ...]
    sessions: tuple[Session, ...]

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)
