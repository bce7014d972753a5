"""The page of the documentation on the quality of search (docs/quality.md). Pure: no Django, no engine.

One rule: the page says with what index and model its figures were made, and how to make them again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.evaluation.agreement import TargetAgreement
from search.evaluation.golden_set import KINDS, LANGUAGES, GoldenSet
from search.evaluation.recorded import FiguresByMode, Holdout, Recipe
from search.evaluation.tables import (
    Table,
    agreement_table,
    difference_table,
    fairness_table,
    group_table,
    overall_table,
    worst_table,
)
from search.evaluation.wordings import WordingOverlap
from search.evaluation.words import ENGLISH

GUIDE = """\
nDCG@10 takes the mean of the two judges' grades as the gain. For MAP (over the first 100 results), MRR (one over the rank of
the first answer), hit@1, hit@3 and recall@10, an entry answers a query when that mean is 1 or more. These are means over the
queries that have an answer. *No-answer precision*: of the queries on which search found nothing good enough to show, the share
that truly have no answer; *no-answer recall*: of the queries without an answer, the share on which it said so. Brackets hold
95 % intervals (percentile bootstrap, 2,000 resamples of the queries; for differences, paired). `*` marks a difference whose
interval leaves zero out; with this many comparisons, about one mark in twenty is luck."""


@dataclass(frozen=True)
class Evaluation:
    """Everything that the page tells. `figures` are those of the tuning half."""

    golden: GoldenSet
    recipe: Recipe
    figures: FiguresByMode
    holdout: Holdout | None
    overlaps: Sequence[WordingOverlap]
    agreements: Sequence[TargetAgreement]
    unknown_codes: Mapping[str, Sequence[str]]


def report(evaluation: Evaluation) -> str:
    lines = [
        *_introduction(evaluation),
        *_section("Tuning half", _half_lines(evaluation.figures)),
        *_section("Holdout half", _holdout_lines(evaluation)),
        *_section("Fairness of wording", _fairness_lines(evaluation.overlaps)),
        *_section("Agreement of the judges", _agreement_lines(evaluation.agreements)),
        *_section("How to read the figures", GUIDE.splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *lines]


def _introduction(evaluation: Evaluation) -> list[str]:
    golden = evaluation.golden
    return [
        "# Quality of search",
        "",
        f"How well search finds what people look for: {len(golden.queries)} queries, each judged by two judges against the",
        "whole catalogue of the demonstration (`search/evaluation/golden/README.md`). Search was tuned on one half of them;",
        "the other half was kept for one measure.",
        "",
        *_recipe_lines(evaluation.recipe),
        "",
        "Reproduce, with the demonstration loaded: `manage.py search_index rebuild`, then `manage.py evaluate_search --report",
        "docs/quality.md`.",
        "",
        *_count_table(golden).compact_lines(),
        *_unknown_lines(evaluation.unknown_codes),
    ]


def _recipe_lines(recipe: Recipe) -> list[str]:
    model = f"`{recipe.model}`, fingerprint `{recipe.fingerprint}`" if recipe.model else "none"
    return [
        f"Model: {model}. Engine: {recipe.engine}. Version of documents: {recipe.documents}. Semantic neighbours: at most",
        f"{recipe.semantic_limit}, from a probability of {recipe.semantic_probability:g}.",
    ]


def _count_table(golden: GoldenSet) -> Table:
    counts = Counter((query.kind, query.lang) for query in golden.queries)
    halves = Counter((query.kind, golden.halves[query.id]) for query in golden.queries)
    columns = [(counts, lang) for lang in LANGUAGES] + [(halves, half) for half in ("tuning", "holdout")]
    rows = [(ENGLISH[kind], *(str(counter[kind, name]) for counter, name in columns)) for kind in KINDS]
    totals = [sum(counter[kind, name] for kind in KINDS) for counter, name in columns]
    rows.append((ENGLISH["all"], *(str(total) for total in totals)))
    titles = [*(ENGLISH[lang] for lang in LANGUAGES), "tuning", "holdout"]
    return Table((ENGLISH["kind"], *titles), tuple(rows))


def _unknown_lines(unknown_codes: Mapping[str, Sequence[str]]) -> list[str]:
    if not unknown_codes:
        return []
    told = "; ".join(
        f"{target}: {', '.join(f'`{code}`' for code in codes)}" for target, codes in unknown_codes.items()
    )
    return ["", f"Judged entries that the index does not have, counted as not found: {told}."]


def _half_lines(figures: FiguresByMode) -> list[str]:
    lines = overall_table(figures, ENGLISH).compact_lines()
    if difference := difference_table(figures, ENGLISH):
        lines += ["", *difference.compact_lines()]
    for dimension in ("kind", "lang", "target"):
        lines += ["", *group_table(figures, dimension, ENGLISH).compact_lines()]
    return lines


def _holdout_lines(evaluation: Evaluation) -> list[str]:
    holdout = evaluation.holdout
    if holdout is None:
        return ["Not run yet."]
    provenance = holdout.provenance
    told = [f"Run once, on {provenance.recorded_on}.", *_recipe_lines(provenance.recipe)]
    if provenance.golden != evaluation.golden.digest:
        told.append("The golden set has changed since.")
    return [*told, "", *_half_lines(holdout.figures)]


def _fairness_lines(overlaps: Sequence[WordingOverlap]) -> list[str]:
    return [
        "The same wish in the masculine, the feminine and an epicene form (`search/evaluation/fairness/wordings.jsonl`): how",
        "alike the first ten results are, hybrid mode, by rank-biased overlap (extrapolated, p = 0.9): 1 when they are the",
        "same in the same order, 0 when they have nothing in common. The mean is that of the three pairs of forms.",
        "",
        *fairness_table(overlaps, ENGLISH).compact_lines(),
        "",
        "The ten whose results differ most:",
        "",
        *worst_table(overlaps, ENGLISH).compact_lines(),
    ]


def _agreement_lines(agreements: Sequence[TargetAgreement]) -> list[str]:
    return [
        "Cohen's kappa between the two judges' grades (0 to 3), plain and with quadratic weights, over the (query, entry)",
        "pairs that a judge or both listed, then over all pairs, most of which both left out.",
        "",
        *agreement_table(agreements, ENGLISH).compact_lines(),
    ]
