"""Agreement of the judges."""

from collections import Counter

import pytest

from search.evaluation.agreement import agreement, agreement_by_target
from search.evaluation.golden_set import read_golden_set


def test_kappa_by_hand():
    # 10 pairs: seen disagreement 3/10; expected 1 - (5*6 + 5*4) / 100 = 0.5.
    pairs = Counter({(1, 1): 4, (1, 2): 1, (2, 1): 2, (2, 2): 3})
    found = agreement(pairs)
    assert found.pairs == 10
    assert found.kappa == pytest.approx(1 - 0.3 / 0.5)
    assert found.weighted_kappa == pytest.approx(1 - 0.3 / 0.5)


def test_quadratic_weights_forgive_neighbours():
    """The values that scikit-learn 1.9 gives for these."""
    pairs = Counter({(0, 1): 3, (1, 1): 5, (2, 3): 4, (3, 3): 6, (0, 3): 1, (2, 0): 2})
    found = agreement(pairs)
    assert found.kappa == pytest.approx(0.357798165)
    assert found.weighted_kappa == pytest.approx(0.550000000)


def test_perfect_agreement_is_one_and_one_grade_for_all_has_no_kappa():
    assert agreement(Counter({(1, 1): 2, (3, 3): 2})).weighted_kappa == 1
    assert agreement(Counter({(0, 0): 5})).kappa is None
    assert agreement(Counter()).kappa is None


def test_listed_pairs_and_all_pairs_are_told_apart(golden_files):
    golden = read_golden_set(golden_files.write())
    found = {one.target: one for one in agreement_by_target(golden, {"jobs": 10, "skills": 20})}
    assert list(found) == ["jobs", "skills", "all"]
    assert found["skills"].listed.pairs == 4
    assert found["skills"].all_pairs.pairs == 60
    assert found["all"].listed.pairs == 5
    assert found["all"].all_pairs.pairs == 70
