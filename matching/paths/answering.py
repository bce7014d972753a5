"""From the arrays back to what the person reads: steps with their days and who pays what. Pure: no Django, no engine.

One rule: the account pays the first steps first. How it is shared changes nothing of what the person pays in all.
"""

import datetime as dt

from matching.paths.forms import cost_of
from matching.paths.minimising import Optimum
from matching.paths.problem import Path, Step
from matching.paths.table import CENTS, DECAMETRES

NO_PATH = Path(steps=(), cost_eur=0.0, cpf_eur=0.0, ends_on=None, distance_km=0.0)


def path_of(found: Optimum) -> Path:
    """The steps of an optimum, in order of time."""
    choices, account = found.path, found.question.account
    left, steps = account, []
    for place in sorted(range(len(choices)), key=lambda one: found.starts[one]):
        option = choices.table.options[int(choices.option[place])]
        price, own = int(choices.price[place]), int(choices.own[place])
        paid = min(price - own, left)
        left -= paid
        starts_on = dt.date.fromordinal(found.starts[place])
        ends_on = starts_on + dt.timedelta(days=option.days - 1)
        steps.append(Step(option, starts_on, ends_on, (price - paid) / CENTS, paid / CENTS))
    if not steps:
        return NO_PATH
    return Path(
        steps=tuple(steps),
        cost_eur=cost_of(choices, account) / CENTS,
        cpf_eur=(account - left) / CENTS,
        ends_on=steps[-1].ends_on,
        distance_km=int(choices.travel.sum()) / DECAMETRES,
    )
