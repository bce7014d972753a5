"""The one door to the embedding model.

One rule: the model library is imported inside functions here and in `search/model_building/`, nowhere else. Without it, or
without `EMBEDDING_MODEL`, there is no model (`embedder()` is None) and search is lexical; a model that cannot be loaded raises
`EmbeddingUnavailable`.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings

from search.calibration import FILE as CALIBRATION_FILE
from search.calibration import read_calibrations
from search.engines.base import Vectors
from search.errors import EmbeddingUnavailable
from search.packing import NOBODY, Packed, packed_batches

logger = logging.getLogger(__name__)
BATCH = 64
MAX_CHARACTERS = 2_000
_MODEL_FILES = {".json", ".safetensors", ".bin", ".txt", ".model"}


@dataclass(frozen=True)
class EmbeddingRecipe:
    """What a vector depends on. `revision` is the hash of a folder's files, or the hub name's own; `length` the tokens read of
    a text, when the folder says so.
    """

    model: str
    revision: str
    prefix: str
    length: int | None = None
    normalised: bool = True

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:16]


class Embedder:
    """Encodes texts with one SentenceTransformer, loaded at the first text."""

    def __init__(self, name: str, prefix: str) -> None:
        self.name, self.prefix = name, prefix
        self.recipe = EmbeddingRecipe(Path(name).name, _revision(name), prefix, _length(name))
        self.calibrations = read_calibrations(Path(name))
        self._model: Any = None
        self._loading = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row a text, float32."""
        prefixed = [self.prefix + text[:MAX_CHARACTERS] for text in texts]
        try:
            model = self._loaded()
            vectors = _encoded_packed(model, prefixed) if _can_be_packed(model) else _encoded(model, prefixed)
        except (OSError, RuntimeError, ValueError) as error:
            raise EmbeddingUnavailable(f"Le modèle {self.name} n'a pas pu encoder : {error}") from error
        return np.asarray(vectors, dtype=np.float32)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                self._model = _load(self.name)
        return self._model


def _load(name: str) -> Any:
    """The SentenceTransformer, in float32 whatever its file holds."""
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as library_logging

        library_logging.set_verbosity_error()  # it reports on layers that no vector uses, with a bar for each load
        library_logging.disable_progress_bar()
        local = Path(name).is_dir()
        return SentenceTransformer(name, local_files_only=local, model_kwargs={"dtype": torch.float32})
    except ImportError as error:
        raise EmbeddingUnavailable("sentence-transformers n'est pas installé (option « ml »).") from error
    except (OSError, RuntimeError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise EmbeddingUnavailable(f"Le modèle {name} ne se charge pas : {error}") from error


def _encoded(model: Any, texts: Sequence[str]) -> Any:
    return model.encode(
        list(texts),
        batch_size=BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
        convert_to_numpy=True,
    )


def _can_be_packed(model: Any) -> bool:
    """Whether `_encoded_packed` gives this model's vectors: a BERT on a processor that takes the mean of its tokens and has
    no prompt, shorter vectors or other case. Any other model is left to the library, which pads.
    """
    transformer, *others = model
    config = getattr(getattr(transformer, "model", None), "config", None)
    return (
        model.device.type == "cpu"
        and getattr(config, "model_type", "") == "bert"
        and model.max_seq_length <= config.max_position_embeddings
        and [type(one).__name__ for one in others] in (["Pooling"], ["Pooling", "Normalize"])
        and others[0].pooling_mode == "mean"
        and not (model.default_prompt_name or model.truncate_dim or transformer.do_lower_case)
    )


def _encoded_packed(model: Any, texts: Sequence[str]) -> Vectors:
    """The vectors of `_encoded`, to the rounding of sums, in about half the time where lengths differ."""
    import torch

    cut = model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length) if texts else {}
    tokens = cut.get("input_ids", [])
    vectors = np.empty((len(texts), model.get_embedding_dimension()), dtype=np.float32)
    model.eval()
    with torch.inference_mode():
        for packed in packed_batches(tokens, model.tokenizer.pad_token_id):
            vectors[packed.texts] = _means(model[0].model, packed)
    return vectors


def _means(transformer: Any, packed: Packed) -> Any:
    """The mean of the tokens of each text, of length one. A token sees those of its own text only."""
    import torch

    owners = torch.from_numpy(packed.owners)
    apart = owners[:, None, :, None] != owners[:, None, None, :]
    mask = torch.zeros(apart.shape).masked_fill(apart, torch.finfo(torch.float32).min)
    hidden = transformer(
        input_ids=torch.from_numpy(packed.ids),
        position_ids=torch.from_numpy(packed.positions),
        attention_mask=mask,
    ).last_hidden_state
    read = owners != NOBODY
    sums = torch.zeros(len(packed.texts), hidden.shape[-1]).index_add_(0, owners[read], hidden[read])
    return torch.nn.functional.normalize(sums, dim=1).numpy()


def _length(name: str) -> int | None:
    for file, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    ):
        try:
            return int(json.loads((Path(name) / file).read_text())[key])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _revision(name: str) -> str:
    """A hash of the names and contents of a model folder's files, its calibration aside since no vector depends on it; of the
    name itself for a hub model."""
    digest = hashlib.sha256(b"" if Path(name).is_dir() else name.encode())
    if Path(name).is_dir():
        for path in sorted(Path(name).rglob("*")):
            if path.suffix in _MODEL_FILES and path.name != CALIBRATION_FILE and path.is_file():
                digest.update(path.relative_to(name).as_posix().encode())
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def embedder() -> Embedder | None:
    """The embedder of `settings.EMBEDDING_MODEL`; None when none is set, or no library is installed to run it."""
    if not settings.EMBEDDING_MODEL or not has_model_library():
        return None
    return _embedder(settings.EMBEDDING_MODEL, settings.EMBEDDING_PREFIX)


@lru_cache(maxsize=1)
def has_model_library() -> bool:
    return find_spec("sentence_transformers") is not None


@lru_cache(maxsize=1)
def _embedder(name: str, prefix: str) -> Embedder:
    return Embedder(name, prefix)
