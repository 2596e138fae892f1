"""Are the good ones shown without all being the same?"""

from __future__ import annotations

import numpy as np

from bot.recommendations.variety import varied

MEANINGS = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.float32)
SCORES = np.array([1.0, 0.95, 0.9, 0.0], dtype=np.float32)


def test_one_just_like_the_first_comes_after_another_kind() -> None:
    assert varied(SCORES, MEANINGS, 3, likeness_cost=0.2).tolist() == [0, 2, 1]


def test_without_a_cost_the_order_is_that_of_the_scores() -> None:
    assert varied(SCORES, MEANINGS, 4, likeness_cost=0.0).tolist() == [0, 1, 2, 3]


def test_there_are_no_more_than_there_are() -> None:
    assert varied(SCORES[:2], MEANINGS[:2], 5).tolist() == [0, 1]
    assert varied(SCORES[:0], MEANINGS[:0], 5).tolist() == []


def test_equal_scores_keep_their_order() -> None:
    assert varied(np.ones(3, np.float32), np.eye(3, dtype=np.float32), 3).tolist() == [0, 1, 2]
