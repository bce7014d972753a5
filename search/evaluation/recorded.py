"""Figures kept in files: the holdout half, run once, and what the tuning half is held to. Pure: no Django, no engine.

One rule: figures are kept with what they depend on: the golden set, the index and the model. Nothing here writes over the
holdout's file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.evaluation.figures import MAIN, QueryFigures
from search.evaluation.golden_files import GoldenSetError

RECORDED_FOLDER = Path(__file__).parent / "recorded"
HOLDOUT_FILE = "holdout.json"
BASELINE_FILE = "tuning.json"

FiguresByMode = Mapping[str, Sequence[QueryFigures]]


@dataclass(frozen=True)
class Recipe:
    """What figures depend on besides the code. No model: an empty name and fingerprint."""

    engine: str
    documents: int
    model: str
    fingerprint: str
    semantic_probability: float
    semantic_limit: int


@dataclass(frozen=True)
class Provenance:
    """When figures were recorded, on which golden set (its digest), with which index and model."""

    recorded_on: str
    golden: str
    recipe: Recipe


@dataclass(frozen=True)
class Holdout:
    provenance: Provenance
    figures: FiguresByMode


@dataclass(frozen=True)
class Baseline:
    """nDCG@10 of each query with an answer, by mode."""

    provenance: Provenance
    ndcg10: Mapping[str, Mapping[str, float]]


def write_holdout(folder: Path, holdout: Holdout) -> None:
    """Raises FileExistsError when the holdout half has been run."""
    content = {mode: [one.as_dict() for one in figures] for mode, figures in holdout.figures.items()}
    with (folder / HOLDOUT_FILE).open("x", encoding="utf-8") as file:
        file.write(_json(holdout.provenance, "figures", content))


def read_holdout(folder: Path = RECORDED_FOLDER) -> Holdout | None:
    """None when the holdout half has not been run."""
    content = _read(folder / HOLDOUT_FILE, "figures")
    if content is None:
        return None
    provenance, figures = content
    return Holdout(
        provenance, {mode: [QueryFigures(**one) for one in queries] for mode, queries in figures.items()}
    )


def write_baseline(folder: Path, provenance: Provenance, figures: FiguresByMode) -> None:
    content = {
        mode: {one.id: one.values[MAIN] for one in queries if one.has_answer}
        for mode, queries in figures.items()
    }
    (folder / BASELINE_FILE).write_text(_json(provenance, MAIN, content), encoding="utf-8")


def read_baseline(folder: Path = RECORDED_FOLDER) -> Baseline | None:
    """None when no run was recorded."""
    content = _read(folder / BASELINE_FILE, MAIN)
    return None if content is None else Baseline(*content)


def _json(provenance: Provenance, name: str, content: Mapping[str, Any]) -> str:
    return json.dumps({**asdict(provenance), name: content}, ensure_ascii=False, indent=1) + "\n"


def _read(path: Path, name: str) -> tuple[Provenance, Any] | None:
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        recipe = Recipe(**content["recipe"])
        return Provenance(content["recorded_on"], content["golden"], recipe), content[name]
    except (ValueError, KeyError, TypeError) as error:
        raise GoldenSetError(f"{path.name} ne se lit pas : {error}") from error
