"""How alike two titles are spelt: TF-IDF of the characters of their words. Pure: no Django, no engine.

One rule: this is the one door to scikit-learn, which is imported inside functions; without it, `LinkingUnavailable` says what
to install.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.base import Vectors
from search.errors import LinkingUnavailable
from skills.text import text_key

# Of « char » and « char_wb », with and without sublinear counts, on titles with and without their punctuation, the best on
# the tuning half of MELO, alone and fused.
SETTINGS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True}
_TERMS, _WEIGHTS = "terms.json", "weights.npy"
_POSTINGS = ("data", "indices", "indptr")


class CharacterIndex:
    """The texts by the pieces of words they hold: a row of `postings` is a piece, a column is a text."""

    def __init__(self, vectoriser: Any, postings: Any) -> None:
        self._vectoriser, self._postings = vectoriser, postings

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "CharacterIndex":
        vectoriser = _vectoriser()
        try:
            counts = vectoriser.fit_transform([text_key(text) for text in texts])
        except ValueError as error:
            raise LinkingUnavailable("Aucun de ces intitulés n'a de mot.") from error
        return cls(vectoriser, counts.T.tocsr())

    def similarities(self, titles: Sequence[str]) -> Vectors:
        """The cosine of each title with each text, one row a title."""
        pieces = self._vectoriser.transform([text_key(title) for title in titles])
        return np.asarray((pieces @ self._postings).toarray(), dtype=np.float32)

    def save(self, folder: Path) -> None:
        terms = self._vectoriser.vocabulary_
        ordered = sorted(terms, key=terms.__getitem__)
        (folder / _TERMS).write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")
        np.save(folder / _WEIGHTS, self._vectoriser.idf_)
        for name in _POSTINGS:
            np.save(folder / f"{name}.npy", getattr(self._postings, name))
        np.save(folder / "shape.npy", np.array(self._postings.shape))

    @classmethod
    def load(cls, folder: Path) -> "CharacterIndex":
        """What `save` wrote; the arrays stay on disk until they are read."""
        terms = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
        vectoriser = _vectoriser(vocabulary={term: row for row, term in enumerate(terms)})
        vectoriser.idf_ = np.load(folder / _WEIGHTS)
        from scipy.sparse import csr_matrix

        arrays = tuple(_mapped(folder / f"{name}.npy") for name in _POSTINGS)
        return cls(vectoriser, csr_matrix(arrays, shape=tuple(np.load(folder / "shape.npy"))))


def _vectoriser(**more: Any) -> Any:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise LinkingUnavailable("scikit-learn n'est pas installé : installez l'option « ml ».") from error
    return TfidfVectorizer(**SETTINGS, dtype=np.float32, lowercase=False, **more)


def _mapped(path: Path) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(path, mmap_mode="r")
    return array
