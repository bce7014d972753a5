"""What goes without saying: skills that somebody's own trade asks for, and that a text need not tell. Pure.

One rule: it never changes a score, which counts what is shown. It only says how much of what is missing is known in all
likelihood, so that trainings which teach the rest come first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from math import fsum

from matching.scoring import WEIGHTS, Requirement, credit

# Chosen on the tuning half of the judged people (docs/matching-quality.md).
NEAREST = 5  # jobs that are taken for somebody's trade: the first in the order of what is to be expected
SURENESS = 0.75  # that who is near to jobs which all ask for a skill has it
_HEAVIEST = max(WEIGHTS.values())


class Trade:
    """`jobs`: what each of the nearest jobs asks for. What the text denies or wishes for goes unsaid for another reason."""

    def __init__(
        self, jobs: Iterable[Sequence[Requirement]] = (), denied: AbstractSet[str] = frozenset()
    ) -> None:
        self._asked: defaultdict[str, list[Requirement]] = defaultdict(list)
        for one in (one for job in jobs for one in job if one.skill not in denied):
            self._asked[one.skill].append(one)

    def known(self, skill: str, level: int) -> float:
        """How far the skill is likely to be known at this level, from 0 to `SURENESS`."""
        asked = self._asked.get(skill, ())
        shares = (WEIGHTS[one.importance] / _HEAVIEST * credit(1.0, one.level, level) for one in asked)
        return SURENESS * fsum(shares) / NEAREST


NO_TRADE = Trade()


def trade_of(
    nearest: Iterable[tuple[str, Sequence[Requirement]]], denied: AbstractSet[str], wanted: str
) -> Trade:
    """The trade of who wants to come to the job `wanted`: the others among the nearest jobs, given by code with what each asks
    for, which is what the person does now.
    """
    others = [asked for code, asked in nearest if code != wanted]
    return Trade(others[:NEAREST], denied)
