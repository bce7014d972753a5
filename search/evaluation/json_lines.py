"""The evaluation for machines: one JSON object a line. Pure: no Django, no engine.

One rule: every line says which set of queries it is about; a figure that has nothing to be taken over is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from search.evaluation.agreement import TargetAgreement
from search.evaluation.figures import Group, differences, grouped, summarise
from search.evaluation.golden_set import TARGETS
from search.evaluation.recorded import FiguresByMode, Provenance
from search.evaluation.statistics import Estimate, mean_interval
from search.evaluation.tables import DIFFERENCES, worst
from search.evaluation.wordings import WordingOverlap

Line = dict[str, Any]


def provenance_line(name: str, provenance: Provenance) -> Line:
    return {"set": name, **asdict(provenance)}


def figure_lines(name: str, figures: FiguresByMode) -> Iterator[Line]:
    """The figures of each mode and group, then the differences between modes."""
    for mode, queries in figures.items():
        for group, members in grouped(queries).items():
            summary = summarise(members)
            yield {
                "set": name,
                "mode": mode,
                **_group(group),
                "queries": summary.queries,
                "with_answer": summary.with_answer,
                "abstained": summary.abstained,
                "figures": _estimates(summary.estimates),
            }
    for one, other in DIFFERENCES:
        if one in figures and other in figures:
            for group, members in grouped(figures[one]).items():
                found = differences(members, figures[other])
                if found:
                    difference = {"mode": one, "minus": other, **_group(group)}
                    yield {"set": name, **difference, "figures": _differences(found)}


def query_lines(name: str, figures: FiguresByMode) -> Iterator[Line]:
    for mode, queries in figures.items():
        for one in queries:
            yield {"set": name, "mode": mode, "query": one.as_dict()}


def fairness_lines(mode: str, overlaps: Sequence[WordingOverlap]) -> Iterator[Line]:
    """The means by target and over all, then the wordings whose results differ most."""
    for target in (*TARGETS, "all"):
        members = [one for one in overlaps if target in (one.wordings.target, "all")]
        if estimate := mean_interval([one.mean for one in members]):
            yield {"set": "fairness", "mode": mode, "target": target, "rbo": _estimate(estimate)}
    for one in worst(overlaps):
        pairs = {f"{first}/{second}": round(value, 4) for (first, second), value in one.pairs.items()}
        wordings = {"id": one.wordings.id, "target": one.wordings.target, **one.wordings.texts}
        yield {
            "set": "fairness",
            "mode": mode,
            "wordings": wordings,
            "mean": round(one.mean, 4),
            "rbo": pairs,
        }


def agreement_lines(agreements: Iterable[TargetAgreement]) -> Iterator[Line]:
    for one in agreements:
        yield {"set": "judgements", **asdict(one)}


def _group(group: Group) -> Line:
    return {"group": group[0], "value": group[1] or None}


def _estimates(estimates: Mapping[str, Estimate]) -> Line:
    return {name: _estimate(estimate) for name, estimate in estimates.items()}


def _differences(estimates: Mapping[str, Estimate]) -> Line:
    return {
        name: {**_estimate(estimate), "significant": estimate.is_significant}
        for name, estimate in estimates.items()
    }


def _estimate(estimate: Estimate) -> Line:
    numbers = {name: round(getattr(estimate, name), 4) for name in ("mean", "low", "high")}
    return {**numbers, "count": estimate.count}
