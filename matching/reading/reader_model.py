"""The passage model and the curves that ship with the product, read once a process.

One rule: a model made for another model of meaning is never used with its vectors: `PassageModel.encoder` says which ones it
understands, and without them a text is judged by its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from matching.reading.company import Company
from matching.reading.passage_model import PassageModel, read_passage_model, write_passage_model
from matching.reading.weighing import Candidate, Curve

FOLDER = Path(__file__).parent / "model"
COMPANY = "company.npz"


@dataclass(frozen=True)
class Judge:
    """`alone` weighs a skill by what the text says of it, `accompanied` by the others that are likely as well; `floor` is the
    probability from which a skill is answered.
    """

    alone: Curve
    accompanied: Curve
    floor: float

    def probabilities(self, found: Sequence[Candidate], company: Company) -> list[float]:
        """How likely the text shows each of these, all that it has."""
        alone = [self.alone.probability(one.signs) for one in found]
        signs = company.signs([one.code for one in found], alone)
        return [
            round(self.accompanied.probability({**one.signs, **more}), 3)
            for one, more in zip(found, signs, strict=True)
        ]


@dataclass(frozen=True)
class ReaderModel:
    """`by_meaning` judges with the vectors of `passages.encoder`, `by_words` without any."""

    passages: PassageModel
    company: Company
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
    with np.load(folder / COMPANY, allow_pickle=False) as stored:
        shares = np.asarray(stored["shares"], dtype=np.float32)
    return ReaderModel(
        passages,
        Company(passages.codes, shares),
        said["kinds"],
        _judge(said["by_meaning"]),
        _judge(said["by_words"]),
    )


def write_reader_model(
    folder: Path, passages: PassageModel, company: Company, said: Mapping[str, Any]
) -> None:
    write_passage_model(folder, passages, said)
    np.savez_compressed(folder / COMPANY, allow_pickle=False, shares=company.shares.astype(np.float16))


def _judge(said: Mapping[str, Any]) -> Judge:
    return Judge(_curve(said["alone"]), _curve(said["accompanied"]), said["floor"])


def _curve(said: Mapping[str, Any]) -> Curve:
    weights = {name: (one["shift"], one["scale"], one["weight"]) for name, one in said["signs"].items()}
    return Curve(weights, said["intercept"])
