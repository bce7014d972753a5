"""What is minimised or capped: whole numbers that add up over the steps of a path. Pure: no Django, no engine.

One rule: what a path costs is no sum. The account pays as much as it may and holds, so that the person pays the greater of
two sums: the prices less what the account holds, and the parts that the account may not pay.
"""

from dataclasses import dataclass

import numpy as np

from matching.paths.choices import NO_WAIVER, Choices, Waiver
from matching.paths.table import Integers

POPULATION = np.array([bin(flags).count("1") for flags in range(16)], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Form:
    """So many times what the path costs, and so many times each sum over its steps."""

    cost: int = 0
    price: int = 0
    own: int = 0
    travel: int = 0
    days: int = 0
    waivers: int = 0
    waiver: Waiver = NO_WAIVER  # which ones count
    steps: int = 0
    order: int = 0  # places in the order of codes: decides between paths that are otherwise equal

    def weights(self, choices: Choices) -> Integers:
        """What each choice adds, its part of the cost apart."""
        weights = np.full(len(choices), self.steps, dtype=np.int64)
        for weight, values in (
            (self.price, choices.price),
            (self.own, choices.own),
            (self.travel, choices.travel),
            (self.days, choices.days),
            (self.waivers, POPULATION[choices.waivers & self.waiver]),
            (self.order, choices.option),
        ):
            if weight:
                weights += weight * values
        return weights

    def amounts(self, choices: Choices) -> list[Integers]:
        """What may not grow, choice by choice, for the form not to."""
        amounts = [choices.price, choices.own] if self.cost else []
        weights = self.weights(choices)
        return [*amounts, weights] if weights.any() else amounts


@dataclass(frozen=True, slots=True)
class Cap:
    """A form that may not exceed this value."""

    form: Form
    most: int


COST = Form(cost=1)
DISTANCE = Form(travel=1)


def cost_of(choices: Choices, account: int) -> int:
    """Cents that the person pays for all of these."""
    return max(int(choices.price.sum()) - account, int(choices.own.sum()))


def value_of(form: Form, choices: Choices, account: int) -> int:
    """The value of a form for a path made of all of these."""
    return form.cost * cost_of(choices, account) + int(form.weights(choices).sum())
