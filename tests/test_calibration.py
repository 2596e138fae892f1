"""Does a margin become the measured probability of being right?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.reader.calibration import (
    BrokenCalibration,
    Calibration,
    expected_calibration_error,
    fit,
    read_calibration,
    write_calibration,
)


def test_confidence_rises_with_the_margin_and_stays_a_probability() -> None:
    calibration = Calibration(slope=2.0, offset=1.0)
    assert calibration.confidence(-0.5) == 0.5
    assert calibration.confidence(0.0) == pytest.approx(0.7310586)
    assert 0.0 <= calibration.confidence(-1e9) < 1e-9
    assert 1 - 1e-9 < calibration.confidence(1e9) <= 1.0


@pytest.mark.parametrize(("slope", "offset"), [(0.5, 0.0), (1.2, -2.0), (0.2, 1.0), (3.0, 0.5)])
def test_the_probabilities_that_made_the_answers_are_found_again(slope: float, offset: float) -> None:
    rng = np.random.default_rng(1)
    margins = rng.normal(0, 4, 20_000)
    are_right = rng.random(20_000) < 1 / (1 + np.exp(-(slope * margins + offset)))
    fitted = fit(margins.tolist(), are_right.tolist(), 0.4)
    assert fitted.slope == pytest.approx(slope, rel=0.1)
    assert fitted.offset == pytest.approx(offset, abs=0.15)
    assert fitted.threshold == 0.4


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0, 45.0])
@pytest.mark.parametrize("count", [2, 40, 2000])
def test_perfectly_parted_answers_do_not_break_the_fit(scale: float, count: int) -> None:
    fitted = fit([-scale, scale] * count, [False, True] * count, 0.5)
    assert 0.5 < fitted.confidence(scale) < 1.0
    assert 0.0 < fitted.confidence(-scale) < 0.5


def test_a_reader_that_found_no_text_does_not_rule_the_fit() -> None:
    margins, right = [-4.0, -1.0, 1.0, 4.0] * 50, [False, True, False, True] * 50
    fitted = fit([*margins, -1e9], [*right, False], 0.5)
    assert fitted.confidence(4.0) > 0.6 > 0.5 > fitted.confidence(-4.0)


@pytest.mark.parametrize("are_right", [[True, True], [False, False]])
def test_only_right_or_only_wrong_answers_teach_nothing(are_right: list[bool]) -> None:
    with pytest.raises(ValueError, match="needs right and wrong answers"):
        fit([1.0, 2.0], are_right, 0.5)


def test_it_is_kept_beside_the_weights(tmp_path: Path) -> None:
    write_calibration(Calibration(0.7, -0.2, 0.35), tmp_path)
    assert read_calibration(tmp_path) == Calibration(0.7, -0.2, 0.35)


def test_a_model_without_one_gets_the_default(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) == Calibration(0.5, 0.0, 0.5)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"slope": "x", "offset": 0, "threshold": 1}', "null"])
def test_a_broken_one_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(BrokenCalibration, match="expected the numbers slope, offset and threshold"):
        read_calibration(tmp_path)


def test_the_error_is_the_mean_gap_between_confidence_and_truth() -> None:
    assert expected_calibration_error([0.9, 0.9, 0.1, 0.1], [True, True, False, False]) == pytest.approx(0.1)
    assert expected_calibration_error([1.0, 1.0], [True, False]) == pytest.approx(0.5)
    assert expected_calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False]) == pytest.approx(
        0.0
    )
