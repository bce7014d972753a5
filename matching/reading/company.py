"""Which skills keep company: how often who holds one holds the other, by job profiles and annotated texts. Pure: no Django.

One rule: skills that passages speak for speak for one another; company alone never names a skill.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.reading.passage_model import Floats

SIGNS = ("company", "crowd")
CLOSEST = 3  # the skills that speak most for another one
# Under this a skill speaks for no other: a sentence about nothing changes nothing of what the others show.
LEAST_LIKELY = 0.4


@dataclass(frozen=True)
class Company:
    """`shares[one, other]`: of the profiles and texts that have the one, those that have the other; rows and columns follow
    `codes`. One more is counted as having nothing else, so that rare skills tell little.
    """

    codes: tuple[str, ...]
    shares: Floats

    @classmethod
    def of(cls, codes: Sequence[str], groups: Iterable[Iterable[str]]) -> "Company":
        """From the skills that go together, a group for each profile or text; those that are no code are left out."""
        places = {code: place for place, code in enumerate(codes)}
        together = np.zeros((len(codes), len(codes)), dtype=np.float32)
        for group in groups:
            inside = sorted({places[code] for code in group if code in places})
            together[np.ix_(inside, inside)] += 1
        had = together.diagonal().copy()
        np.fill_diagonal(together, 0.0)
        return cls(tuple(codes), together / (had[:, None] + 1))

    def signs(self, codes: Sequence[str], probabilities: Sequence[float]) -> list[dict[str, float]]:
        """Of each of these skills of a text, likely as said: how far the three others that say it most speak for it, and how
        many others there are.
        """
        likely = np.asarray(probabilities, dtype=np.float64)
        likely = np.where(likely >= LEAST_LIKELY, likely, 0.0)
        others = np.maximum(likely.sum() - likely, 0.0)
        spoken = np.sort(self._between(codes) * likely[:, None], axis=0)[-CLOSEST:].sum(axis=0)
        company = spoken / (np.minimum(others, CLOSEST) + 0.5)
        return [
            dict(zip(SIGNS, (float(one), float(other)), strict=True))
            for one, other in zip(company, np.log1p(others), strict=True)
        ]

    def _between(self, codes: Sequence[str]) -> Floats:
        """The shares between these skills; none for one that is newer than the model."""
        known = {code: place for place, code in enumerate(self.codes)}
        rows = [row for row, code in enumerate(codes) if code in known]
        places = [known[codes[row]] for row in rows]
        found = np.zeros((len(codes), len(codes)), dtype=np.float32)
        found[np.ix_(rows, rows)] = self.shares[np.ix_(places, places)]
        return found
