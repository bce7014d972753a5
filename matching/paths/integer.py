"""The integer program over some choices, solved by HiGHS. Pure: no Django, no engine.

One rule: an answer is proven or there is none. HiGHS works with small tolerances, so that what it found is counted again in
whole numbers, and refused when it does not hold.
"""

from collections.abc import Sequence

import numpy as np

from matching.errors import PathUnproven
from matching.paths.forms import Cap, Form, value_of
from matching.paths.program import TIME_LIMIT_S, Program, Scaled, ScaledCap
from matching.paths.table import Integers, Numbers

MOST_REFUSED = 20
MANY = 500  # choices beyond which a day has a row only once a solution took it twice


def solve(
    program: Program, taken: Integers, form: Form, caps: Sequence[Cap], days: Sequence[int] = ()
) -> Integers | None:
    """The choices among these that minimise a form under caps, windows being thought to fit wherever they may; None if
    none do."""
    taken = _supported(program, taken)
    if not _covers(program, taken):
        return None
    scaled = Scaled.of(form, program.choices)
    scaled_caps = [ScaledCap.of(cap, program.choices) for cap in caps]
    busiest = program.busiest(taken)
    rows_of = busiest if len(taken) <= MANY else np.unique(np.array(days, dtype=np.int64))
    refused: list[Integers] = []
    while len(refused) <= MOST_REFUSED:
        chosen = _solved(program, taken, scaled, scaled_caps, rows_of, refused)
        if chosen is None:
            return None
        on = (program.from_day[chosen] <= busiest[:, None]) & (program.to_day[chosen] >= busiest[:, None])
        broken = busiest[on.sum(axis=1) > 1]
        if len(broken):
            rows_of = np.union1d(rows_of, broken)
        elif _exceeds(program, chosen, caps):
            refused.append(chosen)
        else:
            return chosen
    raise PathUnproven("HiGHS finds only paths that exceed a limit by less than it can tell.")


def _exceeds(program: Program, chosen: Integers, caps: Sequence[Cap]) -> bool:
    """By less than HiGHS can tell. Forms only grow, so that whatever has all of these exceeds it too."""
    path = program.choices.take(chosen)
    return any(value_of(cap.form, path, program.account) > cap.most for cap in caps)


def _supported(program: Program, taken: Integers) -> Integers:
    """Without the choices that ask for what none of the others brings."""
    inside = np.zeros(len(program), dtype=np.bool_)
    inside[taken] = True
    asks = program.asks_of(taken).tolist()
    shrinks = True
    while shrinks:
        shrinks = False
        for ask in asks:
            one = program.asking[ask]
            if inside[one] and not inside[program.sides(ask)[1]].any():
                inside[one] = False
                shrinks = True
    return np.flatnonzero(inside)


def _covers(program: Program, taken: Integers) -> bool:
    inside = np.zeros(len(program), dtype=np.bool_)
    inside[taken] = True
    return len(np.unique(program.covered[inside[program.covering]])) == program.targets


def _solved(
    program: Program,
    taken: Integers,
    scaled: Scaled,
    caps: Sequence[ScaledCap],
    days: Integers,
    refused: Sequence[Integers],
) -> Integers | None:
    """`refused` are sets of choices that may not be taken together."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    trainings, times = np.unique(program.training[taken], return_counts=True)
    rows = program.rows(taken, caps, days, trainings[times > 1], program.asks_of(taken))
    for one in refused:
        rows.add(np.searchsorted(taken, one), 1.0, len(one) - 1.0)
    costs: Numbers = np.append(scaled.weights[taken], scaled.cost)
    whole = np.append(np.ones(len(taken)), 0)
    solved = milp(
        costs,
        integrality=whole,
        bounds=Bounds(np.zeros(len(costs)), np.append(np.ones(len(taken)), np.inf)),
        constraints=LinearConstraint(rows.matrix(len(costs)), ub=np.array(rows.most)),
        options={"mip_rel_gap": 0.0, "time_limit": TIME_LIMIT_S},
    )
    if solved.status == 2:
        return None
    if solved.status != 0:
        raise PathUnproven(f"HiGHS stopped without a proof: {solved.message}")
    return taken[solved.x[:-1] > 0.5]
