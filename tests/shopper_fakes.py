"""Products, vectors and events of a shop so small that its profiles can be worked out by head."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.shoppers.events import Event
from bot.shoppers.product_places import ProductPlaces
from bot.shoppers.profile_folding import Folding
from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
"""A Saturday."""


def product(sku: str, category: str = "Lamps", price_cents: int = 1000, brand: str = "Fjell") -> Product:
    return Product(sku, f"Name of {sku}", brand, category, price_cents, "EUR", 5, {}, (), "A thing.")


PRODUCTS = (
    product("L-1", price_cents=1000),
    product("L-2", price_cents=2000, brand="Skarn"),
    product("L-3", price_cents=3000),
    product("T-1", "Tents", 9000),
)


def axis(number: int, dimensions: int = 4) -> npt.NDArray[np.float32]:
    return np.asarray(np.eye(dimensions)[number], dtype=np.float32)


VECTORS = ProductVectors(("L-1", "L-2", "T-1"), np.stack([axis(0), axis(0), axis(1)]), "fake")
"""Lamps point one way, tents another; L-3 is too new to be here."""
PLACES = ProductPlaces(PRODUCTS, VECTORS)


def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Texts about tents point like tents, about lamps like lamps, all others a third way."""
    ways = [1 if "tent" in text.lower() else 0 if "lamp" in text.lower() else 2 for text in texts]
    return np.stack([axis(way) for way in ways]) if texts else np.zeros((0, 4), dtype=np.float32)


def folding(with_encoder: bool = True, encoder_name: str = "fake") -> Folding:
    return Folding(lambda: PLACES, encode if with_encoder else None, encoder_name)


def event(
    number: int,
    name: str = "Product Viewed",
    sku: str | None = "L-1",
    at: datetime = NOON,
    customer: str | None = None,
    browser: str | None = "browser",
    **properties: Any,
) -> Event:
    return Event(f"m{number}", name, at, customer, browser, sku, properties)


def order(number: int, at: datetime = NOON, customer: str | None = None, **skus: int) -> Event:
    """`skus` are quantities, as in L_1=2; every piece costs 10 euros."""
    lines = [
        {"sku": sku.replace("_", "-"), "quantity": quantity, "price_cents": 1000}
        for sku, quantity in skus.items()
    ]
    total = 1000 * sum(skus.values())
    return event(
        number,
        "Order Completed",
        None,
        at,
        customer,
        order_id=f"LK-{number}",
        total_cents=total,
        currency="EUR",
        products=lines,
    )
