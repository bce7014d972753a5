"""From a cosine to the probability of a true match. Pure.

One rule: every floor is a probability; what cosine that is depends on the model, whose folder says so in `calibration.json`
(`manage.py calibrate_model` writes it). A model without the file is anchored at a floor that somebody chose for it.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = "calibration.json"
ANCHORED_SLOPE = 50.0  # of a model that nobody calibrated: E5 models pack all their cosines into a few tenths


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over the cosine (Platt, 1999)."""

    slope: float
    intercept: float

    def probability(self, similarity: float) -> float:
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, self.slope * similarity + self.intercept))))

    def similarity_at(self, probability: float) -> float:
        """The cosine that has this probability, which lies strictly between 0 and 1."""
        return (math.log(probability / (1 - probability)) - self.intercept) / self.slope


def anchored(similarity: float, probability: float) -> Calibration:
    """The curve that gives this cosine this probability, for a model that has no other."""
    return Calibration(
        ANCHORED_SLOPE, math.log(probability / (1 - probability)) - ANCHORED_SLOPE * similarity
    )


def read_calibrations(folder: Path) -> dict[str, Calibration]:
    """The curves of a model's folder, by kind of object; none when it has no such file.

    Raises `ValueError` for a file that cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        curves = json.loads(path.read_text(encoding="utf-8"))["curves"]
        return {
            kind: Calibration(float(one["slope"]), float(one["intercept"])) for kind, one in curves.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} : calibration illisible ({error}).") from error


def write_calibrations(folder: Path, curves: Mapping[str, Calibration], fitted_on: Mapping[str, Any]) -> None:
    content = {
        "curves": {kind: asdict(curve) for kind, curve in sorted(curves.items())},
        "fitted_on": fitted_on,
    }
    (folder / FILE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
