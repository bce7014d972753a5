"""What a passage is likely to be about, of all skills: by its meaning, and by its words. Pure: no Django, no engine.

One rule: scores are log probabilities over the skills of the model, one row a passage. They rank and they feed
`matching.reading.weighing`; alone they decide nothing. `matching.reader_building` makes the model.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.reading.stems import STOP_WORDS, english_stem, french_stem
from matching.reading.units import Unit

Floats = npt.NDArray[np.float32]

WORDS_SHARPNESS = 20.0  # of a cosine between words, before it becomes a probability
WORDS_WEIGHT = 0.5  # of the words' log probability beside that of the meaning
LONG_WORD = 6  # letters from which a word also counts by its pieces
PIECE = 5  # letters
CONTEXT_WEIGHT = 0.35  # of the sentence's vector beside the clause's
NEVER = -30.0  # log probability of what is out of the question


def terms(keys: Iterable[str]) -> list[str]:
    """What the words of a passage are compared by: stems of both languages, and pieces of long words."""
    content = [key for key in keys if key not in STOP_WORDS]
    return [
        *map(french_stem, content),
        *(f"en:{english_stem(key)}" for key in content),
        *(
            f"c:{key[place : place + PIECE]}"
            for key in content
            if len(key) >= LONG_WORD
            for place in range(len(key) - PIECE + 1)
        ),
    ]


@dataclass(frozen=True)
class PassageScores:
    """Log probabilities, units × skills, and `nearest`, the cosine with the nearest example of each skill. `meaning` and
    `nearest` are None when no model of meaning took part.
    """

    joint: Floats
    words: Floats
    meaning: Floats | None
    nearest: Floats | None = None

    def redirected(
        self, codes: Sequence[str], replaced: Mapping[str, str]
    ) -> tuple[list[str], "PassageScores"]:
        """What speaks for a skill that was replaced speaks for its replacement: the codes of the columns, and the scores."""
        places = {code: place for place, code in enumerate(codes)}
        named, joined = list(codes), []
        for old, new in replaced.items():
            if old not in places:
                continue
            if new in places:
                joined.append((places[old], places[new]))
            else:
                named[places[old]] = new
                places[new] = places[old]
        return named, PassageScores(
            _joined(self.joint, joined),
            _joined(self.words, joined),
            None if self.meaning is None else _joined(self.meaning, joined),
            None if self.nearest is None else _joined(self.nearest, joined),
        )


def _joined(table: Floats, columns: Sequence[tuple[int, int]]) -> Floats:
    """The second column of each pair takes the better of both; the first is out of the question."""
    if not columns:
        return table
    table = table.copy()
    for old, new in columns:
        table[:, new] = np.maximum(table[:, new], table[:, old])
        table[:, old] = NEVER
    return table


@dataclass(frozen=True)
class PassageModel:
    """What was learnt, by skill. The skills that a term speaks for stand from `first[term]` to `first[term + 1]` of `skills`,
    with their `strengths`; the examples of a skill, as unit vectors, from `example_starts[skill]` to the next.
    """

    codes: tuple[str, ...]
    encoder: str
    weights: Floats
    bias: Floats
    terms: Mapping[str, int]
    rarity: Floats
    first: npt.NDArray[np.int32]
    skills: npt.NDArray[np.int32]
    strengths: Floats
    examples: Floats
    example_starts: npt.NDArray[np.int32]

    def scores(self, units: Sequence[Unit], vectors: Floats | None) -> PassageScores:
        """Of the passages of a text, with the vectors of its clauses (one row each, as `encoder` makes them) where there are
        any; a sentence is the mean of its clauses.
        """
        words = _log_softmax(WORDS_SHARPNESS * self._cosines([unit.keys for unit in units]))
        if vectors is None:
            return PassageScores(words, words, None)
        vectors = _in_context(units, vectors)
        meaning = _log_softmax(vectors @ self.weights + self.bias)
        nearest = np.maximum.reduceat(vectors @ self.examples.T, self.example_starts, axis=1)
        return PassageScores(_log_softmax(meaning + WORDS_WEIGHT * words), words, meaning, nearest)

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether it met every one of these words in training; of what it never met it cannot judge."""
        return all(french_stem(key) in self.terms for key in keys if key not in STOP_WORDS)

    def _cosines(self, units: Sequence[Sequence[str]]) -> Floats:
        found = np.zeros((len(units), len(self.codes)), dtype=np.float32)
        for row, keys in enumerate(units):
            counts = Counter(place for term in terms(keys) if (place := self.terms.get(term)) is not None)
            if counts:
                found[row] = self._cosine(
                    np.fromiter(counts, dtype=np.intp), np.fromiter(counts.values(), dtype=np.float32)
                )
        return found

    def _cosine(self, places: npt.NDArray[np.intp], counts: Floats) -> Floats:
        """With each skill, of a passage that has these terms, so many times each."""
        weights = (1 + np.log(counts)) * self.rarity[places]
        weights /= np.linalg.norm(weights) or 1.0
        starts, ends = self.first[places], self.first[places + 1]
        held = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
        spoken = self.strengths[held] * np.repeat(weights, ends - starts)
        sums = np.bincount(self.skills[held], spoken, minlength=len(self.codes))
        return sums.astype(np.float32)


