"""The figures of the holdout half, which is run once: kept in files, with what they depend on. Pure: no Django, no engine.

One rule: nothing here writes over figures that are kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from matching.evaluation.extraction_figures import TextFigures
from matching.evaluation.ranking_figures import RankingFigures

RECORDED_FOLDER = Path(__file__).parent / "recorded"

Readings = Mapping[str, Sequence[TextFigures]]
Rankings = Mapping[str, Sequence[RankingFigures]]


class Part(Enum):
    """What is measured, each on a holdout of its own."""

    TEXTS = "texts"
    RANKINGS = "rankings"

    @property
    def file(self) -> str:
        return f"holdout-{self.value}.json"


@dataclass(frozen=True)
class Provenance:
    """The day of the one run, the fingerprint of the model of meaning, the version of the formula, the reader's floor."""

    measured_on: str
    encoder: str
    formula: str
    floor: float


def write_readings(provenance: Provenance, readings: Readings, folder: Path = RECORDED_FOLDER) -> None:
    """Raises FileExistsError when the half has been run."""
    _write(Part.TEXTS, provenance, readings, folder)


def write_rankings(provenance: Provenance, rankings: Rankings, folder: Path = RECORDED_FOLDER) -> None:
    """Raises FileExistsError when the half has been run."""
    _write(Part.RANKINGS, provenance, rankings, folder)


def read_readings(folder: Path = RECORDED_FOLDER) -> tuple[Provenance, Readings] | None:
    """By variant, one a text. None when the half has not been run."""
    found = _read(Part.TEXTS, folder)
    return found and (
        found[0],
        {name: [TextFigures(**one) for one in rows] for name, rows in found[1].items()},
    )


def read_rankings(folder: Path = RECORDED_FOLDER) -> tuple[Provenance, Rankings] | None:
    """By variant, one a person or need. None when the half has not been run."""
    found = _read(Part.RANKINGS, folder)
    return found and (
        found[0],
        {name: [RankingFigures(**one) for one in rows] for name, rows in found[1].items()},
    )


def _write(part: Part, provenance: Provenance, figures: Readings | Rankings, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    content = {name: [asdict(one) for one in rows] for name, rows in figures.items()}
    with (folder / part.file).open("x", encoding="utf-8") as file:
        json.dump({**asdict(provenance), "figures": content}, file, ensure_ascii=False, indent=1)
        file.write("\n")


def _read(part: Part, folder: Path) -> tuple[Provenance, dict[str, list[dict[str, object]]]] | None:
    path = folder / part.file
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    figures = content.pop("figures")
    return Provenance(**content), figures
