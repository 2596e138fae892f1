"""Are the figures those that can be worked out by head?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.recommendations.interactions import Case, History
from bot.recommendations.ranking_evaluation import Scores, evaluate

SEEN = History("ann", np.array([0], dtype=np.int32), np.array([0], dtype=np.int32))


class Fixed:
    """The same scores for everybody."""

    def __init__(self, *scores: float) -> None:
        self._scores = np.array(scores, dtype=np.float32)

    def scores(self, histories: Sequence[History]) -> Scores:
        return np.tile(self._scores, (len(histories), 1))


def test_the_place_of_the_target_gives_the_figures() -> None:
    falling = Fixed(*np.arange(20, 0, -1.0))
    figures = evaluate(falling, [Case(SEEN, 1), Case(SEEN, 3), Case(SEEN, 8), Case(SEEN, 15)], 20)
    assert figures.hr_5 == 0.5
    assert figures.hr_10 == 0.75
    assert figures.ndcg_5 == pytest.approx((1 + 1 / np.log2(4)) / 4)
    assert figures.ndcg_10 == pytest.approx((1 + 1 / np.log2(4) + 1 / np.log2(9)) / 4)
    assert figures.coverage == 0.5
    assert figures.cases == 4


def test_what_was_seen_is_not_ranked() -> None:
    assert evaluate(Fixed(9, 1, 2), [Case(SEEN, 2)], 3).ndcg_10 == 1.0


def test_a_model_that_cannot_tell_items_apart_gains_nothing() -> None:
    figures = evaluate(Fixed(*[1.0] * 41), [Case(SEEN, 1)], 41)
    assert (figures.hr_10, figures.ndcg_10) == (0.0, 0.0)


def test_a_target_that_was_seen_before_cannot_be_hit() -> None:
    assert evaluate(Fixed(*[1.0] * 20), [Case(SEEN, 0)], 20).hr_10 == 0.0


def test_without_cases_there_are_no_figures() -> None:
    with pytest.raises(ValueError, match="users need at least three items"):
        evaluate(Fixed(1.0), [], 1)


def test_the_names_are_those_that_others_rely_on() -> None:
    contract = evaluate(Fixed(3, 2, 1), [Case(SEEN, 1)], 3).as_contract()
    assert contract == {"HR@5": 1.0, "HR@10": 1.0, "NDCG@5": 1.0, "NDCG@10": 1.0, "coverage": 1.0}
