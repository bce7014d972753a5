"""Reciprocal rank fusion and the neutral order between equals."""

import pytest

from search.fusion import neutral_order, ranked, reciprocal_rank_fusion


def test_fused_score_is_the_sum_of_reciprocal_ranks():
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], rank_constant=60)
    assert fused == {
        "a": pytest.approx(1 / 61),
        "b": pytest.approx(1 / 62 + 1 / 61),
        "c": pytest.approx(1 / 62),
    }
    assert ranked(fused)[0] == "b"


def test_equal_scores_follow_the_published_order_whatever_the_input_order():
    codes = ["alpha", "beta", "gamma", "delta"]
    expected = sorted(codes, key=neutral_order)
    assert ranked(dict.fromkeys(codes, 1.0)) == expected == ranked(dict.fromkeys(reversed(codes), 1.0))
    assert expected != sorted(codes), "the neutral order must not be the alphabet"
