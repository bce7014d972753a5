"""Who takes which post: the assignment with the highest total score. Pure: no Django, no engine.

One rule: who holds a needed profile keeps it; the others are placed by an exact assignment, and nobody is put in a post
under the floor under which matching shows no job.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.calibration import MATCH_FLOOR

NO_POST = -1


def assign(scores: NDArray[np.float64], posts: Sequence[int], current: Sequence[int]) -> list[int]:
    """For each person (a row) the profile (a column) of the post taken, or NO_POST. `current` is the profile held now, or
    NO_POST.

    Of more holders than posts the best scores keep theirs; equal ones in the order of the rows.
    """
    taken = _kept(scores, posts, current)
    left = np.array(posts) - np.bincount([one for one in taken if one != NO_POST], minlength=len(posts))
    free = [person for person, profile in enumerate(taken) if profile == NO_POST]
    columns = [profile for profile, count in enumerate(left) for _ in range(min(count, len(free)))]
    for person, place in _placed(scores[np.ix_(free, columns)]):
        taken[free[person]] = columns[place]
    return taken


def _kept(scores: NDArray[np.float64], posts: Sequence[int], current: Sequence[int]) -> list[int]:
    taken = [NO_POST] * len(current)
    for profile, count in enumerate(posts):
        holders = [person for person, held in enumerate(current) if held == profile]
        for person in sorted(holders, key=lambda one: (-scores[one, profile], one))[:count]:
            taken[person] = profile
    return taken


def _placed(scores: NDArray[np.float64]) -> list[tuple[int, int]]:
    if not scores.size:
        return []
    from scipy.optimize import linear_sum_assignment  # half a second that only this needs

    counted = np.where(scores >= MATCH_FLOOR, scores, 0.0)
    pairs = zip(*linear_sum_assignment(counted, maximize=True), strict=True)
    return [(int(person), int(place)) for person, place in pairs if counted[person, place] > 0]
