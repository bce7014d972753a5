"""Fusing rankings by rank. Pure: no Django, no engine.

One rule: equal scores follow `neutral_order`, which depends on the code alone and favours nobody: neither the alphabet, nor
age, nor the size of an organisation.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

RANK_CONSTANT = 60


def neutral_order(code: str) -> bytes:
    """The published sort key between equals: SHA-256 of the code."""
    return hashlib.sha256(code.encode()).digest()


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Codes by decreasing score, equal ones in neutral order."""
    return sorted(scores, key=lambda code: (-scores[code], neutral_order(code)))


def reciprocal_rank_fusion(
    rankings: Iterable[Sequence[str]], rank_constant: int = RANK_CONSTANT
) -> dict[str, float]:
    """The fused score of each code: the sum of 1 / (rank_constant + rank), ranks from 1 (Cormack et al., 2009)."""
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, code in enumerate(ranking, start=1):
            scores[code] += 1 / (rank_constant + rank)
    return dict(scores)
