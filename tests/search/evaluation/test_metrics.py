"""The figures of rankings, against trec_eval on random rankings and by hand where it has none."""

import random

import pytest
import pytrec_eval

from search.evaluation.metrics import (
    average_precision,
    average_precision_of_ranks,
    hit_at,
    ndcg_at,
    no_answer_precision,
    no_answer_recall,
    rank_biased_overlap,
    recall_at,
    reciprocal_rank,
)

ELEMENTS = [f"e{number}" for number in range(30)]


def random_case(seed: int) -> tuple[list[str], dict[str, int]]:
    generator = random.Random(seed)  # noqa: S311 - cases of a test, not a secret
    ranking = generator.sample(ELEMENTS, generator.randint(1, 25))
    judged = generator.sample(ELEMENTS, generator.randint(1, 12))
    return ranking, {element: generator.randint(1, 3) for element in judged}


def test_average_precision_of_ranks_in_any_order_counts_what_was_not_found():
    assert average_precision_of_ranks([4, 1], 2) == average_precision("abcd", "ad") == (1 + 2 / 4) / 2
    assert average_precision_of_ranks([1], 4) == 1 / 4
    assert average_precision_of_ranks([], 0) == 0


@pytest.mark.parametrize("seed", range(200))
def test_figures_are_those_of_trec_eval(seed):
    ranking, grades = random_case(seed)
    evaluator = pytrec_eval.RelevanceEvaluator(
        {"q": grades}, {"map", "recip_rank", "ndcg_cut.3,10", "recall.10", "success.1,5"}
    )
    expected = evaluator.evaluate({"q": {code: 1 / rank for rank, code in enumerate(ranking, 1)}})["q"]
    assert {
        "map": average_precision(ranking, grades),
        "recip_rank": reciprocal_rank(ranking, grades),
        "ndcg_cut_3": ndcg_at(ranking, grades, 3),
        "ndcg_cut_10": ndcg_at(ranking, grades, 10),
        "recall_10": recall_at(ranking, grades, 10),
        "success_1": hit_at(ranking, grades, 1),
        "success_5": hit_at(ranking, grades, 5),
    } == pytest.approx(expected)


def test_nothing_relevant_is_nought_everywhere():
    assert average_precision(["a"], set()) == 0
    assert reciprocal_rank(["a"], set()) == 0
    assert hit_at(["a"], set(), 1) == 0
    assert recall_at(["a"], set(), 10) == 0
    assert ndcg_at(["a"], {}, 10) == 0


def test_nothing_found_is_nought_everywhere():
    assert average_precision([], {"a"}) == 0
    assert reciprocal_rank([], {"a"}) == 0
    assert hit_at([], {"a"}, 1) == 0
    assert recall_at([], {"a"}, 10) == 0
    assert ndcg_at([], {"a": 3}, 10) == 0


def test_grades_between_two_judges_count_in_between():
    assert ndcg_at(["b", "a"], {"a": 2.5, "b": 1.0}, 1) == pytest.approx(1 / 2.5)


def test_no_answer_precision_and_recall():
    abstained = [True, True, False, False, True]
    unanswerable = [True, False, True, False, True]
    assert no_answer_precision(abstained, unanswerable) == pytest.approx(2 / 3)
    assert no_answer_recall(abstained, unanswerable) == pytest.approx(2 / 3)
    assert no_answer_precision([False], [True]) is None
    assert no_answer_recall([True], [False]) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 1),
        ("", "a", 0),
        ("ab", "cd", 0),
        ("abc", "abc", 1),
        ("a", "ab", 1),
        # Depth 2 alone agrees: 0.1 / 0.9 * 0.81 seen, and full agreement goes on: 0.81.
        ("ab", "ba", 0.9),
        # Overlaps 0, 1, 1 at depths 1 to 3 of lists of 3 and 2:
        # 0.1 / 0.9 * (0.81 / 2 + 0.729 / 3 + 0.729 / 6) + 0.729 / 2.
        ("abc", "bd", 0.45),
    ],
)
def test_rank_biased_overlap(one, other, expected):
    assert rank_biased_overlap(one, other) == pytest.approx(expected)
    assert rank_biased_overlap(other, one) == pytest.approx(expected)


def test_rank_biased_overlap_as_the_rbo_package_gives_it():
    """`rbo` 0.1.3 gives these, but its pins keep it out of our environment."""
    assert rank_biased_overlap("abcdefghij", "bacdezyxwv") == pytest.approx(0.644196217)
    assert rank_biased_overlap("abcdefghij", "jxa") == pytest.approx(0.308742049)
