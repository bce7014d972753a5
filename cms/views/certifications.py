"""Certifications as the public pages tell them: state, end, what replaces them, the sessions that come too late.

One rule: a state is said in words, and an end that no source gives is said to be unknown.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.views import words
from cms.views.shared import today
from cms.views.sources import release_day
from skills.models import FieldProvenance
from training.certification_watch.queries import alerts_of
from training.certification_watch.rules import (
    CertificationAlert,
    CertificationState,
    Registration,
    SessionConcern,
)
from training.models import Certification, Training, TrainingSession, register_page

# A certification may be split into a dozen others: France compétences' page names the rest.
MAX_SUCCESSORS = 3


@dataclass(frozen=True)
class Successor:
    """A certification that replaces another: its page at France compétences, and a training of ours for it."""

    code: str
    url: str
    title: str = ""
    training_title: str = ""
    training_url: str = ""


@dataclass(frozen=True)
class CertificationWords:
    code: str
    url: str
    state: str
    # Class of the tag; the words say the same.
    tone: str
    successors: tuple[Successor, ...]
    more_successors: int
    sessions: tuple[str, ...]


# By the training's identity as an object: a draft being previewed may have no key yet.
WordsByTraining = Mapping[int, list[CertificationWords]]


def words_by_training(trainings: Iterable[Training], known: Mapping[str, Registration]) -> WordsByTraining:
    """For trainings read with their certifications and sessions, and what is `known` of these. Two queries."""
    alerts = {id(training): alerts_of(training, known, today()) for training in trainings}
    successors = _successors(alert.registration for found in alerts.values() for alert in found)
    return {key: [_words(alert, successors) for alert in found] for key, found in alerts.items()}


def _successors(known: Iterable[Registration]) -> dict[str, Successor]:
    codes = sorted({code for one in known for code in one.successors})
    if not codes:
        return {}
    titles = dict(Certification.objects.filter(code__in=codes).values_list("code", "title"))
    trainings: dict[str, Training] = {}
    links = Training.certifications.through.objects.filter(certification__code__in=codes, training__live=True)
    for link in links.select_related("training", "certification").order_by("training__code"):
        trainings.setdefault(link.certification.code, link.training)
    return {code: _successor(code, titles.get(code, ""), trainings.get(code)) for code in codes}


def _successor(code: str, title: str, training: Training | None) -> Successor:
    if training is None:
        return Successor(code, register_page(code), title)
    return Successor(
        code, register_page(code), title, training.title, reverse("training", args=[training.code])
    )


def _words(alert: CertificationAlert, successors: Mapping[str, Successor]) -> CertificationWords:
    registration = alert.registration
    shown = registration.successors[:MAX_SUCCESSORS]
    return CertificationWords(
        code=registration.code,
        url=register_page(registration.code),
        state=state_words(registration, alert.states[0]),
        tone=_tone(alert.states),
        successors=tuple(successors[code] for code in shown),
        more_successors=len(registration.successors) - len(shown),
        sessions=tuple(_session_words(alert)),
    )


def _tone(states: Sequence[CertificationState]) -> str:
    if CertificationState.ENDED in states:
        return "ended"
    if CertificationState.ENDS_SOON in states or CertificationState.REPLACED in states:
        return "soon"
    return "plain"


def state_words(registration: Registration, state: CertificationState) -> str:
    if registration.ends_on is None:
        return (
            _("enregistrement terminé, date inconnue")
            if state is CertificationState.ENDED
            else _("fin d’enregistrement inconnue")
        )
    day = {"day": words.day(registration.ends_on)}
    if state is CertificationState.ENDED:
        return _("enregistrement terminé le %(day)s") % day
    if state is CertificationState.ENDS_SOON:
        return _("enregistrée jusqu’au %(day)s, moins d’un an") % day
    return _("enregistrée jusqu’au %(day)s") % day


def _session_words(alert: CertificationAlert) -> list[str]:
    """Nothing once the registration has ended: every session to come is then after it."""
    if CertificationState.ENDED in alert.states:
        return []
    said = []
    concerns = [concern for _session, concern in alert.sessions]
    if after := concerns.count(SessionConcern.AFTER):
        said.append(
            ngettext(
                "%(number)d session commence après la fin d’enregistrement",
                "%(number)d sessions commencent après la fin d’enregistrement",
                after,
            )
            % {"number": after}
        )
    if SessionConcern.RUNS_PAST in concerns:
        said.append(_("l’entrée permanente se poursuit après la fin d’enregistrement"))
    return said


def end_news(certification: Certification, provenances: Iterable[FieldProvenance]) -> str:
    """How old the news is of an end that a source gave (it may have been put off since), or that an editor corrected it; and
    a later list that still calls the certification active. Empty when there is nothing to say.
    """
    if certification.registration_ends_on is None:
        return ""
    releases = {provenance.field: provenance.release for provenance in provenances}
    if certification.is_corrected("registration_ends_on"):
        return _("corrigé par la rédaction")
    release = releases.get("registration_ends_on")
    if release is None:
        return ""
    listed = releases.get("is_active")
    is_contradicted = (
        certification.is_active
        and listed is not None
        and listed.day is not None
        and certification.registration_ends_on < min(listed.day, today())
    )
    if not is_contradicted:
        return release_day(release)
    return _("%(day)s ; la liste des fiches actives (%(list_day)s) la donne pourtant encore") % {
        "day": release_day(release),
        "list_day": release_day(listed),
    }


def session_flags(
    session: TrainingSession, known: Mapping[str, Registration], certifications: Iterable[Certification]
) -> list[str]:
    """What to say beside a session: each certification whose registration ends before it."""
    flags = []
    for certification in certifications:
        registration = known.get(certification.code)
        concern = registration.concern_of(session) if registration else None
        if concern is SessionConcern.AFTER:
            flags.append(_("commence après la fin de %(code)s") % {"code": certification.code})
        elif concern is SessionConcern.RUNS_PAST and registration and registration.ends_on:
            flags.append(_last_day_words(certification.code, registration.ends_on))
    return flags


def _last_day_words(code: str, ends_on: dt.date) -> str:
    if ends_on < today():
        return _("%(code)s n’est plus enregistrée") % {"code": code}
    return _("entrez avant la fin de %(code)s, le %(day)s") % {"code": code, "day": words.day(ends_on)}
