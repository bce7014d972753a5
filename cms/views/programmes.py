"""Programmes that answer requirements, as the screens show them.

One rule: the ranking is that of `requirements_to_trainings`; this module adds the words and the card of the training.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.views import offers, words
from cms.views.shared import language
from matching.catalogue.places import Origin
from matching.catalogue.trainings import Offer
from matching.directions.requirements_to_trainings import ProgrammeMatch, programmes_for_requirements
from matching.scoring import Requirement, State
from skills.models import Commune
from training.models import DeliveryMode

MAX_PROGRAMMES = 10  # for an employer's need
MAX_JOB_PROGRAMMES = 6
MAX_DATES = 3


@dataclass(frozen=True)
class OfferWords:
    """One way of following a training, in words."""

    place: str
    distance: str
    dates: str


@dataclass(frozen=True)
class ProgrammeRow:
    card: offers.TrainingCard
    coverage: float
    coverage_text: str
    offer: OfferWords
    answered: list[dict]


@dataclass(frozen=True)
class ProgrammeList:
    rows: list[ProgrammeRow]
    notice: str = ""


def for_requirements(
    requirements: Iterable, near: Commune | None = None, limit: int = MAX_PROGRAMMES
) -> ProgrammeList:
    """The programmes for the requirements of a job or a need, best coverage first."""
    rows = list(requirements)
    wanted = [Requirement(row.skill.code, row.level, row.importance) for row in rows]
    found = programmes_for_requirements(
        wanted,
        origin=Origin(latitude=near.latitude, longitude=near.longitude) if near else None,
        limit=limit,
        language=language(),
    )
    cards = offers.cards_by_code([match.training for match in found.matches])
    labels = {row.skill.code: row.skill.label for row in rows}
    return ProgrammeList(
        [_row(match, cards[match.training], labels) for match in found.matches if match.training in cards],
        found.notice,
    )


def _row(match: ProgrammeMatch, card: offers.TrainingCard, labels: dict[str, str]) -> ProgrammeRow:
    return ProgrammeRow(
        card=card,
        coverage=match.coverage,
        coverage_text=_("couvre %(share)s") % {"share": words.percent(match.coverage)},
        offer=offer_words(match.offer),
        answered=[
            {"label": labels[one.skill], "state": one.state.value, "reason": one.reason}
            for one in match.requirements
            if one.state is not State.MISSING
        ],
    )


def offer_words(offer: Offer | None) -> OfferWords:
    if offer is None:
        return OfferWords(_("lieu inconnu"), "", _("aucune date annoncée"))
    distance = "" if offer.distance_km is None else words.kilometres(offer.distance_km)
    return OfferWords(_place(offer), distance, _dates(offer.sessions))


def _place(offer: Offer) -> str:
    if offer.mode == DeliveryMode.REMOTE:
        return _(DeliveryMode.REMOTE.label)
    return offer.place or offer.region or _("lieu inconnu")


def _dates(dates: Sequence) -> str:
    if not dates:
        return _("aucune date annoncée")
    return ", ".join(words.day(date) for date in dates[:MAX_DATES])
