"""Does a change of catalogue, texts, model or demand reach the next recommendation?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from knowledge_fakes import FakeEncoder
from recommender_fakes import BOOT, CUP, NOON

from bot.model_versions import ModelVersions
from bot.recommendations.popular_now import Demand
from bot.recommendations.shelf_keeper import ShelfKeeper
from knowledge_base.product_vectors import update_product_vectors
from knowledge_base.products import Product


class Shop:
    """A catalogue, a demand and a clock that a test turns."""

    def __init__(self) -> None:
        self.goods: tuple[Product, ...] = (BOOT,)
        self.changed_at = self.now = NOON
        self.demand: dict[str, Demand] = {}
        self.reads = 0

    def products(self) -> tuple[Product, ...]:
        self.reads += 1
        return self.goods

    def stamp(self) -> tuple[int, datetime | None]:
        return len(self.goods), self.changed_at

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def keeper_of(shop: Shop, tmp_path: Path) -> ShelfKeeper:
    def demand(now: datetime) -> Mapping[str, Demand]:
        return dict(shop.demand)

    versions = ModelVersions(tmp_path / "models", lambda: shop.now)
    return ShelfKeeper(shop, tmp_path / "vectors", versions, demand, lambda: shop.now)


def test_a_new_price_counts_a_second_later(tmp_path: Path) -> None:
    shop = Shop()
    keeper = keeper_of(shop, tmp_path)
    assert keeper.offer().shelf.goods.prices.tolist() == [12_000]
    shop.goods, shop.changed_at = (replace(BOOT, price_cents=9_900), CUP), NOON + timedelta(seconds=5)
    assert keeper.offer().shelf.goods.prices.tolist() == [12_000]
    shop.later(1)
    assert keeper.offer().shelf.goods.prices.tolist() == [9_900, 900]


def test_nothing_is_read_again_while_nothing_changes(tmp_path: Path) -> None:
    shop = Shop()
    keeper = keeper_of(shop, tmp_path)
    for _ in range(5):
        keeper.offer()
        shop.later(2)
    assert shop.reads == 1


def test_demand_is_counted_anew_every_minute(tmp_path: Path) -> None:
    shop = Shop()
    keeper = keeper_of(shop, tmp_path)
    keeper.offer()
    shop.demand = {"BOOT": Demand(shoppers=9)}
    shop.later(30)
    assert keeper.offer().counts == {}
    shop.later(31)
    assert keeper.offer().counts == shop.demand
    assert shop.reads == 1


def test_new_texts_are_taken_up(tmp_path: Path) -> None:
    shop = Shop()
    keeper = keeper_of(shop, tmp_path)
    assert keeper.offer().shelf.meanings.shape == (1, 0)
    update_product_vectors(tmp_path / "vectors", shop.goods, FakeEncoder())
    shop.later(1)
    assert keeper.offer().shelf.meanings.shape[1] > 0


def test_a_model_that_cannot_be_read_does_not_stop_the_shop(tmp_path: Path) -> None:
    shop = Shop()
    versions = ModelVersions(tmp_path / "models", lambda: NOON)
    versions.publish(versions.new(), {})
    assert keeper_of(shop, tmp_path).offer().model is None
