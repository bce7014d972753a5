"""A list of labels kept on disk, ready to be compared with titles: built by a command, only read by requests.

One rule: what is on disk is complete or it is not there. A build is made beside the current one and replaces it in one step;
what another model made, or what cannot be read, is no list at all.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from search.characters import SETTINGS, CharacterIndex
from search.embeddings import Embedder
from search.engines.base import Vectors
from search.engines.embedded.segments import replace_json
from search.errors import IndexBusy, LinkingUnavailable
from search.linking import Label, LabelRanker, LabelSet, MeaningIndex, Watch, encode_all

logger = logging.getLogger(__name__)
# Changed whenever the files, or how a title is cleaned, change.
FORMAT = 1
_CURRENT, _LABELS, _VECTORS = "current.json", "labels.json", "vectors.npy"
_DAMAGE = (OSError, ValueError, KeyError, TypeError, IndexError)


class LabelStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, labels: Iterable[Label], model: Embedder, watch: Watch = lambda steps: steps) -> bool:
        """Make these labels the current ones; False when they already are. Raises IndexBusy during another build."""
        known = LabelSet(labels)
        if not known.labels:
            raise LinkingUnavailable("Il n'y a aucun intitulé à comparer.")
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "build.lock", timeout=0):
                return self._build(known, model, watch)
        except Timeout as error:
            raise IndexBusy("Ces intitulés sont déjà en cours de construction.") from error

    def _build(self, known: LabelSet, model: Embedder, watch: Watch) -> bool:
        name = f"labels-{_digest(known, model)}"
        if self._current(model) == self.folder / name and self.ranker(model) is not None:
            return False
        beside = self.folder / f"{name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        CharacterIndex.fit(known.texts).save(beside)  # quick, and the first to fail
        np.save(beside / _VECTORS, self._vectors(known, model, watch))
        replace_json(beside / _LABELS, [[one.code, one.text, one.concept] for one in known.labels])
        shutil.rmtree(self.folder / name, ignore_errors=True)
        beside.rename(self.folder / name)
        replace_json(self.folder / _CURRENT, {"name": name, "recipe": _recipe(model)})
        for folder in self.folder.glob("labels-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)
        return True

    def _vectors(self, known: LabelSet, model: Embedder, watch: Watch) -> Vectors:
        """Only the texts that the current labels do not have are encoded."""
        kept: dict[str, Vectors] = {}
        folder, current = self._current(model), self.ranker(model)
        if folder is not None and current is not None:
            kept = dict(zip(current.known.texts, np.load(folder / _VECTORS, mmap_mode="r"), strict=True))
        new = [text for text in known.texts if text not in kept]
        kept.update(zip(new, encode_all(new, model, watch), strict=True))
        return np.stack([kept[text] for text in known.texts])

    def ranker(self, model: Embedder) -> LabelRanker | None:
        """The current labels; None when there are none that this model made."""
        folder = self._current(model)
        if folder is None:
            return None
        try:
            return _read(folder, model)
        except _DAMAGE as error:
            logger.warning("labels unreadable", extra={"folder": str(folder), "error": str(error)})
            return None

    def _current(self, model: Embedder) -> Path | None:
        try:
            current = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
            return self.folder / current["name"] if current["recipe"] == _recipe(model) else None
        except _DAMAGE:
            return None


def _recipe(model: Embedder) -> str:
    """What the files depend on besides the labels."""
    return repr((FORMAT, sorted(SETTINGS.items()), model.recipe.fingerprint))


def _digest(known: LabelSet, model: Embedder) -> str:
    digest = hashlib.sha256(_recipe(model).encode())
    for label in known.labels:
        digest.update("\0".join((label.code, label.text, label.concept, "")).encode())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def _read(folder: Path, model: Embedder) -> LabelRanker:
    """Read once a process: the folder's name changes with its content."""
    labels = json.loads((folder / _LABELS).read_text(encoding="utf-8"))
    known = LabelSet(Label(*one) for one in labels)
    vectors = np.load(folder / _VECTORS, mmap_mode="r")
    if len(vectors) != len(known.texts):
        raise ValueError(f"{len(vectors)} vectors for {len(known.texts)} texts")
    return LabelRanker(known, MeaningIndex(vectors, model), CharacterIndex.load(folder))
