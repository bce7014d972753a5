"""What a cosine is worth."""

import pytest

from search.calibration import FILE, Calibration, anchored, read_calibrations, write_calibrations


def test_a_nearer_object_is_likelier_and_the_floor_is_found_again():
    curve = Calibration(slope=12.0, intercept=-7.0)
    values = [curve.probability(step / 10) for step in range(-10, 11)]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1
    assert curve.probability(curve.similarity_at(0.2)) == pytest.approx(0.2)


def test_extreme_curves_do_not_overflow():
    assert Calibration(1e6, 0.0).probability(1) == 1.0
    assert Calibration(1e6, 0.0).probability(-1) == pytest.approx(0.0)


def test_a_model_without_a_file_is_anchored_at_its_floor():
    curve = anchored(0.9, 0.2)
    assert curve.probability(0.9) == pytest.approx(0.2)
    assert curve.similarity_at(0.2) == pytest.approx(0.9)
    assert curve.probability(0.95) > 0.7


def test_curves_are_read_back(tmp_path):
    assert read_calibrations(tmp_path) == {}
    curves = {"jobs": Calibration(10.0, -6.0), "skills": Calibration(9.0, -5.0)}
    write_calibrations(tmp_path, curves, {"golden": "abc"})
    assert read_calibrations(tmp_path) == curves


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"curves": {"jobs": {"slope": 1}}}', '{"curves": {"jobs": 3}}']
)
def test_a_file_that_says_nothing_is_refused_by_name(tmp_path, content):
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=FILE):
        read_calibrations(tmp_path)
