"""The best path for one objective, then for the others among its equals. Pure: no Django, no engine.

One rule: the order is total, so that the same question has the same answer: the objective, the others in the order cost,
distance, end, the fewest steps, the first codes. The equals of what has been minimised are gone through when they are few
(`equals`), else minimised in turn. The end is no sum: from the first day that is not ruled out (`sweep`, then the bounds), the
soonest is searched for among the days, each of which either leaves a path or is proven not to.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from matching.paths.equals import First, TooMany, first_of
from matching.paths.forms import COST, DISTANCE, Cap, Form
from matching.paths.minimising import Optimum, Question, minimise, surely_none
from matching.paths.problem import Objective
from matching.paths.pruning import able, undominated
from matching.paths.sweep import no_sooner_than
from matching.paths.table import NEVER

FORMS = {Objective.COST: COST, Objective.DISTANCE: DISTANCE}
# Most choices are equally near, at home: among these, where to look is decided by the cost.
GUIDES = {Objective.DISTANCE: Form(travel=100, cost=1)}
ORDER = (Objective.COST, Objective.DISTANCE, Objective.END)


def best(question: Question, objective: Objective, caps: Sequence[Cap] = ()) -> Optimum | None:
    """The best path for this objective under caps on forms; None when there is no path."""
    if objective is Objective.DISTANCE:
        found = _without_trips(question, caps)
        if found is not None:
            return found
    stages = [objective, *(other for other in ORDER if other != objective)]
    return _improved(question, stages, list(caps))


def _without_trips(question: Question, caps: Sequence[Cap]) -> Optimum | None:
    """The best path that asks for no trip, than which none is nearer."""
    at_home = question.choices.take(question.choices.travel == 0)
    return best(replace(question, choices=able(at_home)), Objective.COST, caps)


def best_for(question: Question, form: Form, caps: Sequence[Cap]) -> Optimum | None:
    """The best path for a form that grows with the cost and the distance."""
    found = minimise(question, form, caps)
    if found is None:
        return None
    caps = [*caps, Cap(form, found.value)]
    return _first_of_equals(found, caps) or _improved(found.question, ORDER, caps, found.end)


def _improved(
    question: Question, stages: Sequence[Objective], caps: list[Cap], known: int | None = None
) -> Optimum | None:
    """The path that these objectives choose, one after the other; then the fewest steps, then the first codes."""
    for stage in stages:
        if stage == Objective.END:
            known = soonest(question, caps, known)
            if known is None:
                return None
            question = question.until(known)
            continue
        form, at_most, others = _apart(FORMS[stage], caps)
        found = minimise(question, form, others, GUIDES.get(stage), at_most)
        if found is None:
            return None
        question, known = found.question, found.end
        caps = [*others, Cap(form, found.value)]
        first = _first_of_equals(found, caps)
        if first is not None:
            return first
    table = question.choices.table
    return minimise(question, Form(steps=len(table.options) * max(table.targets, 1), order=1), caps)


def _first_of_equals(found: Optimum, caps: Sequence[Cap]) -> Optimum | None:
    """The first in the order of the paths that are as good as this one; None when they are too many to be gone through.

    The order is that of `equals`, whatever the objective: what it has minimised before is equal in all of them.
    """
    try:
        first = first_of(
            found.question.choices,
            caps,
            found.question.account,
            First(found.path, found.starts),
            found.promise,
        )
    except TooMany:
        return None
    return found if first is None else replace(found, path=first.path, starts=first.starts)


def _apart(form: Form, caps: Sequence[Cap]) -> tuple[Form, float, list[Cap]]:
    """The form, the most that the caps allow it, and the other caps."""
    most = min((cap.most for cap in caps if cap.form == form), default=np.inf)
    return form, float(most), [cap for cap in caps if cap.form != form]


def soonest(question: Question, caps: Sequence[Cap], known: int | None = None) -> int | None:
    """The day by which the path that ends the soonest under these caps does. `known` is a day by which one does."""

    def surely_later(day: int) -> bool:
        return surely_none(question.until(day), *_possibly(caps))

    def by(day: int) -> Optimum | None:
        return possible(question.until(day), caps)

    low = no_sooner_than(question.choices, question.starts_from)
    if low == NEVER:
        return None
    latest = _last_day(question) if known is None else known
    step, high = 1, low
    while high < latest and surely_later(high):
        low, high, step = high + 1, min(high + step, latest), step * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if surely_later(middle) else (low, middle)
    return _first_with(low, latest, by)


def possible(question: Question, caps: Sequence[Cap]) -> Optimum | None:
    """Any path under these caps; None when there is none."""
    choices = undominated(able(question.choices), [cap.form for cap in caps])
    form, others, at_most = _possibly(caps)
    return minimise(replace(question, choices=choices), form, others, None, at_most)


def _possibly(caps: Sequence[Cap]) -> tuple[Form, list[Cap], float]:
    """What to minimise in order to know whether there is a path: what the first cap is about, else days, of which there
    are few."""
    if not caps:
        return Form(days=1), [], np.inf
    form, at_most, others = _apart(caps[0].form, caps)
    return form, others, at_most


def _first_with(low: int, latest: int, by: Callable[[int], Optimum | None]) -> int | None:
    """The first day by which there is a path, no day before `low` being one."""
    day, step = low, 1
    while (found := by(day)) is None:
        if day >= latest:
            return None
        low, day, step = day + 1, min(day + step, latest), step * 2
    while low < found.end:
        middle = (low + found.end) // 2
        sooner = by(middle)
        if sooner is None:
            low = middle + 1
        else:
            found = sooner
    return found.end


def _last_day(question: Question) -> int:
    return int((question.choices.closes + question.choices.days - 1).max(initial=0))
