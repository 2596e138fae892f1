"""A small shop whose recommendations can be worked out by head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from bot.recommendations.bought_together import BoughtTogether, no_pairs
from bot.recommendations.co_behaviour import count_co_behaviour
from bot.recommendations.interactions import Choice, gather
from bot.recommendations.next_item_model import NextItemModel, Vectors
from bot.recommendations.popular_now import Demand
from bot.recommendations.shelf import fill_shelf, goods_of
from bot.recommendations.shelf_keeper import Offer, demand_share
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
BOOT = Product("BOOT", "Cairn Boot", "Cairn", "Hiking", 12_000, "EUR", 3, {}, (), "")
SOCK = replace(BOOT, sku="SOCK", name="Mile Sock", price_cents=1_500)
SANDAL = replace(BOOT, sku="SANDAL", name="Dune Sandal", price_cents=6_000)
CUP = replace(BOOT, sku="CUP", name="Camp Cup", category="Kitchen", price_cents=900)
POT = replace(BOOT, sku="POT", name="Ember Pot", category="Kitchen", price_cents=4_000)
GONE = replace(BOOT, sku="GONE", name="Sold-out Stove", category="Kitchen", stock=0)
NEW = replace(BOOT, sku="NEW", name="New Gaiter", price_cents=2_500)
PRODUCTS = (BOOT, SOCK, SANDAL, CUP, POT, GONE, NEW)
# Two dimensions: how much it is about walking, how much about cooking.
TEXTS = {
    "BOOT": (1.0, 0.0),
    "SOCK": (0.4, 0.9165),
    "SANDAL": (0.96, 0.28),
    "CUP": (0.2, 0.98),
    "POT": (0.0, 1.0),
    "GONE": (0.0, 1.0),
    "NEW": (0.96, -0.28),
}
CHOSEN = (
    ("BOOT", "SOCK"),
    ("BOOT", "SOCK"),
    ("SANDAL", "SANDAL"),
    ("CUP", "POT"),
    ("CUP", "POT"),
    ("POT", "GONE"),
)


def texts(products: tuple[Product, ...] = PRODUCTS) -> ProductVectors:
    rows = np.array([TEXTS[product.sku] for product in products], dtype=np.float32).reshape(-1, 2)
    return ProductVectors(tuple(product.sku for product in products), rows, "two")


def last_item(vectors: Vectors, kinds: npt.NDArray[np.int64]) -> Vectors:
    """A shopper is what they chose last."""
    return vectors


def model(share: float = 0.2) -> NextItemModel:
    """Knows all but NEW; its vectors are the texts."""
    known = tuple(product.sku for product in PRODUCTS if product.sku != "NEW")
    chosen = gather([(str(n), [Choice(sku) for sku in pair]) for n, pair in enumerate(CHOSEN)], known)
    return NextItemModel(
        items=known,
        vectors=np.array([TEXTS[sku] for sku in known], dtype=np.float32),
        text_map=np.eye(2, dtype=np.float32),
        scale=2.0,
        longest=4,
        co_behaviour=count_co_behaviour(chosen),
        encode=last_item,
        share=share,
    )


def offer(
    with_model: NextItemModel | None = None,
    pairs: BoughtTogether | None = None,
    counts: Mapping[str, Demand] | None = None,
    products: tuple[Product, ...] = PRODUCTS,
) -> Offer:
    goods = goods_of(products)
    demand = counts if counts is not None else {}
    return Offer(
        fill_shelf(goods, texts(products), with_model),
        with_model,
        None,
        pairs if pairs is not None else no_pairs(),
        demand_share(goods.skus, demand),
        demand,
    )


class FixedOffer:
    """Always the same state."""

    def __init__(self, state: Offer) -> None:
        self.state = state

    def offer(self) -> Offer:
        return self.state


class ListedEvents:
    """Events that a test writes down; remembers who was asked for."""

    def __init__(self, *events: Event) -> None:
        self.events = list(events)

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]:
        found = [
            event
            for event in self.events
            if event.customer_id == shopper.customer_id
            and (shopper.customer_id is not None or event.anonymous_id == shopper.anonymous_id)
        ]
        return tuple(found if limit is None else found[-limit:])


def did(name: str, sku: str | None = None, customer: str = "C00001", **properties: object) -> Event:
    return Event(f"{name}{sku}{customer}", name, NOON, customer, None, sku, properties)
