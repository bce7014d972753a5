"""Bootstrap intervals."""

import random

import pytest

from search.evaluation.metrics import no_answer_precision, no_answer_recall
from search.evaluation.statistics import mean_interval, paired_difference, share_interval


def draws(mean: float, count: int, seed: int = 3) -> list[float]:
    generator = random.Random(seed)  # noqa: S311 - numbers of a test
    return [generator.gauss(mean, 0.2) for _ in range(count)]


def test_interval_of_a_mean_is_about_two_standard_errors_wide():
    estimate = mean_interval(draws(0.5, 400))
    assert estimate.count == 400
    assert estimate.low < estimate.mean < estimate.high
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * 0.2 / 20, rel=0.15)


def test_same_values_same_interval():
    values = draws(0.5, 30)
    assert mean_interval(values) == mean_interval(list(values))


def test_interval_of_nothing_is_none():
    assert mean_interval([]) is None
    assert paired_difference([], []) is None
    assert share_interval([True], among=[False]) is None


def test_pairing_sees_a_small_steady_gain():
    before = draws(0.5, 60)
    after = [value + 0.02 for value in before]
    difference = paired_difference(after, before)
    assert difference.mean == pytest.approx(0.02)
    assert difference.is_significant


def test_one_query_that_falls_is_no_significant_difference():
    difference = paired_difference([0.0, *[1.0] * 9], [1.0] * 10)
    assert difference.mean == pytest.approx(-0.1)
    assert not difference.is_significant


def test_share_is_that_of_the_metrics():
    abstained = [True, True, False, False, True, False] * 4
    unanswerable = [True, False, True, False, True, False] * 4
    precision = share_interval(unanswerable, among=abstained)
    recall = share_interval(abstained, among=unanswerable)
    assert precision.mean == no_answer_precision(abstained, unanswerable)
    assert recall.mean == no_answer_recall(abstained, unanswerable)
    assert 0 <= precision.low < precision.mean < precision.high <= 1
    assert precision.count == sum(abstained)
