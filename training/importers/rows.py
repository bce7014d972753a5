"""The plain rows that every source of trainings is parsed into. Pure: no Django.

One rule: what the source does not say is None or empty, never a guess; what was set aside on the way is
told in `notes`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class PlaceRow:
    insee_code: str = ""
    postal_code: str = ""
    town: str = ""
    department_code: str = ""
    region_code: str = ""


@dataclass(frozen=True)
class OrganisationRow:
    name: str
    siret: str = ""
    activity_number: str = ""
    address: str = ""
    place: PlaceRow = PlaceRow()


@dataclass(frozen=True)
class SessionRow:
    """`line` where the source describes it; unknown when the session has no line of its own."""

    external_id: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    seats: int | None = None
    is_permanent_entry: bool = False
    line: int | None = None


@dataclass(frozen=True)
class ActionRow:
    external_id: str
    mode: str = "on-site"
    languages: tuple[str, ...] = ("fr",)
    hours: Decimal | None = None
    practical_hours: Decimal | None = None
    cleanroom_grade: str = ""
    equipment_scale: str = ""
    practice_setting: str = ""
    weeks: Decimal | None = None
    price_eur: Decimal | None = None
    funding: tuple[str, ...] = ()
    address: str = ""
    place: PlaceRow = PlaceRow()
    latitude: float | None = None
    longitude: float | None = None
    delivering_provider: OrganisationRow | None = None
    sessions: tuple[SessionRow, ...] = ()


@dataclass(frozen=True)
class SkillRow:
    """`origin`, `confirmed_by`: values of SkillOrigin and Confirmation; `evidence`: the passage that shows it."""

    code: str
    level: int
    origin: str = "declared"
    confirmed_by: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class TrainingRow:
    """A training with all that lies below it.

    `is_partial`: some of its lines were rejected, what they held is unknown. `provider` is None for a diploma that several
    schools prepare; `diploma` is its ONISEP identifier. `code_hint`: what its code is made of, its identifier by default.
    `field_releases`: for fields that come from elsewhere than the source read, the key of their release.
    """

    line: int | None
    external_id: str
    title_fr: str
    provider: OrganisationRow | None
    title_en: str = ""
    kind: str = "continuing"
    objectives: str = ""
    content: str = ""
    prerequisites: str = ""
    entry_level: int | None = None
    exit_level: int | None = None
    certifications: tuple[str, ...] = ()
    url: str = ""
    skills: tuple[SkillRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    notes: tuple[str, ...] = ()
    is_partial: bool = False
    diploma: str = ""
    code_hint: str = ""
    field_releases: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not be taken; `external_id` is the training it speaks of, empty when even that is
    unknown.
    """

    line: int | None
    reason: str
    external_id: str = ""


@dataclass(frozen=True)
class SourceNote:
    """Something to know about the source as a whole."""

    line: int | None
    text: str


class TrainingSource(Protocol):
    """A file of trainings. `complete` is true once `rows` has read it to its end without losing any."""

    complete: bool

    def rows(self) -> Iterator[TrainingRow | RejectedRow | SourceNote]: ...
