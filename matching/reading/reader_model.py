"""The passage model and the curves that ship with the product, read once a process.

One rule: a model made for another model of meaning is never used with its vectors: `PassageModel.encoder` says which ones it
understands, and without them a text is judged by its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matching.reading.passage_model import PassageModel, read_passage_model
from matching.reading.weighing import Curve

FOLDER = Path(__file__).parent / "model"


@dataclass(frozen=True)
class Judge:
    """A curve, and the probability from which a skill is answered."""

    curve: Curve
    floor: float


@dataclass(frozen=True)
class ReaderModel:
    """`by_meaning` judges with the vectors of `passages.encoder`, `by_words` without any."""

    passages: PassageModel
    kinds: Mapping[str, str]
    by_meaning: Judge
    by_words: Judge

    @property
    def version(self) -> str:
        return self.passages.encoder


@cache
def reader_model(folder: Path = FOLDER) -> ReaderModel:
    """Raises OSError when the files are missing and ValueError when they cannot be understood."""
    passages, said = read_passage_model(folder)
    return ReaderModel(passages, said["kinds"], _judge(said["by_meaning"]), _judge(said["by_words"]))


def _judge(said: Mapping[str, Any]) -> Judge:
    weights = {name: (one["shift"], one["scale"], one["weight"]) for name, one in said["signs"].items()}
    return Judge(Curve(weights, said["intercept"]), said["floor"])
