"""The paths found, as screens and machines read them. Pure: no Django, no engine.

One rule: what the optimiser proved is repeated as it is; what is added (titles, rules, what a step is for) is looked up by
code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.paths.facts import LeftOut, OptionFacts
from matching.paths.problem import Objective, Path, Relaxation, Step
from matching.paths.tokens import kind_of, values_of
from skills.languages import in_language

# Of two sums of euros or kilometres that are the same.
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Target:
    """What is missing: a skill at a level, or a certification, a block or a level of diploma (`level` 0)."""

    token: str
    level: int = 0

    @property
    def code(self) -> str:
        return values_of(self.token)[0]

    def as_dict(self) -> dict[str, object]:
        if kind_of(self.token) == "skill":
            return {"skill": self.code, "level": self.level}
        return {kind_of(self.token): self.code}


@dataclass(frozen=True, slots=True)
class FoundStep:
    """`brings` are the targets that it brings; `opens` is what it brings that later steps of the path need."""

    step: Step
    facts: OptionFacts
    brings: frozenset[str]
    opens: frozenset[str]

    def as_dict(self, language: str, *, has_place: bool) -> dict[str, object]:
        option, facts = self.step.option, self.facts
        return {
            "training": facts.training,
            "title_fr": facts.title_fr,
            "title_en": facts.title_en,
            "kind": option.kind.value,
            "session": facts.session,
            "provider": facts.provider,
            "mode": facts.mode.value if facts.mode else None,
            "place": facts.place or None,
            "starts_on": self.step.starts_on.isoformat(),
            "ends_on": self.step.ends_on.isoformat(),
            "hours": facts.hours,
            "weekly_hours": option.weekly_hours,
            "price_eur": facts.price_eur,
            "pays_eur": self.step.pays_eur,
            "cpf_eur": self.step.cpf_eur,
            "payer": facts.payer.value,
            "distance_km": option.distance_km if has_place and option.trips else None,
            "trips": option.trips,
            "brings": sorted(code for token in self.brings for code in values_of(token)),
            "opens": sorted(self.opens),
            "needs": sorted(option.needs),
            "prerequisites": facts.prerequisites or None,
            "certification": facts.certification or None,
            "url": facts.url,
            "rules": [rule.as_dict(language) for rule in facts.rules],
            "is_demonstration": facts.is_demonstration,
        }


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path and by which objectives none of those found is better; `has_place` when its distance means something."""

    path: Path
    steps: tuple[FoundStep, ...]
    objectives: tuple[Objective, ...]
    is_complete_set: bool
    has_place: bool

    def as_dict(self, language: str) -> dict[str, object]:
        return {
            "objectives": [objective.value for objective in self.objectives],
            "is_complete_set": self.is_complete_set,
            "cost_eur": self.path.cost_eur,
            "cpf_eur": self.path.cpf_eur,
            "ends_on": self.path.ends_on.isoformat() if self.path.ends_on else None,
            "distance_km": self.path.distance_km if self.has_place else None,
            "steps": [step.as_dict(language, has_place=self.has_place) for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class FoundRelaxation:
    """What must give way for a path to exist, in a sentence of the reader's language, and that path."""

    relaxation: Relaxation
    sentence: str
    path: FoundPath

    def as_dict(self, language: str) -> dict[str, object]:
        return {
            "amounts": {name.value: amount for name, amount in self.relaxation.amounts.items()},
            "sentence": self.sentence,
            "path": self.path.as_dict(language),
        }


@dataclass(frozen=True, slots=True)
class FoundPaths:
    """The answer to a question. Nothing is `missing`: there is nothing to do. `unteachable` is what no training that could be
    weighed brings: the paths reach the rest. `notice` says what could not be looked for as usual.
    """

    job: str
    job_title_fr: str
    job_title_en: str
    missing: tuple[Target, ...]
    unteachable: tuple[Target, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    paths: tuple[FoundPath, ...] = ()
    relaxations: tuple[FoundRelaxation, ...] = ()
    notice: str = ""

    @property
    def abstained(self) -> bool:
        """Something is missing, and there is neither a path nor a change of conditions that would make one possible."""
        return bool(self.missing) and not self.paths and not self.relaxations

    @property
    def brings_some(self) -> bool:
        """Whether trainings that were weighed bring a part of what is missing, be it in a series that is not possible."""
        return len(self.unteachable) < len(self.missing)

    def job_title(self, language: str) -> str:
        return in_language(self.job_title_fr, self.job_title_en, language)

    def as_dict(self, language: str) -> dict[str, object]:
        return {
            "abstained": self.abstained,
            "job": self.job or None,
            "missing": [target.as_dict() for target in self.missing],
            "unteachable": [target.as_dict() for target in self.unteachable],
            "left_out": [{"training": one.training, "reason": one.reason.value} for one in self.left_out],
            "paths": [path.as_dict(language) for path in self.paths],
            "relaxations": [relaxation.as_dict(language) for relaxation in self.relaxations],
        }


def found_path(
    path: Path,
    facts: Mapping[str, OptionFacts],
    targets: frozenset[str],
    objectives: tuple[Objective, ...] = (),
    *,
    is_complete_set: bool = True,
    has_place: bool = False,
) -> FoundPath:
    """A target is brought by the first step that brings it."""
    steps: list[FoundStep] = []
    left = set(targets)
    for place, step in enumerate(path.steps):
        brought = step.option.brings & left
        left -= brought
        later = frozenset(need for other in path.steps[place + 1 :] for need in other.option.needs)
        opens = (step.option.brings & later) - brought
        steps.append(FoundStep(step, facts[step.option.code], brought, opens))
    return FoundPath(path, tuple(steps), objectives, is_complete_set, has_place)


def best_by(paths: Sequence[Path], objectives: Iterable[Objective]) -> dict[Objective, float]:
    """The least of each objective among these paths; one without steps has ended already."""
    return {objective: min(measure(path, objective) for path in paths) for objective in objectives}


def is_best(path: Path, objective: Objective, best: Mapping[Objective, float]) -> bool:
    return measure(path, objective) <= best[objective] + _CLOSE


def measure(path: Path, objective: Objective) -> float:
    match objective:
        case Objective.COST:
            return path.cost_eur
        case Objective.END:
            return float(path.ends_on.toordinal()) if path.ends_on else 0.0
        case Objective.DISTANCE:
            return path.distance_km
