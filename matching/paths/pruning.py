"""Which choices no best path needs. Pure: no Django, no engine.

One rule: nothing is left out that could make a path possible or better. A choice goes when another one does everything it
does at no later place, in fewer days, for no more, so that it can take its place in any path; or when nothing brings what
it asks for.
"""

from collections.abc import Sequence

import numpy as np

from matching.paths.choices import Choices
from matching.paths.forms import POPULATION, Form
from matching.paths.table import NEVER, Integers, Mask

COMPARED = 1 << 21  # pairs at a time


def able(choices: Choices) -> Choices:
    """Without the choices that ask for what none of the others brings before they must begin."""
    while True:
        brings, asks = choices.brings(), choices.asks()
        brought = np.full(len(choices.table.tokens), NEVER)
        np.minimum.at(brought, brings.tokens, choices.soonest[brings.rows()])
        asking = asks.rows()
        late = brought[asks.tokens] >= choices.last[asking]
        if not late.any():
            return choices
        kept = np.ones(len(choices), dtype=np.bool_)
        kept[asking[late]] = False
        choices = choices.take(kept)


def undominated(choices: Choices, forms: Sequence[Form]) -> Choices:
    """The choices that a path needs which is to be possible, or small in these forms, and what those ask for.

    A choice is dominated by one that brings at least the same of what matters, asks for no more, has adds no more to any
    form and, wherever the other begins, fits into its days. What matters is the targets and, in turn, what the choices that
    are left ask for.
    """
    return _Dominance(choices, forms).left()


class _Dominance:
    def __init__(self, choices: Choices, forms: Sequence[Form]) -> None:
        self.choices, table = choices, choices.table
        brings, asks = choices.brings(), choices.asks()
        self.rows, self.tokens = brings.rows(), brings.tokens
        self.asking, self.asked = asks.rows(), asks.tokens
        self.same_asks = np.where(asks.sizes() == 0, -1, table.same_asks[choices.option])
        self.uniform = table.uniform[choices.option]
        self.training = choices.training
        self.amounts = [choices.soonest, -choices.last, choices.days]
        for form in forms:
            self.amounts += form.amounts(choices)
        self.total = np.sum(self.amounts, axis=0)
        self.matters = np.zeros(len(table.tokens), dtype=np.bool_)
        self.kept = np.zeros(len(choices), dtype=np.bool_)

    def left(self) -> Choices:
        fresh = np.arange(self.choices.table.targets)
        while len(fresh):
            self.matters[fresh] = True
            self._read_tokens()
            judged = np.zeros(len(self.choices), dtype=np.bool_)
            for token in fresh.tolist():
                bringing = self.rows[self.tokens == token]
                self._judge(bringing[~judged[bringing]], bringing)
                judged[bringing] = True
            asked = np.unique(self.asked[self.kept[self.asking]])
            fresh = asked[~self.matters[asked]]
        return self.choices.take(self.kept)

    def _read_tokens(self) -> None:
        """The tokens that matter of each choice as bits; and an order in which whatever dominates a choice comes before it."""
        mattering = self.matters[self.tokens]
        place = np.cumsum(self.matters) - 1
        rows, bits = self.rows[mattering], place[self.tokens[mattering]]
        self.words = np.zeros((int(place[-1]) // 64 + 1, len(self.choices)), dtype=np.uint64)
        np.bitwise_or.at(self.words, (bits // 64, rows), np.uint64(1) << (bits % 64).astype(np.uint64))
        self.brought = np.bincount(rows, minlength=len(self.choices))
        waived = POPULATION[self.choices.waivers]
        order = np.lexsort((waived + (self.same_asks >= 0), -self.brought, self.total))
        self.rank = np.empty(len(order), dtype=np.int64)
        self.rank[order] = np.arange(len(order))

    def _judge(self, choices: Integers, others: Integers) -> None:
        """Keeps those of these choices that none of the others dominates."""
        size = max(1, COMPARED // max(len(others), 1))
        for begin in range(0, len(choices), size):
            part = choices[begin : begin + size]
            self.kept[part] = ~self._dominates(others, part[:, None]).any(axis=1)

    def _dominates(self, other: Integers, one: Integers) -> Mask:
        beaten = self.rank[other] < self.rank[one]
        for amount in self.amounts:
            beaten &= amount[other] <= amount[one]
        for word in self.words:
            beaten &= (word[one] & ~word[other]) == 0
        waivers = self.choices.waivers
        beaten &= (waivers[other] & ~waivers[one]) == 0
        beaten &= (self.same_asks[other] == self.same_asks[one]) | (self.same_asks[other] < 0)
        # Taking the other's place may not take a second choice of a training, unless both bring the same: the later one
        # then goes.
        beaten &= self.uniform[other] | (self.training[other] == self.training[one])
        return beaten
