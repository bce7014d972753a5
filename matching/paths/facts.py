"""What is shown of the options of a path, and of what could be no option. Pure: no Django, no engine.

One rule: an option is weighed by `problem.Option` alone; everything here is for people to read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matching.paths.funding import Rule
from matching.paths.paying import Payer
from matching.paths.problem import Mode, Option, StepKind
from skills.languages import in_language


class Reason(StrEnum):
    """Why a training that would help is no option."""

    PRICE = "price"  # unknown
    DATES = "dates"  # unknown
    DURATION = "duration"  # unknown
    PLACE = "place"  # unknown, and the person says where they leave from
    CONTRACT = "contract"  # for those who sign a contract with an employer
    OVER = "over"  # every session has begun


@dataclass(frozen=True, slots=True)
class LeftOut:
    training: str
    title_fr: str
    title_en: str
    reason: Reason

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What is shown of an option. `price_eur` is the price announced, None when it is unknown and others pay; `mode` is None
    for a VAE, which has none; `prerequisites` is the training's own text, of which `Option.needs` keeps what could be read.
    """

    kind: StepKind
    training: str
    title_fr: str
    title_en: str
    provider: str
    place: str
    mode: Mode | None
    session: int | None
    hours: float | None
    price_eur: float | None
    payer: Payer
    rules: tuple[Rule, ...]
    certification: str
    certification_title: str
    prerequisites: str
    url: str
    is_demonstration: bool

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)


@dataclass(frozen=True, slots=True)
class Offered:
    """The options, what is shown of each by its code, and what was left out; `needs` are the tokens that any option needs."""

    options: tuple[Option, ...] = ()
    facts: Mapping[str, OptionFacts] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    needs: frozenset[str] = frozenset()
