"""Trainings as the screens show them: a card in a list, the whole on its own page.

One rule: a session that has ended is never shown; `last_day` decides, on the day itself.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.views import words
from cms.views.certifications import (
    CertificationWords,
    WordsByTraining,
    end_news,
    session_flags,
    words_by_training,
)
from cms.views.shared import foreign, language, today
from cms.views.sources import training_sources
from skills.geography import distance_km
from skills.levels import DESCRIPTORS, Level
from training.certification_watch.queries import registrations, registrations_of
from training.certification_watch.rules import Registration
from training.models import (
    Certification,
    DeliveryMode,
    Diploma,
    Funding,
    TeachingLanguage,
    Training,
    TrainingAction,
    TrainingSession,
)


@dataclass(frozen=True)
class TrainingCard:
    training: Training
    url: str
    title: str
    title_lang: str
    provider: str
    places: str
    duration: str
    price: str
    next_session: str
    certifications: list[CertificationWords]
    distance: str = ""


@dataclass(frozen=True)
class SessionDetails:
    session: TrainingSession
    dates: str
    has_begun: bool
    flags: list[str]


@dataclass(frozen=True)
class ActionDetails:
    action: TrainingAction
    place: str
    provider: str
    languages: str
    hours: str
    practical_hours: str
    practice: str
    weeks: str
    price: str
    funding: str
    sessions: list[SessionDetails]


def training_rows():
    """Published trainings with all that a card reads, in a fixed number of queries."""
    sessions = TrainingSession.objects.order_by("starts_on", "pk")
    actions = TrainingAction.objects.select_related("commune", "region", "delivering_provider").order_by(
        "sort_order", "pk"
    )
    return (
        Training.objects.filter(live=True)
        .select_related("provider", "diploma")
        .prefetch_related(
            Prefetch("actions", actions), Prefetch("actions__sessions", sessions), "certifications"
        )
    )


def cards_by_code(codes: Sequence[str], origin: tuple[float, float] | None = None) -> dict[str, TrainingCard]:
    """The cards of the published trainings among these codes, with how far they are given from the origin, if any."""
    trainings = list(training_rows().filter(code__in=list(codes)))
    certified = words_by_training(trainings, registrations_of(trainings))
    return {training.code: card(training, certified, origin) for training in trainings}


def card(
    training: Training, certified: WordsByTraining, origin: tuple[float, float] | None = None
) -> TrainingCard:
    actions = list(training.actions.all())
    return TrainingCard(
        training=training,
        url=reverse("training", args=[training.code]),
        title=training.title,
        title_lang=foreign("fr" if language() == "fr" or not training.title_en else "en"),
        provider=training.provider_name or _given_by(training.diploma),
        places=_places(actions) if training.provider or actions else _("voir avec les établissements"),
        duration=_duration(training, actions),
        price=words.bounds((action.price_eur for action in actions), words.euros),
        next_session=next_session_words(actions),
        certifications=certified[id(training)],
        distance=_distance(actions, origin, today()) if origin else "",
    )


def _duration(training: Training, actions: list[TrainingAction]) -> str:
    if not actions and training.diploma and training.diploma.duration:
        return words.years(training.diploma.duration)
    return words.bounds((action.hours for action in actions), words.hours)


def _withdrawn_on(training: Training) -> dt.date | None:
    """When the source of a true diploma stopped giving it: ONISEP, or the register for what it alone lists."""
    if training.diploma:
        return training.diploma.withdrawn_on
    if training.provider:
        return None
    return next((one.withdrawn_on for one in training.certifications.all() if one.withdrawn_on), None)


def _given_by(diploma: Diploma | None) -> str:
    """What stands for the provider of a diploma that several schools prepare: its kind, in the source's words."""
    return diploma.kind if diploma and diploma.kind else _("titre enregistré au répertoire national")


def _places(actions: list[TrainingAction]) -> str:
    names = list(dict.fromkeys(words.place(action) for action in actions))
    if not names:
        return _("lieu inconnu")
    if len(names) <= 3:
        return ", ".join(names)
    return _("%(names)s et %(more)d autres lieux") % {"names": ", ".join(names[:2]), "more": len(names) - 2}


