"""Every choice of the training in one place. Pure.

One rule: a model's card quotes its recipe whole; two builds with the same recipe and the same texts see the same batches.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from search.model_building.concepts import ESCO_OCCUPATION, ESCO_SKILL, OUR_JOB, OUR_SKILL, ROME_TITLE


def _weights() -> dict[str, float]:
    return {ESCO_OCCUPATION: 3.0, ESCO_SKILL: 1.0, ROME_TITLE: 0.5, OUR_SKILL: 12.0, OUR_JOB: 12.0}


@dataclass(frozen=True)
class TrainingRecipe:
    """How one run is trained.

    `weights` say how often a concept is drawn, by its source; `detail_share` how often
    its pair is a name with a description rather than two names.
    """

    seed: int = 1
    steps: int = 700
    batch_size: int = 256  # pairs
    temperature: float = 1 / 30
    learning_rate: float = 8e-5
    warm_up_share: float = 0.1
    weight_decay: float = 0.01
    most_pieces: int = 32_500  # of the vocabulary
    most_tokens: int = 48  # of a text in training; the shipped model reads longer ones
    guide_margin: float | None = 0.03  # see `contrastive.Trainer`; None: no guide
    detail_share: float = 0.15
    weights: Mapping[str, float] = field(default_factory=_weights)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
