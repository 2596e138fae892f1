"""Does every model find the one right answer of a toy world, by the same tests?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from toy_shoppers import ITEMS, even_and_odd

from bot.recommendations.baselines import alternating_least_squares, item_neighbours, popularity
from bot.recommendations.co_behaviour import behaviour_vectors, count_co_behaviour
from bot.recommendations.interactions import LeaveOneOut, gather, leave_one_out
from bot.recommendations.ranking_evaluation import Scorer, evaluate

SPLIT = leave_one_out(even_and_odd())
MODELS: dict[str, Callable[[LeaveOneOut], Scorer]] = {
    "co-behaviour": lambda split: count_co_behaviour(split.train),
    "item-kNN": lambda split: item_neighbours(split.train, split.validation),
    "ALS": lambda split: alternating_least_squares(split.train, split.validation, seed=1),
}


@pytest.mark.parametrize("name", MODELS)
def test_even_shoppers_get_even_items(name: str) -> None:
    scores = MODELS[name](SPLIT).scores([case.history for case in SPLIT.test])
    for case, row in zip(SPLIT.test, scores, strict=True):
        row[case.history.items] = -1
        assert row.argmax() % 2 == case.target % 2


@pytest.mark.parametrize("name", MODELS)
def test_the_same_history_gets_the_same_scores(name: str) -> None:
    model = MODELS[name](SPLIT)
    history = SPLIT.test[0].history
    together = model.scores([history, SPLIT.test[1].history])
    assert together.shape == (2, ITEMS)
    assert together[0] == pytest.approx(model.scores([history])[0], abs=1e-6)


def test_popularity_counts_and_says_the_same_to_everybody() -> None:
    train = gather([("ann", []), ("bob", [])], ["a", "b"])
    assert popularity(train).scores(train.histories).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    counts = popularity(SPLIT.train).counts
    assert counts.sum() == SPLIT.train.count


def test_the_next_item_follows_from_the_order_and_not_only_from_the_set() -> None:
    figures = evaluate(count_co_behaviour(SPLIT.train), SPLIT.test, ITEMS)
    assert figures.ndcg_10 > 0.9


def test_items_of_like_behaviour_have_like_vectors() -> None:
    vectors = behaviour_vectors(SPLIT.train, 4, seed=3)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1] + 0.3


def test_items_without_a_pair_have_no_vector_of_behaviour() -> None:
    assert not behaviour_vectors(gather([("ann", [])], ["a", "b", "c"]), 4, seed=3).any()
