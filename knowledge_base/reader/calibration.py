"""How sure is the reader really? A margin becomes the measured probability of being right (Platt scaling;
Platt 1999)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

_FILE = "calibration.json"
# A reader that found no text at all reports a margin far below any other; it should not rule the fit.
_MARGIN_LIMIT = 50.0


class BrokenCalibration(ValueError):
    """calibration.json of a model directory is not what was written there."""


@dataclass(frozen=True)
class Calibration:
    """confidence = 1 / (1 + exp(-(slope * margin + offset))). ``threshold`` (0..1): below it the reader does
    not answer."""

    slope: float = 0.5
    offset: float = 0.0
    threshold: float = 0.5

    def confidence(self, margin: float) -> float:
        """The probability, 0..1, that an answer with this margin is right."""
        return float(1.0 / (1.0 + np.exp(-np.clip(self.slope * margin + self.offset, -30.0, 30.0))))


def fit(margins: Sequence[float], are_right: Sequence[bool], threshold: float) -> Calibration:
    """Fits slope and offset by logistic regression (Newton's method, with Platt's smoothed targets).

    Raises ValueError unless there are right and wrong answers to learn from.
    """
    x = np.clip(np.asarray(margins, dtype=np.float64), -_MARGIN_LIMIT, _MARGIN_LIMIT)
    right = np.asarray(are_right, dtype=bool)
    positives, negatives = int(right.sum()), int((~right).sum())
    if positives == 0 or negatives == 0:
        raise ValueError(
            f"calibration needs right and wrong answers; came {positives} right and {negatives} wrong"
        )
    target = np.where(right, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    weights = np.array([0.1, 0.0])
    design = np.stack([x, np.ones_like(x)], axis=1)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (p - target)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return Calibration(float(weights[0]), float(weights[1]), threshold)


def read_calibration(model_dir: Path) -> Calibration:
    """The calibration beside a model's weights, or the default for a model that has none (a hub model)."""
    path = model_dir / _FILE
    if not path.exists():
        return Calibration()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(*(float(content[key]) for key in ("slope", "offset", "threshold")))
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenCalibration(
            f"{path}: expected the numbers slope, offset and threshold ({error!r})"
        ) from error


def write_calibration(calibration: Calibration, model_dir: Path) -> None:
    (model_dir / _FILE).write_text(json.dumps(asdict(calibration), indent=2) + "\n", encoding="utf-8")


def expected_calibration_error(
    confidences: Sequence[float], are_right: Sequence[bool], bins: int = 10
) -> float:
    """Mean distance, 0..1, between confidence and share of right answers over equal-width bins (Guo et al.
    2017)."""
    confidence, right = np.asarray(confidences, dtype=np.float64), np.asarray(are_right, dtype=np.float64)
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (places == place).mean() * abs(confidence[places == place].mean() - right[places == place].mean())
        for place in np.unique(places)
    ]
    return float(sum(gaps))
