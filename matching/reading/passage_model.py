"""What a passage is likely to be about, of all skills: by its meaning, and by its words. Pure: no Django, no engine.

One rule: scores are log probabilities over the skills of the model, one row a passage. They rank and they feed
`matching.reading.weighing`; alone they decide nothing. `matching.reader_building` makes the model.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.reading.stems import STOP_WORDS, english_stem, french_stem

Floats = npt.NDArray[np.float32]

WORDS_SHARPNESS = 20.0  # of a cosine between words, before it becomes a probability
WORDS_WEIGHT = 0.5  # of the words' log probability beside that of the meaning
LONG_WORD = 6  # letters from which a word also counts by its pieces
PIECE = 5  # letters
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
    """Log probabilities, units × skills; `meaning` is None when no model of meaning took part."""

    joint: Floats
    words: Floats
    meaning: Floats | None

    def redirected(
        self, codes: Sequence[str], replaced: Mapping[str, str]
    ) -> tuple[list[str], "PassageScores"]:
        """What speaks for a skill that was replaced speaks for its replacement: the codes of the columns, and the scores."""
        places = {code: place for place, code in enumerate(codes)}
        moved = {old: new for old, new in replaced.items() if old in places}
        named = list(codes)
        tables = [None if table is None else table.copy() for table in (self.joint, self.words, self.meaning)]
        for old, new in moved.items():
            if new not in places:
                named[places[old]] = new
                places[new] = places[old]
                continue
            for table in tables:
                if table is not None:
                    table[:, places[new]] = np.maximum(table[:, places[new]], table[:, places[old]])
                    table[:, places[old]] = NEVER
        joint, words, meaning = tables
        assert joint is not None  # noqa: S101 - only the meaning may be missing
        assert words is not None  # noqa: S101
        return named, PassageScores(joint, words, meaning)


@dataclass(frozen=True)
class PassageModel:
    """`centroids` holds, by term, the skills it speaks for: those from `first[term]` to `first[term + 1]`."""

    codes: tuple[str, ...]
    encoder: str
    weights: Floats
    bias: Floats
    terms: Mapping[str, int]
    rarity: Floats
    first: npt.NDArray[np.int32]
    skills: npt.NDArray[np.int32]
    strengths: Floats

    def scores(self, units: Sequence[Sequence[str]], vectors: Floats | None) -> PassageScores:
        """Of passages given by the keys of their words, and by their vectors (as `encoder` makes them) where there are any."""
        words = _log_softmax(WORDS_SHARPNESS * self._cosines(units))
        if vectors is None:
            return PassageScores(words, words, None)
        meaning = _log_softmax(vectors @ self.weights + self.bias)
        return PassageScores(_log_softmax(meaning + WORDS_WEIGHT * words), words, meaning)

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether it met every one of these words in training; of what it never met it cannot judge."""
        return all(french_stem(key) in self.terms for key in keys if key not in STOP_WORDS)

    def _cosines(self, units: Sequence[Sequence[str]]) -> Floats:
        found = np.zeros((len(units), len(self.codes)), dtype=np.float32)
        for row, keys in enumerate(units):
            counts: dict[int, int] = {}
            for term in terms(keys):
                if (place := self.terms.get(term)) is not None:
                    counts[place] = counts.get(place, 0) + 1
            weights = {place: (1 + np.log(count)) * self.rarity[place] for place, count in counts.items()}
            length = float(np.sqrt(sum(weight**2 for weight in weights.values()))) or 1.0
            for place, weight in weights.items():
                held = slice(self.first[place], self.first[place + 1])
                found[row, self.skills[held]] += self.strengths[held] * np.float32(weight / length)
        return found


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True) if logits.size else logits
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), dtype=np.float32)


# --- Files
_ARRAYS = ("weights", "bias", "rarity", "first", "skills", "strengths")


def read_passage_model(folder: Path) -> tuple[PassageModel, Mapping[str, Any]]:
    """The model and what `model.json` says beside it. Raises OSError, or ValueError for files that cannot be understood."""
    said = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    with np.load(folder / "passages.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in _ARRAYS}
        names = str(stored["terms"]).split("\n")
    floats = {
        name: np.asarray(arrays[name], dtype=np.float32)
        for name in ("weights", "bias", "rarity", "strengths")
    }
    model = PassageModel(
        codes=tuple(said["codes"]),
        encoder=said["encoder"],
        terms={name: place for place, name in enumerate(names)},
        first=arrays["first"],
        skills=arrays["skills"],
        **floats,
    )
    return model, said


def write_passage_model(folder: Path, model: PassageModel, said: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(model.terms, key=model.terms.__getitem__)
    halves = {
        name: getattr(model, name).astype(np.float16) for name in ("weights", "bias", "rarity", "strengths")
    }
    np.savez_compressed(
        folder / "passages.npz",
        terms=np.array("\n".join(names)),
        first=model.first,
        skills=model.skills.astype(np.int16),
        **halves,
    )
    content = {"codes": list(model.codes), "encoder": model.encoder, **said}
    (folder / "model.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
