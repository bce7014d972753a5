"""Reads from the database what the certification watch decides on, in bounded queries.

One rule: a number of queries that depends on the length of chains of replacement, never on how many certifications or
trainings are asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from training.certification_watch.rules import (
    CertificationAlert,
    CertificationState,
    Registration,
    a_year_after,
    alerts,
    last_successors,
)
from training.models import Certification, CertificationSuccession, Training

# The longest chain of replacements followed; the register's longest has four.
MAX_STEPS = 10
CHUNK = 200
# The imports that give the whole register: a code that they lack is not in it.
WHOLE_REGISTERS = ("rncp-titles", "rncp-export")


def registrations(certifications: Iterable[Certification]) -> dict[str, Registration]:
    """What the register says of certifications already read, by code."""
    known = list(certifications)
    successions = _successions([one.code for one in known])
    return {
        one.code: Registration(
            code=one.code,
            title=one.title,
            ends_on=one.registration_ends_on,
            # What left the register is active no more, whatever was last said of it.
            is_active=False if one.withdrawn_on else one.is_active,
            successors=last_successors(one.code, successions),
        )
        for one in known
    }


def registrations_of(trainings: Iterable[Training]) -> dict[str, Registration]:
    """The same, of all the certifications of trainings read with them."""
    return registrations({one for training in trainings for one in training.certifications.all()})


def _successions(codes: Collection[str]) -> dict[str, list[str]]:
    """Who replaces whom, from these codes on."""
    found: dict[str, list[str]] = defaultdict(list)
    asked: set[str] = set()
    waiting = set(codes)
    for _step in range(MAX_STEPS):
        if not waiting:
            break
        asked |= waiting
        for old, new in _pairs(old_code__in=waiting):
            found[old].append(new)
        waiting = {new for old in waiting for new in found.get(old, ())} - asked
    return found


def replaced_in_the_end_by(codes: Iterable[str]) -> set[str]:
    """These codes and all that they replace, directly or not: what a change of their successors reaches."""
    reached: set[str] = set()
    waiting = set(codes)
    for _step in range(MAX_STEPS):
        reached |= waiting
        waiting = {old for old, _new in _pairs(new_code__in=waiting)} - reached
        if not waiting:
            break
    return reached


def _pairs(**where: object) -> Iterable[tuple[str, str]]:
    living = CertificationSuccession.objects.filter(withdrawn_on=None, **where)
    return living.order_by("old_code", "new_code").values_list("old_code", "new_code")


def register_is_loaded() -> bool:
    return Certification.objects.filter(release__source__in=WHOLE_REGISTERS).exists()


def alerts_by_training(trainings: Iterable[Training], today: dt.date) -> dict[int, list[CertificationAlert]]:
    """For trainings read with their certifications and sessions, one entry a certification, by primary key."""
    read = list(trainings)
    known = registrations_of(read)
    return {training.pk: alerts_of(training, known, today) for training in read}


def alerts_of(
    training: Training, known: Mapping[str, Registration], today: dt.date
) -> list[CertificationAlert]:
    sessions = [
        session
        for action in training.actions.all()
        for session in action.sessions.all()
        if session.starts_on  # a draft may lack it
    ]
    own = [known[one.code] for one in training.certifications.all() if one.code in known]
    return alerts(own, sessions, today)


def concerned_trainings(today: dt.date) -> Iterator[tuple[Training, CertificationAlert]]:
    """Every live training with each certification that there is something to say of, by code."""
    certified = Training.objects.filter(live=True, certifications__isnull=False).distinct()
    codes = certified.order_by("code").values_list("code", flat=True).iterator()
    while chunk := list(islice(codes, CHUNK)):
        trainings = list(
            Training.objects.filter(code__in=chunk)
            .select_related("provider")
            .prefetch_related("certifications", "actions__sessions")
            .order_by("code")
        )
        found = alerts_by_training(trainings, today)
        for training in trainings:
            yield from ((training, alert) for alert in found[training.pk] if alert.is_concerning)


def in_state(state: CertificationState, today: dt.date, prefix: str = "") -> Q:
    """The condition on a certification, reached through `prefix`, that `state` holds today."""
    ends_on, withdrawn, active = (
        f"{prefix}{name}" for name in ("registration_ends_on", "withdrawn_on", "is_active")
    )
    next_year = a_year_after(today)
    undated = Q(**{ends_on: None})
    inactive = Q(**{active: False}) | Q(**{f"{withdrawn}__isnull": False})
    match state:
        case CertificationState.ENDED:
            return Q(**{f"{ends_on}__lt": today}) | (undated & inactive)
        case CertificationState.ENDS_SOON:
            return Q(**{f"{ends_on}__range": (today, next_year)})
        case CertificationState.CURRENT:
            return Q(**{f"{ends_on}__gt": next_year})
        case CertificationState.UNKNOWN:
            active_or_unsaid = Q(**{f"{active}__isnull": True}) | Q(**{active: True})
            return undated & Q(**{withdrawn: None}) & active_or_unsaid
        case CertificationState.REPLACED:
            successions = CertificationSuccession.objects.filter(
                withdrawn_on=None, old_code=OuterRef(f"{prefix}code")
            )
            return Q(Exists(successions))


def trainings_in_state(trainings: QuerySet, state: CertificationState, today: dt.date) -> QuerySet:
    """Those with at least one certification in this state."""
    links = Training.certifications.through.objects.filter(
        in_state(state, today, "certification__"), training_id=OuterRef("pk")
    )
    return trainings.filter(Exists(links))
