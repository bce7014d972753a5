"""The figures of each query, and their means by kind, language and target. Pure: no Django, no engine.

One rule: means of ranking figures are taken over the queries that have an answer, those of abstention over all of them; every
mean is told with its interval and its count.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from search.evaluation.golden_set import KINDS, LANGUAGES, TARGETS, GoldenQuery, GoldenSet
from search.evaluation.metrics import average_precision, hit_at, ndcg_at, recall_at, reciprocal_rank
from search.evaluation.statistics import Estimate, mean_interval, paired_difference, share_interval

MAIN = "ndcg10"
FIGURES = (MAIN, "map", "mrr", "hit1", "hit3", "recall10")
NO_ANSWER = ("no_answer_precision", "no_answer_recall")
EVERY_QUERY = ("all", "")
DECIMALS = 6


@dataclass(frozen=True)
class Answer:
    """What the search gave: the codes found, best first."""

    ranking: tuple[str, ...]
    abstained: bool


@dataclass(frozen=True)
class QueryFigures:
    """One query in one mode. `values` has every name of `FIGURES`, rounded as they are recorded."""

    id: str
    lang: str
    kind: str
    target: str
    has_answer: bool
    abstained: bool
    values: Mapping[str, float]

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "values": dict(self.values)}


@dataclass(frozen=True)
class Summary:
    """The means of a group of queries; a figure that has nothing to be taken over is missing."""

    queries: int
    with_answer: int
    abstained: int
    estimates: Mapping[str, Estimate]


def figures_of(golden: GoldenSet, query: GoldenQuery, answer: Answer) -> QueryFigures:
    relevant, ranking = golden.relevant(query.id), answer.ranking
    values = {
        "ndcg10": ndcg_at(ranking, golden.grades(query.id), 10),
        "map": average_precision(ranking, relevant),
        "mrr": reciprocal_rank(ranking, relevant),
        "hit1": hit_at(ranking, relevant, 1),
        "hit3": hit_at(ranking, relevant, 3),
        "recall10": recall_at(ranking, relevant, 10),
    }
    return QueryFigures(
        query.id,
        query.lang,
        query.kind,
        query.target,
        has_answer=bool(relevant),
        abstained=answer.abstained,
        values={name: round(value, DECIMALS) for name, value in values.items()},
    )


Group = tuple[str, str]


def grouped(figures: Sequence[QueryFigures]) -> dict[Group, list[QueryFigures]]:
    """All the queries, then those of each kind, language and target, in a fixed order; empty groups are left out."""
    groups: defaultdict[Group, list[QueryFigures]] = defaultdict(list)
    for one in figures:
        for group in (EVERY_QUERY, ("kind", one.kind), ("lang", one.lang), ("target", one.target)):
            groups[group].append(one)
    order = [EVERY_QUERY, *(("kind", kind) for kind in KINDS)]
    order += [*(("lang", lang) for lang in LANGUAGES), *(("target", target) for target in TARGETS)]
    return {group: groups[group] for group in order if group in groups}


def summarise(figures: Sequence[QueryFigures]) -> Summary:
    answerable = [one for one in figures if one.has_answer]
    abstained = [one.abstained for one in figures]
    unanswerable = [not one.has_answer for one in figures]
    estimates = {name: mean_interval([one.values[name] for one in answerable]) for name in FIGURES}
    estimates["no_answer_precision"] = share_interval(unanswerable, among=abstained)
    estimates["no_answer_recall"] = share_interval(abstained, among=unanswerable)
    return Summary(
        len(figures),
        len(answerable),
        sum(abstained),
        {name: estimate for name, estimate in estimates.items() if estimate is not None},
    )


def differences(one: Sequence[QueryFigures], other: Sequence[QueryFigures]) -> dict[str, Estimate]:
    """The ranking figures of one mode minus those of another, on the queries that both have and that have an answer."""
    counterpart = {figures.id: figures for figures in other}
    pairs = [
        (figures, counterpart[figures.id])
        for figures in one
        if figures.has_answer and figures.id in counterpart
    ]
    found = {
        name: paired_difference([a.values[name] for a, _ in pairs], [b.values[name] for _, b in pairs])
        for name in FIGURES
    }
    return {name: estimate for name, estimate in found.items() if estimate is not None}
