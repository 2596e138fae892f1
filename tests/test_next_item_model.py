"""Does the model weigh what is in demand where that helps, and leave it out where it does not?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from recommender_fakes import last_item
from toy_shoppers import ITEMS, even_and_odd

from bot.recommendations.baselines import popularity
from bot.recommendations.co_behaviour import count_co_behaviour
from bot.recommendations.interactions import Choice, History, Interactions, gather, leave_one_out
from bot.recommendations.next_item_model import NextItemModel
from bot.recommendations.ranking_evaluation import evaluate


def grocer(items: int = 60, shoppers: int = 200, length: int = 6) -> Interactions:
    """Everybody buys milk and bread above all, in no order: item n is wanted 1/(n + 1) as much as item 0."""
    draw = np.random.default_rng(5)
    wanted = 1 / np.arange(1, items + 1)
    names = [f"i{item:02d}" for item in range(items)]
    baskets = [draw.choice(items, length, replace=False, p=wanted / wanted.sum()) for _ in range(shoppers)]
    return gather(
        ((f"u{user}", [Choice(names[item]) for item in basket]) for user, basket in enumerate(baskets)), names
    )


def untrained(train: Interactions) -> NextItemModel:
    """Its vectors say nothing, its counts are those of `train`."""
    vectors = np.random.default_rng(1).standard_normal((len(train.items), 8)).astype(np.float32)
    return NextItemModel(
        items=train.items,
        vectors=np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32),
        text_map=np.zeros((0, 8), dtype=np.float32),
        scale=5.0,
        longest=10,
        co_behaviour=count_co_behaviour(train),
        encode=last_item,
        demand=popularity(train).counts,
    )


def history(*items: int) -> History:
    return History("ann", np.array(items, dtype=np.int32), np.zeros(len(items), dtype=np.int32))


def test_where_all_want_the_same_the_demand_is_weighed() -> None:
    split = leave_one_out(grocer())
    model = untrained(split.train).with_best_share(split.validation)
    assert model.model_power < 1
    figures, plain = (
        evaluate(one, split.test, len(split.train.items)).ndcg_10
        for one in (model, replace(model, model_power=1.0))
    )
    assert figures > plain


def test_where_all_is_wanted_alike_the_demand_is_left_out() -> None:
    split = leave_one_out(even_and_odd())
    model = untrained(split.train).with_best_share(split.validation)
    assert model.model_power == 1.0
    assert model.share == replace(model, demand=None).with_best_share(split.validation).share


def test_a_choice_of_settings_does_not_depend_on_those_before() -> None:
    split = leave_one_out(grocer())
    model = untrained(split.train)
    again = replace(model, share=1.0, model_power=0.2).with_best_share(split.validation)
    best = model.with_best_share(split.validation)
    assert (again.share, again.model_power) == (best.share, best.model_power)


def test_scores_are_the_geometric_mixture_of_chances_and_counts() -> None:
    plain = untrained(even_and_odd())
    plain = replace(plain, demand=np.arange(ITEMS, dtype=np.float32))
    chances = plain.scores([history(3), history(4, 6)]).astype(np.float64)
    right = chances**0.35 * np.arange(1, ITEMS + 1) ** 0.65
    right /= right.sum(axis=1, keepdims=True)
    assert replace(plain, model_power=0.35).scores([history(3), history(4, 6)]) == pytest.approx(
        right, rel=1e-3
    )


def test_items_without_any_chance_are_told_apart_by_their_demand() -> None:
    model = replace(untrained(even_and_odd()), share=0.0, model_power=0.5)
    model = replace(model, demand=np.arange(ITEMS, dtype=np.float32))
    # Even shoppers choose even items only.
    odd = model.scores([history(0)])[0][1::2]
    assert (np.diff(odd) > 0).all()


def test_the_most_demanded_come_first_and_of_equal_ones_the_first() -> None:
    model = untrained(gather([("ann", [])], ["a", "b", "c", "d"]))
    counts = np.array([1, 5, 0, 5], dtype=np.float32)
    assert replace(model, demand=counts).most_demanded.tolist() == [1, 3, 0, 2]
    assert replace(model, demand=None).most_demanded.tolist() == []


@pytest.mark.parametrize("power", [0.0, 1.2, float("nan")])
def test_other_powers_are_refused(power: float) -> None:
    with pytest.raises(ValueError, match=f"above 0 and up to 1, or 1 without a demand; came {power}"):
        replace(untrained(even_and_odd()), model_power=power)


def test_without_counts_there_is_nothing_to_weigh() -> None:
    with pytest.raises(ValueError, match=r"or 1 without a demand; came 0\.5"):
        replace(untrained(even_and_odd()), demand=None, model_power=0.5)
