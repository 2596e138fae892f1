"""Is the catalogue put on the shelf with the vectors that belong to it?"""

from __future__ import annotations

import numpy as np
import pytest
from recommender_fakes import BOOT, PRODUCTS, TEXTS, model, texts

from bot.recommendations.recommendation import Wish
from bot.recommendations.shelf import fill_shelf, goods_of

GOODS = goods_of(PRODUCTS)


def allowed(wish: Wish, without: frozenset[str] = frozenset()) -> list[str]:
    return [GOODS.skus[place] for place in np.flatnonzero(GOODS.allowed(wish, without))]


def test_budgets_are_inclusive_and_nothing_sold_out_is_allowed() -> None:
    assert allowed(Wish(lowest_cents=1_500, highest_cents=4_000)) == ["SOCK", "POT", "NEW"]


def test_unknown_skus_and_categories_exclude_nothing() -> None:
    everything = allowed(Wish())
    wish = Wish(excluded_categories=frozenset({"Garden"}), excluded_skus=frozenset({"none"}))
    assert (
        allowed(wish, frozenset({"nothing"})) == everything == ["BOOT", "SOCK", "SANDAL", "CUP", "POT", "NEW"]
    )


def test_a_new_product_gets_the_vector_of_its_text() -> None:
    shelf = fill_shelf(GOODS, texts(), model())
    new = GOODS.places["NEW"]
    assert shelf.model_places[new] == -1
    assert shelf.vectors[new] == pytest.approx(TEXTS["NEW"])
    assert shelf.place_of(0) == GOODS.places[BOOT.sku]
    assert shelf.place_of(999) == -1


def test_without_a_model_the_texts_speak_and_without_texts_there_is_nothing() -> None:
    assert fill_shelf(GOODS, texts(), None).vectors.shape == (len(PRODUCTS), 2)
    bare = fill_shelf(GOODS, None, None)
    assert bare.meanings.shape == bare.vectors.shape == (len(PRODUCTS), 0)


def test_what_is_no_longer_sold_has_no_place() -> None:
    shelf = fill_shelf(goods_of(PRODUCTS[1:]), texts(PRODUCTS[1:]), model())
    assert shelf.place_of(0) == -1
