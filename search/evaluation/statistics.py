"""How sure a mean is: percentile bootstrap, of one mean and of the difference of two. Pure: no Django, no engine.

One rule: the seed is fixed, so that the same figures give the same intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2_000
CONFIDENCE = 0.95
SEED = 20_260_101

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean over `count` queries, and the interval that holds 95 % of its resamples."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def is_significant(self) -> bool:
        """Of a difference: zero is not a likely value."""
        return self.low > 0 or self.high < 0


def mean_interval(values: Sequence[float]) -> Estimate | None:
    """None where there is nothing to take the mean of."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=np.float64)
    return _estimate(float(numbers.mean()), numbers[_drawn(len(numbers))].mean(axis=1), len(numbers))


def paired_difference(one: Sequence[float], other: Sequence[float]) -> Estimate | None:
    """The mean of `one` minus that of `other`, both measured on the same queries in the same order."""
    return mean_interval([first - second for first, second in zip(one, other, strict=True)])


def share_interval(chosen: Sequence[bool], among: Sequence[bool]) -> Estimate | None:
    """The share that is chosen among those flagged. The queries are drawn, so that how many are flagged varies too."""
    both = np.asarray(chosen, dtype=bool) & np.asarray(among, dtype=bool)
    flagged = np.asarray(among, dtype=bool)
    if not flagged.any():
        return None
    drawn = _drawn(len(flagged))
    counts = flagged[drawn].sum(axis=1)
    shares = both[drawn].sum(axis=1)[counts > 0] / counts[counts > 0]
    return _estimate(float(both.sum() / flagged.sum()), shares, int(flagged.sum()))


def _drawn(size: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, size, (RESAMPLES, size))


def _estimate(mean: float, resampled: Numbers, count: int) -> Estimate:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Estimate(mean, float(low), float(high), count)
