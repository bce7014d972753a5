"""An encoder in training: texts to unit vectors, with the same pooling as in the shipped folder."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.model_building.devices import best_device, reduced_precision

BATCH = 256
GROUP = 64  # texts of like lengths encoded together
Progress = Callable[[range], Iterable[int]]


class TokenTable:
    """The tokens of many texts, cut once and for all; rows are padded as they are asked for."""

    def __init__(self, tokenizer: Any, texts: Sequence[str], most_tokens: int) -> None:
        ids = tokenizer(list(texts), truncation=True, max_length=most_tokens, return_attention_mask=False)
        self.lengths = np.array([len(row) for row in ids["input_ids"]])
        self._starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self._flat = np.concatenate([np.array(row, dtype=np.int64) for row in ids["input_ids"]])
        self._pad = tokenizer.pad_token_id

    def padded(self, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Token ids and attention mask, one line a row."""
        places = np.arange(self.lengths[rows].max())
        mask = places < self.lengths[rows][:, None]
        ids = np.where(mask, self._flat[(self._starts[rows][:, None] + places) * mask], self._pad)
        return ids, mask.astype(np.int64)


class Encoder:
    """The transformer and tokenizer of a SentenceTransformer folder."""

    def __init__(self, folder: Path, most_tokens: int) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.device = best_device()
        self.model = AutoModel.from_pretrained(folder, add_pooling_layer=False).float().to(self.device)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.most_tokens = most_tokens

    def table(self, texts: Sequence[str]) -> TokenTable:
        return TokenTable(self.tokenizer, texts, self.most_tokens)

    def vectors(self, table: TokenTable, rows: npt.NDArray[np.int64]) -> Any:
        """A float32 tensor of unit lines on the encoder's device, gradients kept. On a processor, texts of like lengths go
        together: padding is half the work otherwise."""
        import torch

        if self.device != "cpu":
            return self._vectors(table, rows)
        order = np.argsort(table.lengths[rows], kind="stable")
        parts = [self._vectors(table, rows[part]) for part in np.array_split(order, -(-len(rows) // GROUP))]
        return torch.cat(parts)[torch.from_numpy(np.argsort(order))]

    def _vectors(self, table: TokenTable, rows: npt.NDArray[np.int64]) -> Any:
        import torch

        ids, mask = (torch.from_numpy(part).to(self.device) for part in table.padded(rows))
        with reduced_precision(self.device):
            hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        seen = mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((hidden.float() * seen).sum(1) / seen.sum(1), dim=-1)

    def encode(self, texts: Sequence[str], progress: Progress = iter) -> npt.NDArray[np.float32]:
        """Unit vectors without gradients, encoded by length so that little is padding."""
        import torch

        table = self.table(texts)
        order = np.argsort(table.lengths, kind="stable")
        vectors = np.empty((len(texts), self.model.config.hidden_size), dtype=np.float32)
        self.model.eval()
        with torch.inference_mode():
            for start in progress(range(0, len(order), BATCH)):
                rows = order[start : start + BATCH]
                vectors[rows] = self.vectors(table, rows).cpu().numpy()
        return vectors
