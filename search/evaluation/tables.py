"""The tables of the evaluation, for the terminal and for the report. Pure: no Django, no engine.

One rule: a mean never stands without the count of what it was taken over, a difference never without its interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.evaluation.agreement import Agreement, TargetAgreement
from search.evaluation.figures import (
    EVERY_QUERY,
    FIGURES,
    MAIN,
    NO_ANSWER,
    Group,
    QueryFigures,
    Summary,
    differences,
    grouped,
    summarise,
)
from search.evaluation.golden_set import TARGETS
from search.evaluation.recorded import FiguresByMode
from search.evaluation.statistics import Estimate, mean_interval
from search.evaluation.wordings import FORMS, WordingOverlap
from search.evaluation.words import Words

NOTHING = "–"
SIGNIFICANT = " *"
DIFFERENCES = (("hybrid", "lexical"), ("hybrid", "semantic"))
WORST = 10


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """Markdown, its columns aligned for the terminal."""
        widths = [max(map(len, column)) for column in zip(self.header, *self.rows, strict=True)]
        padded = [
            tuple(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in (self.header, tuple("-" * width for width in widths), *self.rows)
        ]
        return [_line(row) for row in padded]

    def compact_lines(self) -> list[str]:
        """Markdown for a file, where a wider cell must not change every line."""
        return [_line(self.header), "|" + "---|" * len(self.header), *map(_line, self.rows)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def overall_table(figures: FiguresByMode, words: Words) -> Table:
    """Every figure in every mode, then the differences between modes."""
    summaries = {mode: summarise(queries) for mode, queries in figures.items()}
    pairs = [(one, other) for one, other in DIFFERENCES if one in figures and other in figures]
    found = {(one, other): differences(figures[one], figures[other]) for one, other in pairs}
    rows = [
        (
            words[name],
            *(_estimate(summary.estimates.get(name)) for summary in summaries.values()),
            *(_difference(found[pair].get(name)) for pair in pairs),
        )
        for name in (*FIGURES, *NO_ANSWER)
    ]
    rows += [
        (words[name], *(str(getattr(summary, name)) for summary in summaries.values()), *("" for _ in pairs))
        for name in ("queries", "with_answer", "abstained")
    ]
    titles = (f"{words[one]} − {words[other]}" for one, other in pairs)
    return Table((words["figure"], *(words[mode] for mode in figures), *titles), tuple(rows))


def group_table(figures: FiguresByMode, dimension: str, words: Words) -> Table:
    """The figures of each group (of a kind, a language or a target) in every mode."""
    groups = {mode: grouped(queries) for mode, queries in figures.items()}
    names = [group for group in next(iter(groups.values())) if group[0] == dimension]
    rows = [
        _group_row(words, group[1], mode, summarise(groups[mode][group]))
        for group in names
        for mode in groups
    ]
    header = (dimension, "mode", "queries", "with_answer", *FIGURES, "abstained", *NO_ANSWER)
    return Table(tuple(words[name] for name in header), tuple(rows))


def _group_row(words: Words, value: str, mode: str, summary: Summary) -> tuple[str, ...]:
    main, *others = FIGURES
    return (
        words[value],
        words[mode],
        str(summary.queries),
        str(summary.with_answer),
        _estimate(summary.estimates.get(main)),
        *(_number(summary.estimates.get(name)) for name in others),
        str(summary.abstained),
        *(_number(summary.estimates.get(name)) for name in NO_ANSWER),
    )


def difference_table(figures: FiguresByMode, words: Words) -> Table | None:
    """nDCG@10 of the hybrid mode minus that of the others, by group; None when there are no two modes to compare."""
    pairs = [(one, other) for one, other in DIFFERENCES if one in figures and other in figures]
    if not pairs:
        return None
    rows = []
    for group, members in grouped(figures["hybrid"]).items():
        found = [differences(members, figures[other]).get(MAIN) for _, other in pairs]
        if any(found):
            count = str(sum(one.has_answer for one in members))
            rows.append((*_group_names(group, words), count, *(_difference(one) for one in found)))
    titles = (f"{words[MAIN]}, {words[one]} − {words[other]}" for one, other in pairs)
    return Table(("", "", words["with_answer"], *titles), tuple(rows))


def _group_names(group: Group, words: Words) -> tuple[str, str]:
    return (words["all"], "") if group == EVERY_QUERY else (words[group[0]], words[group[1]])


def query_table(figures: FiguresByMode, words: Words) -> Table:
    """nDCG@10 of each query in every mode, the worst of the last mode first; those without an answer come last."""
    by_mode = {mode: {one.id: one for one in queries} for mode, queries in figures.items()}
    last = list(by_mode)[-1]
    ordered = sorted(by_mode[last].values(), key=lambda one: (not one.has_answer, one.values[MAIN], one.id))
    rows = [
        (
            one.id,
            words[one.kind],
            words[one.target],
            *(_value(queries[one.id]) for queries in by_mode.values()),
        )
        for one in ordered
    ]
    return Table(("id", words["kind"], words["target"], *(words[mode] for mode in by_mode)), tuple(rows))


def _value(figures: QueryFigures) -> str:
    return f"{figures.values[MAIN]:.3f}" if figures.has_answer else NOTHING


# --- Fairness
def fairness_table(overlaps: Sequence[WordingOverlap], words: Words) -> Table:
    rows = []
    for target in (*TARGETS, "all"):
        members = [one for one in overlaps if target in (one.wordings.target, "all")]
        if members:
            pairs = [mean_interval([one.pairs[pair] for one in members]) for pair in members[0].pairs]
            mean = _estimate(mean_interval([one.mean for one in members]))
            rows.append((words[target], str(len(members)), mean, *(_number(pair) for pair in pairs)))
    titles = [f"{words[one]} / {words[other]}" for one, other in overlaps[0].pairs] if overlaps else []
    return Table((words["target"], words["wordings"], words["mean"], *titles), tuple(rows))


def worst(overlaps: Iterable[WordingOverlap]) -> list[WordingOverlap]:
    """Those whose results differ most."""
    return sorted(overlaps, key=lambda one: (one.mean, one.wordings.id))[:WORST]


def worst_table(overlaps: Iterable[WordingOverlap], words: Words) -> Table:
    rows = [
        (words[one.wordings.target], f"{one.mean:.3f}", *(one.wordings.texts[form] for form in FORMS))
        for one in worst(overlaps)
    ]
    return Table((words["target"], words["mean"], *(words[form] for form in FORMS)), tuple(rows))


# --- Agreement of the judges
def agreement_table(agreements: Iterable[TargetAgreement], words: Words) -> Table:
    rows = [
        (words[one.target], words[name], *_agreement_cells(getattr(one, name)))
        for one in agreements
        for name in ("listed", "all_pairs")
    ]
    header = ("target", "over", "pairs", "weighted_kappa", "kappa")
    return Table(tuple(words[name] for name in header), tuple(rows))


def _agreement_cells(agreement: Agreement) -> tuple[str, ...]:
    kappas = (agreement.weighted_kappa, agreement.kappa)
    return (str(agreement.pairs), *(NOTHING if kappa is None else f"{kappa:.2f}" for kappa in kappas))


# --- Cells
def _number(estimate: Estimate | None) -> str:
    return NOTHING if estimate is None else f"{estimate.mean:.3f}"


def _estimate(estimate: Estimate | None) -> str:
    return NOTHING if estimate is None else f"{estimate.mean:.3f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _difference(estimate: Estimate | None) -> str:
    if estimate is None:
        return NOTHING
    interval = f"{estimate.mean:+.3f} [{estimate.low:+.3f}, {estimate.high:+.3f}]"
    return interval + (SIGNIFICANT if estimate.is_significant else "")
