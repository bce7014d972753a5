"""From texts to the model that ships: vectors → passage models (one a fold, then the whole) → signs → curves → floors.

One rule: the whole model is judged by models that did not see the text in question; it is then trained on everything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.reader_building.curves import (
    ChosenFloor,
    JudgedCandidate,
    choose_floor,
    fit_curve,
    folds,
)
from matching.reader_building.passages import TrainingSet, train_passage_model
from matching.reader_building.sources import (
    Example,
    JudgedText,
    judged_texts,
    kinds_of_skills,
    quotes,
    referential_examples,
    sayings,
)
from matching.reading.passage_model import Floats, PassageModel
from matching.reading.reader import Reading, read_text
from matching.reading.tokens import tokenize
from matching.reading.weighing import OF_MEANING, SIGNS, Curve, candidates
from matching.referential import Referential
from skills.gender import in_one_gender

FOLDS = 5

Encode = Callable[[Sequence[str]], Floats]
Watch = Callable[[Sequence[frozenset[str]]], Iterator[frozenset[str]]]


@dataclass(frozen=True)
class BuiltReader:
    """The passage model, and what `model.json` says beside it."""

    passages: PassageModel
    said: Mapping[str, Any]
    floors: Mapping[str, ChosenFloor]


def build_reader(referential: Referential, encoder: str, encode: Encode, watch: Watch) -> BuiltReader:
    """Raises GoldenSetError for texts that cannot be read. `watch` lets somebody see the folds go by."""
    kinds = kinds_of_skills()
    codes = list(kinds)
    texts = judged_texts()
    common = [*referential_examples(codes), *sayings(codes)]
    quoted = [*quotes(texts, codes)]
    readings = {text.id: read_text(text.text, referential.lexicon) for text in texts}
    trainer = _Trainer(codes, encoder, encode, common)
    judged: dict[bool, list[JudgedCandidate]] = {True: [], False: []}
    for fold in watch(folds([text.id for text in texts], FOLDS)):
        model = trainer.train([one for one in quoted if one.source not in fold])
        for text in (text for text in texts if text.id in fold):
            for with_meaning, found in judged.items():
                found += _judged(model, kinds, text, readings[text.id], encode if with_meaning else None)
    required = sum(len(text.required) for text in texts if text.is_tuning)
    empty = frozenset(text.id for text in texts if text.is_tuning and not text.acceptable)
    by_meaning, meaning_floor = _curve(judged[True], SIGNS, required, empty)
    without = [name for name in SIGNS if name not in OF_MEANING]
    by_words, words_floor = _curve(judged[False], without, required, empty)
    said = {
        "kinds": kinds,
        "by_meaning": _as_json(by_meaning, meaning_floor.floor),
        "by_words": _as_json(by_words, words_floor.floor),
        "examples": len(common) + len(quoted),
        "texts": len(texts),
    }
    return BuiltReader(trainer.train(quoted), said, {"by_meaning": meaning_floor, "by_words": words_floor})


class _Trainer:
    """Trains passage models on the common examples and on whichever quotes are given."""

    def __init__(self, codes: Sequence[str], encoder: str, encode: Encode, common: Sequence[Example]) -> None:
        self._codes, self._encoder, self._encode, self._common = codes, encoder, encode, common
        self._places = {code: place for place, code in enumerate(codes)}

    def train(self, quoted: Sequence[Example]) -> PassageModel:
        examples = [*self._common, *quoted]
        texts = [one.text for one in examples]
        training = TrainingSet(
            keys=[[token.key for token in tokenize(text)] for text in texts],
            vectors=self._encode([in_one_gender(text) for text in texts]),
            skills=np.array([self._places[one.code] for one in examples]),
            weights=np.array([one.weight for one in examples], dtype=np.float32),
        )
        return train_passage_model(self._codes, self._encoder, training)


def _judged(
    model: PassageModel,
    kinds: Mapping[str, str],
    text: JudgedText,
    reading: Reading,
    encode: Encode | None,
) -> list[JudgedCandidate]:
    passages = [in_one_gender(text.text[unit.start : unit.end]) for unit in reading.units if not unit.clauses]
    vectors = encode(passages) if encode and passages else None
    scores = model.scores(reading.units, vectors)
    return [
        JudgedCandidate(
            text.id, one.signs, one.code in text.acceptable, one.code in text.required, text.is_tuning
        )
        for one in candidates(model, kinds, reading, scores)
    ]


def _curve(
    judged: Sequence[JudgedCandidate], names: Sequence[str], required: int, empty: frozenset[str]
) -> tuple[Curve, ChosenFloor]:
    """The curve of everything, and the floor that folds of texts choose with curves that did not see them."""
    said = [0.0] * len(judged)
    for fold in folds(sorted({one.text for one in judged}), FOLDS):
        curve = fit_curve([one for one in judged if one.text not in fold], names)
        for place, one in enumerate(judged):
            if one.text in fold:
                said[place] = curve.probability(one.signs)
    return fit_curve(judged, names), choose_floor(judged, said, required, empty)


def _as_json(curve: Curve, floor: float) -> dict[str, Any]:
    signs = {
        name: {"shift": round(shift, 6), "scale": round(scale, 6), "weight": round(weight, 6)}
        for name, (shift, scale, weight) in curve.weights.items()
    }
    return {"floor": floor, "intercept": round(curve.intercept, 6), "signs": signs}
