"""The catalogue's trainings and sessions, as a team's plan may choose from them.

One rule: four queries whatever the number of trainings; continuing training only, since people in post do not go back to
school.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from matching.catalogue.places import Origin, distance_from, is_near
from matching.scoring import Held
from matching.teams.offers import Course, Session
from matching.teams.quarters import quarters_between
from training.models import (
    DeliveryMode,
    Training,
    TrainingAction,
    TrainingKind,
    TrainingSession,
    TrainingSkill,
)

HOURS_A_DAY = 7
DAYS_A_WEEK = 5
# A session that takes fewer hours a week than this is followed beside one's work.
HALF_TIME_HOURS = 17.5


@dataclass(frozen=True, slots=True)
class Search:
    """What sessions are looked for: the period, and from where."""

    starts_on: dt.date
    ends_on: dt.date
    origin: Origin | None = None
    within_km: float | None = None


def load_courses(urls: Mapping[str, str], asked: Search) -> tuple[Course, ...]:
    """The live continuing trainings among these codes (with their addresses), in the order of the codes."""
    trainings = list(
        Training.objects.filter(code__in=list(urls), live=True, kind=TrainingKind.CONTINUING)
        .order_by("code")
        .values_list("pk", "code", "title_fr", "title_en", "provider__name")
    )
    keys = {pk: code for pk, code, *_ in trainings}
    skills, sessions = _skills(list(keys)), _sessions(keys, asked)
    return tuple(
        Course(code, french, english, provider or "", urls[code], tuple(skills[pk]), tuple(sessions[pk]))
        for pk, code, french, english, provider in trainings
    )


def _skills(keys: Sequence[int]) -> defaultdict[int, list[Held]]:
    found: defaultdict[int, list[Held]] = defaultdict(list)
    links = TrainingSkill.objects.filter(training_id__in=keys).order_by("training_id", "sort_order", "pk")
    for training, code, level in links.values_list("training_id", "skill__code", "level"):
        found[training].append(Held(code, level))
    return found


def _sessions(codes: Mapping[int, str], asked: Search) -> defaultdict[int, list[Session]]:
    found: defaultdict[int, list[Session]] = defaultdict(list)
    actions = TrainingAction.objects.filter(training_id__in=list(codes)).select_related("commune", "region")
    by_key = {action.pk: action for action in actions}
    rows = TrainingSession.objects.filter(action_id__in=list(by_key)).order_by("starts_on", "pk")
    for row in rows:
        action = by_key[row.action_id]
        found[action.training_id].extend(_dated(row, action, codes[action.training_id], asked))
    return found


def _dated(row: TrainingSession, action: TrainingAction, training: str, asked: Search) -> Iterator[Session]:
    code = f"{training}/{row.pk}"
    for starts_on, ends_on in _stays(row, action, asked):
        price = action.price_eur
        yield Session(
            code=f"{code}@{starts_on}" if row.is_permanent_entry else code,
            training=training,
            starts_on=starts_on,
            ends_on=ends_on,
            price_cents=None if price is None else int(price * 100),
            seats=row.seats,
            pool=code,
            is_near=_is_near(action, asked),
            is_beside_work=_is_beside_work(action, (ends_on - starts_on).days + 1),
            mode=action.mode,
            place=action.commune.name if action.commune else (action.region.name if action.region else ""),
        )


def _stays(row: TrainingSession, action: TrainingAction, asked: Search) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day. What one may enter at any day begins on the first Monday that is possible in each quarter."""
    length = dt.timedelta(days=_length(action) - 1)
    if not row.is_permanent_entry:
        yield row.starts_on, row.ends_on or row.starts_on + length
        return
    for quarter in quarters_between(asked.starts_on, asked.ends_on):
        first = max(quarter.starts_on, row.starts_on)
        monday = first + dt.timedelta(days=-first.weekday() % 7)
        if monday <= min(quarter.ends_on, row.ends_on or dt.date.max):
            yield monday, monday + length


def _length(action: TrainingAction) -> int:
    """Days from the first to the last, for a session that does not say its end: of the weeks told, else of the hours, else
    one.
    """
    if action.weeks:
        return max(1, ceil(action.weeks * 7) - 2)
    days = ceil((action.hours or 0) / HOURS_A_DAY) or 1
    weeks, rest = divmod(days - 1, DAYS_A_WEEK)
    return weeks * 7 + rest + 1


def _is_beside_work(action: TrainingAction, days: int) -> bool:
    return bool(action.hours) and days > 7 and float(action.hours) * 7 / days < HALF_TIME_HOURS


def _is_near(action: TrainingAction, asked: Search) -> bool:
    origin = asked.origin
    return is_near(
        origin,
        asked.within_km,
        distance_from(origin, action.latitude, action.longitude),
        is_remote=action.mode == DeliveryMode.REMOTE,
        is_same_region=bool(origin and action.region and action.region.code == origin.region),
    )
