"""Requirements against trainings: an employer's need, or a job one prepares for.

One rule: a training is scored as if it were a person holding what it brings, with the same formula; without
any coverage it is not listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from matching.candidates import trainings_bringing
from matching.catalogue.places import Origin
from matching.catalogue.trainings import Offer, TrainingOffer, facts_of, load_trainings
from matching.referential import Referential, load_referential
from matching.scoring import Requirement, RequirementResult, State, score
from matching.told_needs import ToldNeed
from skills.languages import in_language


@dataclass(frozen=True, slots=True)
class ProgrammeMatch:
    """A training, the share of the requirements it covers (0 to 1), each requirement's state, and how to
    follow it; `order` is what puts it before others when the need was told in a text, None otherwise.
    """

    training: str
    title_fr: str
    title_en: str
    provider: str
    is_demonstration: bool
    url: str
    coverage: float
    requirements: tuple[RequirementResult, ...]
    offers: tuple[Offer, ...]
    order: float | None = None

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)

    def count(self, state: str) -> int:
        return sum(requirement.state.value == state for requirement in self.requirements)

    def as_dict(self) -> dict[str, object]:
        offer = self.offer
        return {
            "training": self.training,
            "title_fr": self.title_fr,
            "title_en": self.title_en,
            "provider": self.provider,
            "coverage": self.coverage,
            **({} if self.order is None else {"order": self.order}),
            "requirements": [one.as_dict() for one in self.requirements],
            **facts_of(offer),
            "url": self.url,
            "is_demonstration": self.is_demonstration,
        }

    @property
    def offer(self) -> Offer | None:
        """The nearest way of following it, then the soonest."""
        return next(iter(self.offers), None)


@dataclass(frozen=True, slots=True)
class Programmes:
    """The programmes, best first; `notice` says when they were not looked for as usual."""

    matches: tuple[ProgrammeMatch, ...] = ()
    notice: str = ""


def programmes_for_requirements(
    requirements: Sequence[Requirement],
    *,
    told: ToldNeed | None = None,
    origin: Origin | None = None,
    within_km: float | None = None,
    limit: int = 20,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> Programmes:
    """Trainings by coverage, best first; equal ones the nearest first, then by code; when the requirements were `told` in a
    text, in the order of what it lets expect. Raises SearchUnavailable when the engine is named.
    """
    if not requirements:
        return Programmes()
    referential = referential or load_referential()
    wanted = referential.graph.fully_answering(one.skill for one in requirements)
    found = trainings_bringing(wanted, language, engine)
    trainings = load_trainings(sorted(found.urls), origin, within_km)
    matches = [
        match
        for training in trainings.values()
        if (match := _match(training, requirements, referential, found.urls, language)).coverage > 0
    ]
    matches.sort(key=_best_coverage)
    if told:
        matches = _in_order(matches, told, trainings, referential)
    return Programmes(tuple(matches[:limit]), found.notice)


def _in_order(
    matches: Sequence[ProgrammeMatch],
    told: ToldNeed,
    trainings: Mapping[str, TrainingOffer],
    referential: Referential,
) -> list[ProgrammeMatch]:
    orders = {
        code: told.order(code, trainings[code].skills, referential.graph, referential.behaviours)
        for code in (one.training for one in matches)
    }
    ordered = [replace(one, order=orders[one.training]) for one in matches]
    return sorted(ordered, key=lambda one: -orders[one.training])


def _match(
    training: TrainingOffer,
    requirements: Sequence[Requirement],
    referential: Referential,
    urls: dict[str, str],
    language: str,
) -> ProgrammeMatch:
    scored = score(requirements, training.skills, referential.graph, language)
    return ProgrammeMatch(
        training.code,
        training.title_fr,
        training.title_en,
        training.provider,
        training.is_demonstration,
        urls.get(training.code, ""),
        scored.value,
        scored.requirements,
        training.offers,
    )


def _best_coverage(match: ProgrammeMatch) -> tuple[float, int, float, str]:
    covered = sum(result.state is State.COVERED for result in match.requirements)
    proximity = match.offer.proximity if match.offer else inf
    return -match.coverage, -covered, proximity, match.training
