"""The training itself: texts that mean the same are drawn together, the others of the batch pushed away.

InfoNCE in both directions (van den Oord et al., 2018) over in-batch negatives. One rule: what may mean the same is never a
negative: rows of one family or of equal words are masked, and so are those that the base model, the guide, finds nearer than
the pair itself (Solatorio, 2024).
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.model_building.encoding import Encoder
from search.model_building.pairs import Batch, PairSampler
from search.model_building.recipe import TrainingRecipe

MASKED = -1e4


class Trainer:
    """One run: `step(number)` trains on one batch and gives its loss; `state()` and `restore()` take it up again elsewhere.

    `guide` holds the base model's vectors of the sampler's texts.
    """

    def __init__(
        self,
        base: Path,
        sampler: PairSampler,
        recipe: TrainingRecipe,
        guide: npt.NDArray[np.float16] | None = None,
    ) -> None:
        import torch

        self.recipe, self.sampler = recipe, sampler
        self.encoder = Encoder(base, recipe.most_tokens)
        for module in self.encoder.model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        self._table = self.encoder.table(sampler.texts)
        self._keys = torch.from_numpy(sampler.keys).to(self.encoder.device)
        self._guide = None if guide is None else torch.from_numpy(guide).to(self.encoder.device)
        self.optimizer = torch.optim.AdamW(
            self.encoder.model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )

    def step(self, number: int) -> float:
        import torch

        batch = self.sampler.batch(number)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * rate_share(number, self.recipe)
        self.encoder.model.train()
        vectors = self.encoder.vectors(self._table, np.concatenate([batch.left, batch.right]))
        loss = self._loss(vectors[: len(batch.left)], vectors[len(batch.left) :], batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.encoder.model.parameters(), 1.0)
        self.optimizer.step()
        return float(loss.detach())

    def _loss(self, left: Any, right: Any, batch: Batch) -> Any:
        import torch

        scores = left @ right.T / self.recipe.temperature
        scores = scores.masked_fill(self._not_negatives(batch), MASKED)
        targets = torch.arange(len(scores), device=scores.device)
        cross_entropy = torch.nn.functional.cross_entropy
        return (cross_entropy(scores, targets) + cross_entropy(scores.T, targets)) / 2

    def _not_negatives(self, batch: Batch) -> Any:
        """True where a left and a right text may mean the same, the pairs themselves aside."""
        import torch

        device = self.encoder.device
        families, left, right = (
            torch.from_numpy(part).to(device) for part in (batch.families, batch.left, batch.right)
        )
        left_keys, right_keys = self._keys[left], self._keys[right]
        same = (families[:, None] == families) & (families >= 0)
        same |= (left_keys[:, None] == left_keys) | (right_keys[:, None] == right_keys)
        same |= (left_keys[:, None] == right_keys) | (right_keys[:, None] == left_keys)
        if self._guide is not None and self.recipe.guide_margin is not None:
            near = self._guide[left].float() @ self._guide[right].float().T
            least = near.diagonal() + self.recipe.guide_margin
            same |= (near > least[:, None]) | (near > least)
        return same.fill_diagonal_(False)

    def state(self) -> dict[str, Any]:
        return {"model": self.encoder.model.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.encoder.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])


def rate_share(number: int, recipe: TrainingRecipe) -> float:
    """The share of the learning rate at a step: a linear rise, then half a cosine down to nothing."""
    rise = max(1, round(recipe.steps * recipe.warm_up_share))
    if number < rise:
        return (number + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (number - rise) / max(1, recipe.steps - rise)))
