"""Trainings as matching weighs them: the skills they bring, and the way of following them that suits a place.

One rule: five queries whatever the number of trainings; a training all of whose sessions have ended is no
offer.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf

from django.utils import timezone

from matching.catalogue.places import Origin, distance_from, is_near
from matching.errors import UnknownTraining
from matching.scoring import Held
from skills.languages import in_language
from training.models import DeliveryMode, Training, TrainingAction, TrainingSession, TrainingSkill


@dataclass(frozen=True, slots=True)
class Offer:
    """One way of following a training: an action that can still be joined. `next_session` is None when no
    date is declared.
    """

    mode: str
    place: str
    region: str
    distance_km: float | None
    next_session: dt.date | None
    sessions: tuple[dt.date, ...]
    hours: float | None
    price_eur: float | None
    is_same_region: bool = False
    note: str = ""

    @property
    def proximity(self) -> float:
        """Kilometres for ranking: nothing when remote, infinitely far when unknown."""
        if self.mode == DeliveryMode.REMOTE:
            return 0.0
        return inf if self.distance_km is None else self.distance_km


def facts_of(offer: Offer | None) -> dict[str, object]:
    """How a training is followed, for machines; every value is null when there is no offer to speak of."""
    return {
        "mode": offer.mode if offer else None,
        "place": offer.place if offer else None,
        "distance_km": offer.distance_km if offer else None,
        "next_session": offer.next_session.isoformat() if offer and offer.next_session else None,
        "price_eur": offer.price_eur if offer else None,
        "hours": offer.hours if offer else None,
    }


@dataclass(frozen=True, slots=True)
class TrainingOffer:
    """A training with the skills it brings and the offers that can be followed, best first (nearest, then
    soonest).
    """

    code: str
    title_fr: str
    title_en: str
    provider: str
    is_demonstration: bool
    skills: tuple[Held, ...]
    offers: tuple[Offer, ...]
    exit_level: int | None = None

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)


def load_trainings(
    codes: Sequence[str],
    origin: Origin | None = None,
    within_km: float | None = None,
    on: dt.date | None = None,
) -> dict[str, TrainingOffer]:
    """The live trainings among these codes that can be followed, within the distance when one is given."""
    today = on or timezone.localdate()
    rows = list(
        Training.objects.filter(code__in=list(codes), live=True)
        .order_by("code")
        .values_list("pk", "code", "title_fr", "title_en", "provider__name", "is_demonstration", "exit_level")
    )
    keys = [row[0] for row in rows]
    skills = _skills(keys)
    offers = _offers(keys, origin, within_km, today)
    return {
        code: TrainingOffer(
            code, title_fr, title_en, provider or "", is_demo, skills.get(pk, ()), offers[pk], exit_level
        )
        for pk, code, title_fr, title_en, provider, is_demo, exit_level in rows
        if pk in offers
    }


def load_training(code: str) -> TrainingOffer:
    """A live training, whether it can still be followed or not. Raises UnknownTraining."""
    row = (
        Training.objects.filter(code=code, live=True)
        .values_list("pk", "title_fr", "title_en", "provider__name", "is_demonstration", "exit_level")
        .first()
    )
    if row is None:
        raise UnknownTraining(
            f"Formation inconnue : « {code[:80]} ». La liste : manage.py catalogue trainings."
        )
    pk, title_fr, title_en, provider, is_demo, exit_level = row
    skills = _skills([pk]).get(pk, ())
    offers = _offers([pk], None, None, timezone.localdate()).get(pk, ())
    return TrainingOffer(code, title_fr, title_en, provider or "", is_demo, skills, offers, exit_level)


def _skills(keys: Sequence[int]) -> dict[int, tuple[Held, ...]]:
    found: defaultdict[int, list[Held]] = defaultdict(list)
    links = TrainingSkill.objects.filter(training_id__in=keys).order_by("training_id", "sort_order", "pk")
    for training, code, level in links.values_list("training_id", "skill__code", "level"):
        found[training].append(Held(code, level))
    return {training: tuple(held) for training, held in found.items()}


def _offers(
    keys: Sequence[int], origin: Origin | None, within_km: float | None, today: dt.date
) -> dict[int, tuple[Offer, ...]]:
    """By training, for those that can be followed; one without any action is kept where no distance is
    asked.
    """
    found: dict[int, list[Offer]] = {} if within_km is not None else {key: [] for key in keys}
    actions = list(
        TrainingAction.objects.filter(training_id__in=keys)
        .select_related("commune", "region")
        .order_by("training_id", "sort_order", "pk")
    )
    sessions = _sessions([action.pk for action in actions])
    for action in actions:
        found.setdefault(action.training_id, [])
        offer = _offer(action, sessions.get(action.pk, []), origin, today)
        if offer and _is_within(offer, origin, within_km):
            found[action.training_id].append(offer)
    with_actions = {action.training_id for action in actions}
    return {
        key: tuple(sorted(offers, key=_nearest_then_soonest))
        for key, offers in found.items()
        if offers or key not in with_actions
    }


def _sessions(keys: Iterable[int]) -> dict[int, list[TrainingSession]]:
    found: defaultdict[int, list[TrainingSession]] = defaultdict(list)
    for session in TrainingSession.objects.filter(action_id__in=list(keys)).order_by("starts_on", "pk"):
        found[session.action_id].append(session)
    return found


def _offer(
    action: TrainingAction, sessions: Sequence[TrainingSession], origin: Origin | None, today: dt.date
) -> Offer | None:
    """The action with its coming starts; None when it had sessions and all have ended."""
    current = [session for session in sessions if session.last_day is None or session.last_day >= today]
    if sessions and not current:
        return None
    starts = sorted({_start(session, today) for session in current})
    coming = [start for start in starts if start >= today]
    is_remote = action.mode == DeliveryMode.REMOTE
    distance = None if is_remote else distance_from(origin, action.latitude, action.longitude)
    region = action.region.name if action.region else ""
    is_same_region = bool(origin and action.region and action.region.code == origin.region)
    is_placed = is_remote or origin is None or distance is not None
    return Offer(
        action.mode,
        action.commune.name if action.commune else "",
        region,
        distance,
        next(iter(coming or starts), None),
        tuple(coming or starts),
        _number(action.hours),
        _number(action.price_eur),
        is_same_region,
        "" if is_placed else f"Lieu exact inconnu{f' : {region}' if region else ''}.",
    )


def _start(session: TrainingSession, today: dt.date) -> dt.date:
    """The first day on which one may begin: today for a permanent entry that is open."""
    return max(session.starts_on, today) if session.is_permanent_entry else session.starts_on


def _is_within(offer: Offer, origin: Origin | None, within_km: float | None) -> bool:
    is_remote = offer.mode == DeliveryMode.REMOTE
    return is_near(
        origin, within_km, offer.distance_km, is_remote=is_remote, is_same_region=offer.is_same_region
    )


def _nearest_then_soonest(offer: Offer) -> tuple[float, dt.date, str]:
    return offer.proximity, offer.next_session or dt.date.max, offer.place


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
