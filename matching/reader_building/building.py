"""From texts to the model that ships: vectors → passage models (one a fold, then the whole) → signs → curves → floors.

One rule: the whole model is judged by models that did not see the text in question; it is then trained on everything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
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
    job_profiles,
    judged_texts,
    kinds_of_skills,
    quotes,
    referential_examples,
    sayings,
)
from matching.reading.company import SIGNS as SIGNS_OF_COMPANY
from matching.reading.company import Company
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
    company: Company
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
    profiles = job_profiles()
    judged: dict[bool, list[JudgedCandidate]] = {True: [], False: []}
    companies: dict[str, Company] = {}
    for fold in watch(folds([text.id for text in texts], FOLDS)):
        model = trainer.train([one for one in quoted if one.source not in fold])
        unseen = Company.of(codes, [*profiles, *(text.acceptable for text in texts if text.id not in fold)])
        for text in (text for text in texts if text.id in fold):
            companies[text.id] = unseen
            for with_meaning, found in judged.items():
                found += _judged(model, kinds, text, readings[text.id], encode if with_meaning else None)
    required = sum(len(text.required) for text in texts if text.is_tuning)
    empty = frozenset(text.id for text in texts if text.is_tuning and not text.acceptable)
    without = [name for name in SIGNS if name not in OF_MEANING]
    by_meaning = _judge(judged[True], SIGNS, companies, required, empty)
    by_words = _judge(judged[False], without, companies, required, empty)
    said = {
        "kinds": kinds,
        "by_meaning": by_meaning.as_json(),
        "by_words": by_words.as_json(),
        "examples": len(common) + len(quoted),
        "texts": len(texts),
    }
    company = Company.of(codes, [*profiles, *(text.acceptable for text in texts)])
    floors = {"by_meaning": by_meaning.floor, "by_words": by_words.floor}
    return BuiltReader(trainer.train(quoted), company, said, floors)


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
            text.id,
            one.code,
            one.signs,
            one.code in text.acceptable,
            one.code in text.required,
            text.is_tuning,
        )
        for one in candidates(model, kinds, reading, scores)
    ]


# --- Curves and floors
@dataclass(frozen=True)
class _Judge:
    """The curves of everything, and the floor that folds of texts choose with curves that did not see them."""

    alone: Curve
    accompanied: Curve
    floor: ChosenFloor

    def as_json(self) -> dict[str, Any]:
        return {
            "floor": self.floor.floor,
            "alone": _as_json(self.alone),
            "accompanied": _as_json(self.accompanied),
        }


def _judge(
    judged: Sequence[JudgedCandidate],
    names: Sequence[str],
    companies: Mapping[str, Company],
    required: int,
    empty: frozenset[str],
) -> _Judge:
    """`companies`: for each text, one that did not see it."""
    accompanied = list(_accompanied(judged, _unseen(judged, names), companies))
    every = [*names, *SIGNS_OF_COMPANY]
    floor = choose_floor(accompanied, _unseen(accompanied, every), required, empty)
    return _Judge(fit_curve(judged, names), fit_curve(accompanied, every), floor)


def _unseen(judged: Sequence[JudgedCandidate], names: Sequence[str]) -> list[float]:
    """The probability of each, by a curve fitted without its text."""
    said = [0.0] * len(judged)
    for fold in folds(sorted({one.text for one in judged}), FOLDS):
        curve = fit_curve([one for one in judged if one.text not in fold], names)
        for place, one in enumerate(judged):
            if one.text in fold:
                said[place] = curve.probability(one.signs)
    return said


def _accompanied(
    judged: Sequence[JudgedCandidate], probabilities: Sequence[float], companies: Mapping[str, Company]
) -> Iterator[JudgedCandidate]:
    """Each with the signs of its company, text by text."""
    rows = zip(judged, probabilities, strict=True)
    for text, group in groupby(rows, key=lambda row: row[0].text):
        found, likely = zip(*group, strict=True)
        signs = companies[text].signs([one.code for one in found], likely)
        for one, more in zip(found, signs, strict=True):
            yield replace(one, signs={**one.signs, **more})


def _as_json(curve: Curve) -> dict[str, Any]:
    signs = {
        name: {"shift": round(shift, 6), "scale": round(scale, 6), "weight": round(weight, 6)}
        for name, (shift, scale, weight) in curve.weights.items()
    }
    return {"intercept": round(curve.intercept, 6), "signs": signs}
