"""Are chances those of the model over what may be recommended, with an index as without one?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from recommender_fakes import PRODUCTS, last_item, model, offer

from bot.recommendations.bought_together import no_pairs
from bot.recommendations.co_behaviour import CoBehaviour
from bot.recommendations.interactions import History
from bot.recommendations.item_index import ItemIndex
from bot.recommendations.next_item_model import NextItemModel, Vectors
from bot.recommendations.scoring import CANDIDATES, DEMANDED_LOOKED_AT, Scored, next_chances
from bot.recommendations.shelf import Shelf, fill_shelf, goods_of
from bot.recommendations.shelf_keeper import Offer
from bot.recommendations.shop_training import ShelfScorer

LARGE = DEMANDED_LOOKED_AT + 2000
NO_DEMAND_YET: npt.NDArray[np.float32] = np.full(LARGE, 1 / LARGE, dtype=np.float32)
EVERYTHING = np.arange(LARGE)
STAR = LARGE - 1
"""The product that nearly all buy, whatever they bought before."""


@dataclass(frozen=True)
class Found:
    keys: npt.NDArray[np.uint64]


@dataclass(frozen=True)
class WholeGraph:
    """Looks at every vector, as usearch's graph would rather not."""

    vectors: Vectors

    def search(self, vector: npt.NDArray[np.float32], count: int) -> Found:
        return Found(np.argsort(-(self.vectors @ vector))[:count].astype(np.uint64))


def large_shop(power: float) -> Offer:
    """Products on a half circle in their order; STAR, the last one, is farthest from the first."""
    from scipy.sparse import csr_matrix

    angles = np.linspace(0, np.pi, LARGE)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    names = tuple(f"P{place:05d}" for place in range(LARGE))
    demand = np.random.default_rng(2).permutation(LARGE).astype(np.float32)
    demand[STAR] = 1e8
    one = NextItemModel(
        items=names,
        vectors=vectors,
        text_map=np.zeros((0, 2), dtype=np.float32),
        scale=8.0,
        longest=4,
        co_behaviour=CoBehaviour(csr_matrix((LARGE, LARGE), dtype=np.float32)),
        encode=last_item,
        share=1.0,
        demand=demand,
        model_power=power,
    )
    goods = goods_of([replace(PRODUCTS[0], sku=name) for name in names])
    meanings = np.zeros((LARGE, 0), dtype=np.float32)
    index = ItemIndex(WholeGraph(vectors), np.arange(0, LARGE, 10))
    return Offer(Shelf(goods, vectors, meanings, EVERYTHING), one, index, no_pairs(), NO_DEMAND_YET, {})


def first_ten(scored: Scored) -> list[int]:
    return [int(place) for place in scored.places[np.argsort(-scored.chances, kind="stable")[:10]]]


def test_what_is_most_demanded_is_a_candidate_beside_the_nearest() -> None:
    found = next_chances(large_shop(0.2), [(0, 0)], EVERYTHING, None)
    assert first_ten(found)[0] == STAR
    assert CANDIDATES < len(found.places) <= 2 * CANDIDATES
    assert len(np.unique(found.places)) == len(found.places)


def test_a_model_that_leaves_the_demand_out_looks_at_the_nearest_alone() -> None:
    found = next_chances(large_shop(1.0), [(0, 0)], EVERYTHING, None)
    assert found.places.tolist() == list(range(CANDIDATES))


@pytest.mark.parametrize("power", [1.0, 0.8, 0.2])
def test_the_first_ten_are_the_same_without_the_index(power: float) -> None:
    shop = large_shop(power)
    whole = next_chances(replace(shop, index=None), [(0, 0)], EVERYTHING, None)
    assert len(whole.places) == LARGE
    found = next_chances(shop, [(0, 0)], EVERYTHING, None)
    assert len(set(first_ten(found)) & set(first_ten(whole))) >= 9


def test_the_most_demanded_that_may_not_be_recommended_are_no_candidates() -> None:
    allowed = EVERYTHING[:-1]
    found = next_chances(large_shop(0.2), [(0, 0)], allowed, None)
    assert STAR not in found.places
    assert len(found.places) > CANDIDATES


def test_a_wish_that_leaves_few_of_the_most_demanded_is_looked_through_as_a_whole() -> None:
    shop = large_shop(0.2)
    assert shop.model is not None
    least = np.argsort(shop.model.most_demanded, kind="stable") >= DEMANDED_LOOKED_AT
    allowed = np.flatnonzero(least)
    found = next_chances(shop, [(0, 0)], allowed, None)
    assert found.places.tolist() == allowed.tolist()


def test_without_texts_the_chances_are_the_models_own() -> None:
    """Beside the small part that is the shop's present demand."""
    known = replace(model(), demand=np.array([9, 0, 3, 1, 5, 0], dtype=np.float32), model_power=0.5)
    goods = goods_of([product for product in PRODUCTS if product.sku != "NEW"])
    demand = np.full(6, 1 / 6, dtype=np.float32)
    shop = Offer(fill_shelf(goods, None, known), known, None, no_pairs(), demand, {})
    history = History("ann", np.array([0, 3], dtype=np.int32), np.zeros(2, dtype=np.int32))
    found = ShelfScorer(shop).scores([history])
    assert found == pytest.approx(0.97 * known.scores([history]) + 0.03 / 6, abs=1e-6)


def test_a_new_product_counts_as_one_that_nobody_chose() -> None:
    counts = np.array([8, 0, 3, 1, 5, 0], dtype=np.float32)

    def chances(power: float) -> npt.NDArray[np.float32]:
        shop = offer(replace(model(), demand=counts, model_power=power))
        bare = replace(shop.shelf, meanings=np.zeros((len(PRODUCTS), 0), dtype=np.float32))
        own = next_chances(replace(shop, shelf=bare), [(1, 0)], np.arange(len(PRODUCTS)), None).chances
        return np.asarray((own - 0.03 / len(PRODUCTS)) / 0.97, dtype=np.float32)

    plain, weighed = chances(1.0), chances(0.5)
    boot, new = 0, len(PRODUCTS) - 1
    right = np.sqrt(plain[new] / plain[boot] * 1 / (8 + 1))
    assert weighed[new] / weighed[boot] == pytest.approx(right, rel=1e-3)
