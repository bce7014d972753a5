"""Pairs of texts that mean the same, drawn in batches. Pure.

One rule: a batch depends on the seed, its number and the texts alone, so that a training taken up again sees the batches
that it would have seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.model_building.concepts import Concept, all_texts
from search.model_building.recipe import TrainingRecipe
from skills.text import text_key

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Pairs of texts, by their row in `PairSampler.texts`; `families` are numbers, -1 where a concept has none."""

    left: Integers
    right: Integers
    families: Integers


class PairSampler:
    """Draws batches from concepts. `keys` gives each text a number that texts of the same words share."""

    def __init__(self, concepts: Sequence[Concept], recipe: TrainingRecipe) -> None:
        self.recipe = recipe
        self.concepts = [concept for concept in concepts if len(concept.names) + len(concept.details) > 1]
        self.texts = list(dict.fromkeys(all_texts(self.concepts)))
        row = {text: number for number, text in enumerate(self.texts)}
        self._names = [[row[text] for text in concept.names] for concept in self.concepts]
        self._details = [[row[text] for text in concept.details] for concept in self.concepts]
        numbers: dict[str, int] = {}
        self.keys = np.array([numbers.setdefault(text_key(text), len(numbers)) for text in self.texts])
        families: dict[str, int] = {}
        self._families = np.array(
            [families.setdefault(one.family, len(families)) if one.family else -1 for one in self.concepts]
        )
        weights = np.array([recipe.weights[concept.source] for concept in self.concepts])
        self._cumulated = np.cumsum(weights / weights.sum())

    def batch(self, number: int) -> Batch:
        generator = np.random.default_rng([self.recipe.seed, number])
        chosen = self._draw(generator)
        pairs = np.array([self._pair(at, generator) for at in chosen])
        return Batch(pairs[:, 0], pairs[:, 1], self._families[chosen])

    def _draw(self, generator: np.random.Generator) -> list[int]:
        """Concepts of a batch, each once. Groups of near concepts as hard negatives were tried: the first rank falls."""
        size = min(self.recipe.batch_size, len(self.concepts))
        chosen: dict[int, None] = {}
        while len(chosen) < size:
            drawn = np.searchsorted(self._cumulated, generator.random(size - len(chosen)), side="right")
            chosen |= dict.fromkeys(drawn.tolist())
        return list(chosen)

    def _pair(self, at: int, generator: np.random.Generator) -> tuple[int, int]:
        """Two texts of a concept: two names, or a name and a detail."""
        names, details = self._names[at], self._details[at]
        detailed = bool(details) and (len(names) == 1 or generator.random() < self.recipe.detail_share)
        first = int(generator.random() * len(names))
        if detailed:
            return names[first], details[int(generator.random() * len(details))]
        second = int(generator.random() * (len(names) - 1))
        return names[first], names[second + (second >= first)]
