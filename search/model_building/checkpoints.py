"""Where a build stands, on disk, so that one that was stopped goes on.

One rule: a folder belongs to one plan (recipe and texts); with another plan it is refused rather than mixed. Files are written
beside and renamed: a stop in the middle leaves the previous one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from search.model_building.concepts import Concept
from search.model_building.recipe import TrainingRecipe

PLAN, CHECKPOINT = "plan.json", "checkpoint.pt"


class OtherPlan(Exception):
    """The work folder was begun with another recipe or other texts."""


def texts_digest(concepts: Iterable[Concept]) -> str:
    digest = hashlib.sha256()
    for concept in concepts:
        digest.update(json.dumps(asdict(concept), ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def open_work_folder(folder: Path, recipe: TrainingRecipe, texts: str) -> None:
    """Make the folder, or check that it was made for this plan. Raises `OtherPlan`."""
    plan = {"recipe": recipe.as_dict(), "texts": texts}
    path = folder / PLAN
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_beside(path, lambda beside: beside.write_text(json.dumps(plan, indent=2), encoding="utf-8"))
    elif json.loads(path.read_text(encoding="utf-8")) != plan:
        raise OtherPlan(f"{folder} a été commencé avec d'autres textes ou d'autres réglages.")


def write_beside(path: Path, write: Callable[[Path], Any]) -> None:
    beside = path.with_name(path.name + ".new")
    write(beside)
    beside.replace(path)


def save_checkpoint(folder: Path, steps_done: int, losses: list[float], state: dict[str, Any]) -> None:
    import torch

    content = {"steps_done": steps_done, "losses": losses, **state}
    write_beside(folder / CHECKPOINT, lambda beside: torch.save(content, beside))


def read_checkpoint(folder: Path) -> dict[str, Any] | None:
    import torch

    path = folder / CHECKPOINT
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None
