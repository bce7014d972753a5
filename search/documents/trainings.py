"""Trainings as search documents, their sessions as offers. Eligible: live.

Ended sessions stay in the document: the engine leaves them out by date at query time, so that nothing has to be reindexed
on the day they end.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from search.documents.base import CertificationFacts, Offer, SearchDocument, lines
from search.documents.skill_words import skill_names
from training.certification_watch.queries import registrations_of
from training.certification_watch.rules import CertificationState, Registration, SessionConcern
from training.models import DeliveryMode, Training, TrainingAction, TrainingSession


def eligible():
    return Training.objects.filter(live=True)


def codes() -> Iterable[str]:
    return eligible().order_by("code").values_list("code", flat=True).iterator()


def build(codes: Sequence[str]) -> list[SearchDocument]:
    trainings = list(
        eligible()
        .filter(code__in=codes)
        .select_related("provider", "diploma")
        .prefetch_related(
            "certifications", "skill_links__skill", "actions__sessions", "actions__region", "actions__commune"
        )
        .order_by("code")
    )
    names = skill_names(link.skill_id for training in trainings for link in training.skill_links.all())
    known = registrations_of(trainings)
    return [_document(training, names, known) for training in trainings]


def _document(
    training: Training, names: dict[int, tuple[str, ...]], known: dict[str, Registration]
) -> SearchDocument:
    links = list(training.skill_links.all())
    certifications = list(training.certifications.all())
    terms = [known[certification.code] for certification in certifications]
    return SearchDocument(
        code=training.code,
        title_fr=training.title_fr,
        title_en=training.title_en,
        labels_fr=(training.diploma.acronym,) if training.diploma and training.diploma.acronym else (),
        skill_labels=tuple(name for link in links for name in names.get(link.skill_id, ())),
        body_fr=lines(
            training.objectives,
            training.content,
            training.prerequisites,
            training.provider_name,
            *(certification.title for certification in certifications),
            *_places(training),
        ),
        identifiers=tuple(certification.code for certification in certifications),
        keywords={
            "skill": tuple(link.skill.code for link in links),
            "training_kind": (training.kind,),
            "origin": (training.origin.value,),
            "level": (str(training.exit_level),) if training.exit_level else (),
            "certification": tuple(certification.code for certification in certifications),
            "certification_state": tuple(_undated_states(terms)),
        },
        dates={"certification_state": tuple(term.ends_on for term in terms if term.ends_on)},
        offers=tuple(_offers(training, terms)),
        certifications=tuple(
            CertificationFacts(term.code, term.ends_on, term.is_active, term.successors) for term in terms
        ),
        vectors={
            "label_fr": training.title_fr,
            "label_en": training.title_en,
            "description_fr": training.objectives,
            "content_fr": training.content,
        },
    )


def _places(training: Training) -> Iterator[str]:
    for action in training.actions.all():
        if action.commune:
            yield f"{action.commune.name} {action.commune.department}"


def _undated_states(terms: Iterable[Registration]) -> Iterator[str]:
    """The states that no passing day changes; the others are told by `dates` on the day of the question."""
    for term in terms:
        if term.ends_on is None:
            yield from (state.value for state in term.states(dt.date.min))
        elif term.successors:
            yield CertificationState.REPLACED.value


def _offers(training: Training, terms: Sequence[Registration]) -> Iterator[Offer]:
    for action in training.actions.all():
        sessions = list(action.sessions.all())
        for session in sessions or [None]:
            yield _offer(action, session, terms)


def _offer(action: TrainingAction, session: TrainingSession | None, terms: Sequence[Registration]) -> Offer:
    starts_on = session.starts_on if session else None
    return Offer(
        mode=action.mode,
        region=action.region.code if action.region else "",
        anywhere=action.mode == DeliveryMode.REMOTE,
        latitude=action.latitude,
        longitude=action.longitude,
        languages=tuple(action.languages),
        funding=tuple(action.funding),
        hours=None if action.hours is None else float(action.hours),
        price_eur=None if action.price_eur is None else float(action.price_eur),
        first_start=starts_on,
        last_start=session.ends_on if session and session.is_permanent_entry else starts_on,
        last_day=session.last_day if session else None,
        starts_after=_concerned(session, terms, SessionConcern.AFTER),
        runs_past=_concerned(session, terms, SessionConcern.RUNS_PAST),
    )


def _concerned(
    session: TrainingSession | None, terms: Sequence[Registration], concern: SessionConcern
) -> tuple[str, ...]:
    if session is None:
        return ()
    return tuple(term.code for term in terms if term.concern_of(session) is concern)