def _distance(actions: list[TrainingAction], origin: tuple[float, float], on: dt.date) -> str:
    """As the crow flies to the nearest place one must go to while it is still given; empty when none is known."""
    distances = [
        distance_km(*origin, action.latitude, action.longitude)
        for action in actions
        if action.mode != DeliveryMode.REMOTE
        and None not in (action.latitude, action.longitude)
        and _is_still_given(action, on)
    ]
    return words.kilometres(min(distances)) if distances else ""


def _is_still_given(action: TrainingAction, on: dt.date) -> bool:
    sessions = list(action.sessions.all())
    return not sessions or any(s.last_day is None or s.last_day >= on for s in sessions)


def current_sessions(action: TrainingAction, on: dt.date) -> list[TrainingSession]:
    """Sessions that have not ended, the earliest first."""
    sessions = (s for s in action.sessions.all() if s.starts_on and (s.last_day is None or s.last_day >= on))
    return sorted(sessions, key=lambda session: session.starts_on)


def next_session(actions: Sequence[TrainingAction], on: dt.date) -> TrainingSession | None:
    """The first session one may still join: a permanent entry that is open, else the next date to come."""
    open_ones = [
        session
        for action in actions
        for session in current_sessions(action, on)
        if session.is_permanent_entry or session.starts_on >= on
    ]
    return min(open_ones, key=lambda session: (max(session.starts_on, on), session.pk or 0), default=None)


def next_session_words(actions: Sequence[TrainingAction]) -> str:
    session = next_session(actions, today())
    return words.session_dates(session) if session else _("aucune date annoncée")


def training_details(training: Training) -> dict:
    """All that the training's page says; works on a stored training and on the draft of a preview alike."""
    certifications = list(training.certifications.all())
    known = registrations(certifications)
    certified = words_by_training([training], known)
    said = {one.code: one for one in certified[id(training)]}
    provenances = {one.code: one.provenances() for one in certifications}
    news = {one.code: end_news(one, provenances[one.code]) for one in certifications}
    return {
        "card": card(training, certified),
        "actions": [_action_details(training, action, known) for action in training.actions.all()],
        "skills": _skill_groups(training),
        "certifications": [_certification_details(one, said[one.code], news) for one in certifications],
        "text_lang": foreign("fr"),
        "sources": training_sources(training, provenances),
        "withdrawn_on": _withdrawn_on(training),
    }


def _action_details(
    training: Training, action: TrainingAction, known: Mapping[str, Registration]
) -> ActionDetails:
    on = today()
    return ActionDetails(
        action=action,
        place=words.place(action),
        provider=action.delivering_provider.name if action.delivering_provider else training.provider_name,
        languages=", ".join(_(TeachingLanguage(code).label) for code in action.languages),
        hours=words.hours(action.hours),
        practical_hours="" if action.practical_hours is None else words.hours(action.practical_hours),
        practice=_practice(action),
        weeks="" if action.weeks is None else words.weeks(action.weeks),
        price=words.euros(action.price_eur),
        funding=", ".join(_(Funding(code).label) for code in action.funding),
        sessions=[
            SessionDetails(
                session=session,
                dates=words.session_dates(session),
                has_begun=session.starts_on < on and not session.is_permanent_entry,
                flags=session_flags(session, known, training.certifications.all()),
            )
            for session in current_sessions(action, on)
        ],
    )


def _practice(action: TrainingAction) -> str:
    """Where one practises: room, scale, real or simulated; what is known of it."""
    known = [
        action.get_practice_setting_display() if action.practice_setting else "",
        action.get_equipment_scale_display() if action.equipment_scale else "",
        action.get_cleanroom_grade_display() if action.cleanroom_grade else "",
    ]
    return ", ".join(_(text) for text in known if text)


def _skill_groups(training: Training) -> list[dict]:
    """Skills by level reached, the highest first."""
    links = list(training.skill_links.all())
    return [
        {
            "level": int(level),
            "descriptor": DESCRIPTORS[level].descriptor(language()),
            "links": [link for link in links if link.level == level],
        }
        for level in sorted(Level, reverse=True)
        if any(link.level == level for link in links)
    ]


def _certification_details(
    certification: Certification, said: CertificationWords, news: Mapping[str, str]
) -> dict:
    ends_on = certification.registration_ends_on
    return {
        "certification": certification,
        "url": said.url,
        "said": said,
        "ends_on": words.day(ends_on) if ends_on else _("inconnue"),
        "as_of": news.get(certification.code, ""),
        "blocks": [block for block in certification.blocks.all() if block.withdrawn_on is None],
    }