def _in_context(units: Sequence[Unit], vectors: Floats) -> Floats:
    """The vectors of clauses and sentences. A clause of a few words is read with its sentence in mind: part of the sentence's
    vector is added to its own.
    """
    clauses, sentences = vectors.copy(), []
    for unit in units[len(vectors) :]:
        inside = list(unit.clauses)
        lengths = np.array([units[place].words for place in inside], dtype=np.float32)
        sentence = _unit_length(lengths @ vectors[inside])
        sentences.append(sentence)
        for place in inside:
            clauses[place] = _unit_length(vectors[place] + np.float32(CONTEXT_WEIGHT) * sentence)
    return np.concatenate([clauses, np.stack(sentences)]) if sentences else clauses


def _unit_length(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True) if logits.size else logits
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), dtype=np.float32)


# --- Files
_INTEGERS = ("first", "skills", "example_starts")
_HALVES = ("weights", "bias", "rarity", "strengths")  # kept in half precision
_BYTE = 127  # of an example's number, which lies between -1 and 1


def read_passage_model(folder: Path) -> tuple[PassageModel, Mapping[str, Any]]:
    """The model and what `model.json` says beside it. Raises OSError, or ValueError for files that cannot be understood."""
    said = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    with np.load(folder / "passages.npz", allow_pickle=False) as stored:
        floats = {name: np.asarray(stored[name], dtype=np.float32) for name in _HALVES}
        integers = {name: np.asarray(stored[name], dtype=np.int32) for name in _INTEGERS}
        examples = np.asarray(stored["examples"], dtype=np.float32) / np.float32(_BYTE)
        names = str(stored["terms"]).split("\n")
    model = PassageModel(
        codes=tuple(said["codes"]),
        encoder=said["encoder"],
        weights=floats["weights"],
        bias=floats["bias"],
        terms={name: place for place, name in enumerate(names)},
        rarity=floats["rarity"],
        first=integers["first"],
        skills=integers["skills"],
        strengths=floats["strengths"],
        examples=examples,
        example_starts=integers["example_starts"],
    )
    return model, said


def write_passage_model(folder: Path, model: PassageModel, said: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(model.terms, key=model.terms.__getitem__)
    arrays: dict[str, npt.NDArray[Any]] = {
        "terms": np.array("\n".join(names)),
        "examples": np.round(model.examples * _BYTE).astype(np.int8),
        **{name: getattr(model, name).astype(np.float16) for name in _HALVES},
        **{name: getattr(model, name) for name in _INTEGERS},
    }
    np.savez_compressed(folder / "passages.npz", allow_pickle=False, **arrays)
    content = {"codes": list(model.codes), "encoder": model.encoder, **said}
    (folder / "model.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
