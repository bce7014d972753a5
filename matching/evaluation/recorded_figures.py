"""The figures of the holdout half, which is run once: kept in files, with what they depend on. Pure: no Django, no engine.

One rule: nothing here writes over figures that are kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from matching.evaluation.extraction_figures import TextFigures
from matching.evaluation.ranking_figures import RankingFigures

Row = TypeVar("Row")
RECORDED_FOLDER = Path(__file__).parent / "recorded"
TEXTS_FILE, RANKINGS_FILE = "holdout-texts.json", "holdout-rankings.json"

Readings = Mapping[str, Sequence[TextFigures]]
Rankings = Mapping[str, Sequence[RankingFigures]]


@dataclass(frozen=True)
class Provenance:
    """The day of the one run, the fingerprint of the model of meaning, the version of the formula, the reader's floor."""

    measured_on: str
    encoder: str
    formula: str
    floor: float


def write_figures(path: Path, provenance: Provenance, figures: Readings | Rankings) -> None:
    """Raises FileExistsError when the half has been run."""
    content = {name: [asdict(one) for one in rows] for name, rows in figures.items()}
    text = json.dumps({**asdict(provenance), "figures": content}, ensure_ascii=False, indent=1)
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text + "\n")


def read_readings(path: Path = RECORDED_FOLDER / TEXTS_FILE) -> tuple[Provenance, Readings] | None:
    """By variant, one a text. None when the half has not been run."""
    return _read(path, TextFigures)


def read_rankings(path: Path = RECORDED_FOLDER / RANKINGS_FILE) -> tuple[Provenance, Rankings] | None:
    """By variant, one a person or need. None when the half has not been run."""
    return _read(path, RankingFigures)


def _read(path: Path, kind: Callable[..., Row]) -> tuple[Provenance, dict[str, list[Row]]] | None:
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    figures = content.pop("figures")
    return Provenance(**content), {name: [kind(**one) for one in rows] for name, rows in figures.items()}
