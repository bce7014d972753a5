"""How well titles are linked to the labels of a list, as the MELO benchmark measures it. Pure: no Django, no engine.

One rule: every label is ranked alone, and a query is worth the ranks of its relevant labels; ranking by concept is a figure
of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.evaluation.metrics import average_precision_of_ranks
from search.linking import LabelRanker, ranks

HITS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class LinkingQuery:
    """A title and the codes of the labels that are right for it, at least one."""

    id: str
    title: str
    relevant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """The ranks of a query's relevant labels among all, in its own order, ranked alone and by concept."""

    query: LinkingQuery
    ranks: list[int]
    ranks_by_concept: list[int]

    def as_dict(self) -> dict[str, object]:
        return {
            "query_id": self.query.id,
            "ranks": dict(zip(self.query.relevant, self.ranks, strict=True)),
        }


def rank_queries(ranker: LabelRanker, queries: Sequence[LinkingQuery]) -> Iterator[RankedQuery]:
    columns = {label.code: column for column, label in enumerate(ranker.known.labels)}
    scored = ranker.each(query.title for query in queries)
    for query, scores in zip(queries, scored, strict=True):
        wanted = np.array([columns[code] for code in query.relevant], dtype=np.intp)
        yield RankedQuery(query, ranks(scores, wanted), ranks(ranker.with_concepts(scores), wanted))


def figures(ranked: Iterable[RankedQuery]) -> dict[str, float]:
    """The means over the queries, at least one, to four decimals."""
    ranked = list(ranked)
    first = [min(one.ranks) for one in ranked]
    measured = {
        "map": [average_precision_of_ranks(one.ranks, len(one.ranks)) for one in ranked],
        "mrr": [1 / rank for rank in first],
        **{f"hit{k}": [float(rank <= k) for rank in first] for k in HITS},
        "map_by_concept": [
            average_precision_of_ranks(one.ranks_by_concept, len(one.ranks)) for one in ranked
        ],
    }
    means = {name: round(sum(values) / len(values), 4) for name, values in measured.items()}
    return {"queries": len(ranked), **means}
