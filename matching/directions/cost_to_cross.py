"""What the way from one job to the next costs, as machines and people read it. Pure: no Django, no engine.

One rule: an amount is that of a proven path. Where there is none, every figure is unknown and a sentence says why.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import fsum

from matching.paths.answers import FoundPath, FoundPaths, FoundStep, Target
from matching.paths.sentences import Label, say_day, say_euros, say_number, say_token


class CrossingState(StrEnum):
    NOTHING_MISSING = "nothing-missing"  # of what is essential
    WHOLE = "whole"  # the path brings all that is missing
    PARTLY = "partly"  # it brings a part; no training that could be weighed brings the rest
    NO_PATH = "no-path"
    UNPROVEN = "unproven"  # the cheapest path was not proven in time
    NOT_COMPUTED = "not-computed"


_WORDS = {
    "fr": {
        "nothing-missing": "Rien d'essentiel ne manque.",
        "partly": "Aucune formation du catalogue qui ait une date à venir et un prix n'apporte {rest} des {all} "
        "compétences essentielles qui manquent ; le parcours apporte les autres.",
        "nothing-brings": "Aucune formation du catalogue qui ait une date à venir et un prix n'apporte ce qui manque.",
        "no-series": "Des formations apportent une part de ce qui manque, mais aucune suite de leurs sessions n'est possible "
        "(dates, places, prérequis).",
        "first": "Calculé pour les {count} premiers métiers seulement.",
        "late": "Non calculé : le temps prévu était écoulé. Demandez moins de métiers (--limit).",
        "to-cross": "pour y passer : {said}",
        "to-pay": "{euros} à payer",
        "hours": "{hours} h",
        "at-least": "au moins {hours} h",
        "unknown-hours": "durée en heures inconnue",
        "dates": "du {start} au {end}",
        "unteachable": "sans formation datée et chiffrée ({rest} des {all} qui manquent) : {names}",
        "demonstration": "démonstration",
    },
    "en": {
        "nothing-missing": "Nothing essential is missing.",
        "partly": "No training of the catalogue with a date to come and a price brings {rest} of the {all} essential skills "
        "that are missing; the path brings the others.",
        "nothing-brings": "No training of the catalogue with a date to come and a price brings what is missing.",
        "no-series": "Trainings bring a part of what is missing, but no series of their sessions is possible (dates, seats, "
        "prerequisites).",
        "first": "Computed for the first {count} jobs only.",
        "late": "Not computed: the time allowed was over. Ask for fewer jobs (--limit).",
        "to-cross": "to cross: {said}",
        "to-pay": "{euros} to pay",
        "hours": "{hours} h",
        "at-least": "at least {hours} h",
        "unknown-hours": "unknown number of hours",
        "dates": "from {start} to {end}",
        "unteachable": "without a training that has a date and a price ({rest} of the {all} missing): {names}",
        "demonstration": "demonstration",
    },
}
# For one, for more.
_COUNTED = {
    "fr": {
        "steps": ("{count} formation", "{count} formations"),
        "left-out": (
            "{count} formation n'a pas pu être comparée (prix, dates ou lieu inconnus, contrat, sessions passées).",
            "{count} formations n'ont pas pu être comparées (prix, dates ou lieu inconnus, contrat, sessions passées).",
        ),
    },
    "en": {
        "steps": ("{count} training", "{count} trainings"),
        "left-out": (
            "{count} training could not be compared (unknown price, dates or place, contract, past sessions).",
            "{count} trainings could not be compared (unknown price, dates or place, contract, past sessions).",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class CostToCross:
    """`missing` are the essential requirements that the first job does not cover, of which no training that could be weighed
    brings the `unteachable` ones. `path` is the cheapest; `left_out` counts the trainings that could not be weighed.
    """

    state: CrossingState
    reason: str = ""
    missing: tuple[Target, ...] = ()
    unteachable: tuple[Target, ...] = ()
    path: FoundPath | None = None
    left_out: int = 0

    @property
    def steps(self) -> tuple[FoundStep, ...]:
        return self.path.steps if self.path else ()

    @property
    def hours(self) -> float | None:
        """The sum of the hours that are told; None when no step tells any, though there are some."""
        told = [step.facts.hours for step in self.steps if step.facts.hours is not None]
        return fsum(told) if self.path and (told or not self.steps) else None

    @property
    def says_all_hours(self) -> bool:
        return self.path is not None and all(step.facts.hours is not None for step in self.steps)

    @property
    def days(self) -> int | None:
        """Of the calendar, from the first to the last day of each step."""
        return sum(step.step.option.days for step in self.steps) if self.path else None

    @property
    def starts_on(self) -> dt.date | None:
        return self.steps[0].step.starts_on if self.steps else None

    @property
    def ends_on(self) -> dt.date | None:
        return self.steps[-1].step.ends_on if self.steps else None

    def as_dict(self, language: str) -> dict[str, object]:
        return {
            "state": self.state.value,
            "reason": self.reason,
            "cost_eur": self.path.path.cost_eur if self.path else None,
            "hours": self.hours,
            "says_all_hours": self.says_all_hours,
            "days": self.days,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "missing": [target.as_dict() for target in self.missing],
            "unteachable": [target.as_dict() for target in self.unteachable],
            "left_out": self.left_out,
            "steps": [step.as_dict(language, has_place=False) for step in self.steps],
        }


def cost_of(found: FoundPaths, language: str) -> CostToCross:
    """What the answer of `find_paths`, asked for the cheapest path, says of the crossing."""
    words = _WORDS[language]
    path = found.paths[0] if found.paths else None
    left_out = len({one.training for one in found.left_out})
    if path is None:
        state = CrossingState.NO_PATH
        reason = words["no-series" if found.brings_some else "nothing-brings"]
        # What would have to give way is worth more than knowing that there is nothing.
        reason = " ".join([reason, *(one.sentence for one in found.relaxations[:1])])
    elif not found.missing:
        state, reason = CrossingState.NOTHING_MISSING, words["nothing-missing"]
    elif found.unteachable:
        rest, missing = len(found.unteachable), len(found.missing)
        state, reason = CrossingState.PARTLY, words["partly"].format(rest=rest, all=missing)
    else:
        state, reason = CrossingState.WHOLE, ""
    return CostToCross(state, reason, found.missing, found.unteachable, path, left_out)


def not_computed(language: str, most: int | None = None) -> CostToCross:
    """Beyond the number of jobs for which it is, or the time allowed."""
    words = _WORDS[language]
    reason = words["late"] if most is None else words["first"].format(count=most)
    return CostToCross(CrossingState.NOT_COMPUTED, reason)


def lines_of(cost: CostToCross, label: Label, language: str) -> Iterator[str]:
    """Every line, without line breaks: the figures or why there are none, each step, and what no training brings."""
    words = _WORDS[language]
    if cost.path is None or not cost.steps:
        yield words["to-cross"].format(said=cost.reason)
    else:
        yield words["to-cross"].format(said=_figures(cost, language))
        for place, step in enumerate(cost.steps, 1):
            yield f"  {place}. {_step(step, language)}"
    if cost.unteachable:
        names = ", ".join(say_token(one.token, label, language) for one in cost.unteachable)
        yield f"  {words['unteachable'].format(rest=len(cost.unteachable), all=len(cost.missing), names=names)}"
    if cost.left_out:
        yield f"  {_counted('left-out', cost.left_out, language)}"


def _counted(what: str, count: int, language: str) -> str:
    one, many = _COUNTED[language][what]
    return (one if count < 2 else many).format(count=count)


def _figures(cost: CostToCross, language: str) -> str:
    """« 4 220 € à payer, 3 formations, 140 h, du 12/01/2027 au 30/06/2027 »."""
    words = _WORDS[language]
    paid = cost.path.path.cost_eur if cost.path else 0.0
    parts = [
        words["to-pay"].format(euros=say_euros(paid, language)),
        _counted("steps", len(cost.steps), language),
        _hours(cost.hours, language, is_least=not cost.says_all_hours),
        _dates(cost.starts_on, cost.ends_on, language),
    ]
    return ", ".join(parts)


def _hours(hours: float | None, language: str, *, is_least: bool = False) -> str:
    words = _WORDS[language]
    if hours is None:
        return words["unknown-hours"]
    return words["at-least" if is_least else "hours"].format(hours=say_number(hours, language))


def _dates(start: dt.date | None, end: dt.date | None, language: str) -> str:
    if start is None or end is None:
        return ""
    return _WORDS[language]["dates"].format(start=say_day(start, language), end=say_day(end, language))


def _step(step: FoundStep, language: str) -> str:
    """« Formation (code) [démonstration], du 12/01/2027 au 16/01/2027, 35 h, 900 € »."""
    mark = f" [{_WORDS[language]['demonstration']}]" if step.facts.is_demonstration else ""
    parts = [
        f"{step.facts.title(language)} ({step.facts.training}){mark}",
        _dates(step.step.starts_on, step.step.ends_on, language),
        _hours(step.facts.hours, language),
        say_euros(step.step.pays_eur, language),
    ]
    return ", ".join(parts)
