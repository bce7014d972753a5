"""Where and how precisely to compute: a GPU when there is one; bfloat16 where the processor has it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from search.processor import has_bfloat16


def best_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def reduced_precision(device: str) -> AbstractContextManager[Any]:
    """bfloat16 where it is faster, for what runs inside: it halves the time of a step."""
    import torch

    if device == "cuda" or has_bfloat16():
        return torch.autocast(device, torch.bfloat16)
    return nullcontext()
