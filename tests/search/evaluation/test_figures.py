"""Figures of queries, their groups, recordings and falls."""

import dataclasses

import pytest

from search.evaluation.figures import Answer, QueryFigures, differences, figures_of, grouped, summarise
from search.evaluation.golden_files import GoldenSetError
from search.evaluation.golden_set import read_golden_set
from search.evaluation.recorded import (
    Holdout,
    Provenance,
    Recipe,
    read_baseline,
    read_holdout,
    write_baseline,
    write_holdout,
)
from search.evaluation.regression import falls

RECIPE = Recipe("embedded", 3, "a-model", "0123", 0.9, 100)
PROVENANCE = Provenance("2026-01-31", "abcd", RECIPE)
NAMES = ("ndcg10", "map", "mrr", "hit1", "hit3", "recall10")


def query_figures(number: int, value: float, kind: str = "typo", **fields) -> QueryFigures:
    given = {
        "id": f"q{number}",
        "lang": "fr",
        "kind": kind,
        "target": "jobs",
        "has_answer": True,
        "abstained": False,
    }
    return QueryFigures(**given | fields, values=dict.fromkeys(NAMES, value))


def test_figures_of_a_query(golden_files):
    golden = read_golden_set(golden_files.write())
    found = figures_of(golden, golden.queries[1], Answer(("other", "s1", "s2"), abstained=False))
    assert found.has_answer
    assert found.values["mrr"] == 0.5
    assert found.values["map"] == 0.5
    assert (found.values["hit1"], found.values["hit3"], found.values["recall10"]) == (0, 1, 1)
    assert 0 < found.values["ndcg10"] < 1


def test_ranking_is_averaged_over_queries_with_an_answer_and_abstention_over_all():
    figures = [
        query_figures(1, 1.0),
        query_figures(2, 0.0, abstained=True),
        query_figures(3, 0.0, kind="no_answer", has_answer=False, abstained=True),
        query_figures(4, 0.0, kind="no_answer", has_answer=False),
    ]
    summary = summarise(figures)
    assert (summary.queries, summary.with_answer, summary.abstained) == (4, 2, 2)
    assert summary.estimates["ndcg10"].mean == 0.5
    assert summary.estimates["no_answer_precision"].mean == 0.5
    assert summary.estimates["no_answer_recall"].mean == 0.5
    assert "ndcg10" not in summarise(figures[2:]).estimates


def test_groups_come_in_a_fixed_order():
    figures = [query_figures(1, 1.0, kind="typo", lang="en"), query_figures(2, 1.0, kind="acronym")]
    assert list(grouped(figures)) == [
        ("all", ""),
        ("kind", "acronym"),
        ("kind", "typo"),
        ("lang", "fr"),
        ("lang", "en"),
        ("target", "jobs"),
    ]


def test_differences_pair_the_queries_whatever_their_order():
    one = [query_figures(number, 0.1 * number + 0.2) for number in range(5)]
    other = [query_figures(number, 0.1 * number) for number in reversed(range(5))]
    found = differences(one, [*other, query_figures(9, 1.0)])
    assert found["map"].mean == pytest.approx(0.2)
    assert found["map"].is_significant


def test_holdout_is_kept_whole_and_never_written_over(tmp_path):
    assert read_holdout(tmp_path) is None
    holdout = Holdout(PROVENANCE, {"lexical": [query_figures(1, 0.25)], "hybrid": [query_figures(1, 0.5)]})
    write_holdout(tmp_path, holdout)
    assert read_holdout(tmp_path) == holdout
    with pytest.raises(FileExistsError):
        write_holdout(tmp_path, holdout)
    assert read_holdout(tmp_path) == holdout


def test_a_recording_that_cannot_be_read_says_which(tmp_path):
    (tmp_path / "holdout.json").write_text("{}", encoding="utf-8")
    with pytest.raises(GoldenSetError, match=r"holdout\.json"):
        read_holdout(tmp_path)


def baseline_of(tmp_path, **figures):
    write_baseline(tmp_path, PROVENANCE, figures)
    return read_baseline(tmp_path)


def test_baseline_holds_the_queries_that_have_an_answer(tmp_path):
    assert read_baseline(tmp_path) is None
    figures = [query_figures(1, 0.25), query_figures(2, 0.0, has_answer=False)]
    assert baseline_of(tmp_path, hybrid=figures).ndcg10 == {"hybrid": {"q1": 0.25}}


def test_what_stays_the_same_is_no_fall(tmp_path):
    figures = {"hybrid": [query_figures(number, number / 30) for number in range(30)]}
    assert falls(baseline_of(tmp_path, **figures), figures) == []


def test_one_query_that_falls_is_luck(tmp_path):
    before = [query_figures(number, 0.5) for number in range(30)]
    after = [dataclasses.replace(before[0], values=query_figures(0, 0.0).values), *before[1:]]
    assert falls(baseline_of(tmp_path, hybrid=before), {"hybrid": after}) == []


def test_a_kind_that_falls_is_told_for_hybrid_and_not_for_the_others(tmp_path):
    before = [query_figures(number, 0.5) for number in range(90)]
    before += [query_figures(number, 0.5, kind="acronym") for number in range(90, 96)]
    after = [query_figures(number, 0.52) for number in range(90)]
    after += [query_figures(number, 0.3, kind="acronym") for number in range(90, 96)]
    baseline = baseline_of(tmp_path, lexical=before, hybrid=before)
    found = falls(baseline, {"lexical": after, "hybrid": after})
    assert [(fall.mode, fall.group) for fall in found] == [("hybrid", ("kind", "acronym"))]
    assert str(found[0]) == "hybrid, acronym: nDCG@10 -0.200 [-0.200, -0.200] over 6 queries"


def test_a_mode_that_falls_as_a_whole_is_told(tmp_path):
    before = [query_figures(number, 0.5) for number in range(30)]
    after = [query_figures(number, 0.4 + number / 300) for number in range(30)]
    found = falls(baseline_of(tmp_path, lexical=before), {"lexical": after})
    assert [(fall.mode, fall.group) for fall in found] == [("lexical", ("all", ""))]


def test_a_query_that_finds_nothing_any_more_counts_as_nought(tmp_path):
    before = [query_figures(number, 0.5) for number in range(30)]
    after = [query_figures(number, 0.0, abstained=True) for number in range(30)]
    assert falls(baseline_of(tmp_path, semantic=before), {"semantic": after})
