"""What a learning path must bring, what may be chosen for it, and under which conditions. Pure: no Django, no engine.

One rule: an option is complete. Its price, its days, its place and what it needs are known, or it is no option: nothing is
proven with what nobody knows.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    ON_SITE = "on-site"
    MIXED = "mixed"
    REMOTE = "remote"


class StepKind(StrEnum):
    TRAINING = "training"
    VAE = "vae"  # a certification obtained for what one already does


class Objective(StrEnum):
    COST = "cost"  # what the person pays, euros
    END = "end"  # the last day of the last step
    DISTANCE = "distance"  # the sum of the return trips, kilometres


@dataclass(frozen=True, slots=True)
class CpfTerms:
    """How much the personal training account may pay of a price: all but the share that stays with the person, up to a
    ceiling."""

    share_eur: float
    ceiling_eur: float | None = None

    def most(self, price_eur: float) -> float:
        """Euros that the account may pay at most of this price."""
        most = max(0.0, price_eur - self.share_eur)
        return most if self.ceiling_eur is None else min(most, self.ceiling_eur)


@dataclass(frozen=True, slots=True)
class Option:
    """One way of following one training: a session, or an entry at any day of a window; or a VAE.

    It begins on any day from `earliest` to `latest` (the same day for a session) and lasts `days`, first and last day
    counted. `brings` and `needs` are tokens: whatever a path may be asked for or a training may ask for (a skill at a
    level, a level of diploma, a block, a certification). A token that is needed must be held, or brought by a step that
    ends before this one begins. `trips` return trips of `distance_km` each way are made; remote ones make none. `cpf` is
    None where the account pays nothing. `registration_ends`: begun after this day, the training no longer leads to its
    certification.
    """

    code: str
    training: str
    earliest: dt.date
    latest: dt.date
    days: int
    brings: frozenset[str]
    needs: frozenset[str] = frozenset()
    price_eur: float = 0.0
    cpf: CpfTerms | None = None
    mode: Mode = Mode.ON_SITE
    distance_km: float = 0.0
    trips: int = 0
    weekly_hours: float = 35.0
    seats: int | None = None
    registration_ends: dt.date | None = None
    kind: StepKind = StepKind.TRAINING

    @property
    def is_fixed(self) -> bool:
        return self.earliest == self.latest

    @property
    def travel_km(self) -> float:
        """Kilometres of its return trips."""
        return 2 * self.distance_km * self.trips


@dataclass(frozen=True, slots=True)
class Constraints:
    """What the person accepts. None is no limit; `weekly_hours` None is full time. `cpf_eur` is what the account holds.

    `within_km` limits the distance each way, by mode.
    """

    starts_from: dt.date
    latest_end: dt.date | None = None
    budget_eur: float | None = None
    weekly_hours: float | None = None
    within_km: Mapping[Mode, float] = field(default_factory=dict)
    modes: frozenset[Mode] = frozenset(Mode)
    cpf_eur: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """`targets` are the tokens that the path must bring beyond those held."""

    targets: frozenset[str]
    options: tuple[Option, ...]
    constraints: Constraints
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """An option with the days it takes and who pays what."""

    option: Option
    starts_on: dt.date
    ends_on: dt.date
    pays_eur: float
    cpf_eur: float


@dataclass(frozen=True, slots=True)
class Path:
    """Steps in order of time. `ends_on` is None for a path without steps: nothing is missing."""

    steps: tuple[Step, ...]
    cost_eur: float
    cpf_eur: float
    ends_on: dt.date | None
    distance_km: float


class ConstraintName(StrEnum):
    """What may be relaxed, one at a time or two together."""

    BUDGET = "budget"  # euros more
    LATEST_END = "latest-end"  # days later
    WEEKLY_HOURS = "weekly-hours"  # hours a week more
    DISTANCE = "distance"  # kilometres further, whatever the mode
    MODES = "modes"  # a mode that was refused is allowed
    CPF = "cpf"  # euros more on the account
    SEATS = "seats"  # a place in a session that is full
    NEEDS = "needs"  # a prerequisite is waived
    REGISTRATION = "registration"  # begun after its certification's registration ends
    START = "start"  # days earlier


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The least change of these constraints that makes a path possible, and that path. `amounts` by constraint, in its unit;
    for those that are allowed or not, the number of things allowed, which `allowed` names.
    """

    amounts: Mapping[ConstraintName, float]
    path: Path
    allowed: Mapping[ConstraintName, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The best path for an objective; or, when the constraints leave none, the relaxations that would, the least first.
    `unbrought` are the targets that no option brings whatever the constraints: they are left aside, and the path reaches
    the others.
    """

    path: Path | None
    relaxations: tuple[Relaxation, ...] = ()
    unbrought: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ParetoPaths:
    """Paths of which none is beaten by another one on cost, end and distance at once, the cheapest first. `is_complete` says
    whether they are all there are; there may be more when as many as were asked for have been found. The rest is that of an
    `Answer`.
    """

    paths: tuple[Path, ...]
    is_complete: bool
    relaxations: tuple[Relaxation, ...] = ()
    unbrought: frozenset[str] = frozenset()
