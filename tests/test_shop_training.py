"""Does a new recommender come into use only if it is better, and does an interrupted training go on?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from bot.model_versions import ModelVersions
from bot.recommendations.frozen_cases import TooFewShoppers
from bot.recommendations.next_item_model import open_model
from bot.recommendations.recommender_training import Progress, TrainingPlan
from bot.recommendations.sequence_network import NetworkShape
from bot.recommendations.shop_training import WORK, train_on_shop
from bot.shoppers.events import Event
from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product

pytestmark = pytest.mark.full

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ITEMS, SHOPPERS = 12, 150
PRODUCTS = [
    Product(f"P{n:02d}", f"Product {n}", "", "Things", 1000, "EUR", 5, {}, (), "") for n in range(ITEMS)
]
TEXTS = ProductVectors(
    tuple(product.sku for product in PRODUCTS),
    np.asarray(np.eye(ITEMS, 16), dtype=np.float32),
    "one-hot",
)
SHAPE = NetworkShape(dimensions=16, layers=1, longest=8, dropout=0.0, input_dropout=0.0)
PLAN = TrainingPlan(shape=SHAPE, passes=3, learning_rate=5e-3)


class Interrupted(Exception):
    """The power went."""


def views(length: int = 5) -> Iterator[Event]:
    """Every shopper walks through the products two on at a time."""
    for shopper in range(SHOPPERS):
        for step in range(length):
            sku = f"P{(shopper + 2 * step) % ITEMS:02d}"
            at = NOON + timedelta(minutes=step)
            yield Event(f"m{shopper}-{step}", "Product Viewed", at, None, f"browser{shopper}", sku)


@pytest.fixture
def versions(tmp_path: Path) -> ModelVersions:
    seconds = count()
    return ModelVersions(tmp_path / "recommender", lambda: NOON + timedelta(seconds=next(seconds)))


def test_the_first_model_replaces_none_and_a_worse_one_does_not_replace_it(versions: ModelVersions) -> None:
    first = train_on_shop(views(), PRODUCTS, TEXTS, versions, PLAN)
    assert first.is_used
    assert first.ndcg_10 > first.ndcg_10_before
    assert first.cases == 30
    running = versions.current()
    again = train_on_shop(views(), PRODUCTS, TEXTS, versions, replace(PLAN, seed=8))
    assert again.ndcg_10_before == pytest.approx(first.ndcg_10, abs=1e-3)
    assert again.is_used == (again.ndcg_10 > again.ndcg_10_before)
    if not again.is_used:
        assert versions.current() == running
    assert running is not None
    assert open_model(running).items == TEXTS.skus


def test_an_interrupted_training_goes_on_with_the_data_it_began_with(versions: ModelVersions) -> None:
    def stop(progress: Progress) -> None:
        if progress.step > 0.5 * progress.steps:
            raise Interrupted

    said: list[str] = []
    with pytest.raises(Interrupted):
        train_on_shop(views(), PRODUCTS, TEXTS, versions, PLAN, stop)
    assert versions.current() is None
    more = [*views(), Event("later", "Product Viewed", NOON, None, "browser1", "P00")]
    summary = train_on_shop(more, PRODUCTS, TEXTS, versions, PLAN, say=said.append)
    assert "going on with the training that was interrupted" in said
    assert summary.is_used
    assert not (versions.directory / WORK).exists()


def test_a_shop_without_behaviour_is_told_what_is_missing(versions: ModelVersions) -> None:
    with pytest.raises(TooFewShoppers, match="at least 90 shoppers"):
        train_on_shop([], PRODUCTS, TEXTS, versions, PLAN)
    assert versions.all() == ()
