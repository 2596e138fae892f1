"""A shop on disk for the commands about shoppers: no encoder is needed, as every product has its vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from shopper_fakes import NOON, PRODUCTS, event, order

from bot.catalogue import Catalogue
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.shoppers.events import Events
from knowledge_base.encoder import DEFAULT_ENCODER, Embeddings
from knowledge_base.product_vectors import update_product_vectors

ANNA_BROWSER = "browser"


class TwoWays:
    """Says that it is MiniLM; lamps point one way, all else another."""

    name = DEFAULT_ENCODER

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings:
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0 if "Lamps" in text else 1] = 1
        return vectors


def fill_shop(database: Database, data_dir: Path) -> None:
    """40 browsers with 10 views each, half of lamps and half of tents; Anna looks at lamps and bought one."""
    database.upgrade()
    Catalogue(database).put_products(PRODUCTS)
    update_product_vectors(data_dir / "product_vectors", PRODUCTS, TwoWays())
    Customers(database).add(
        [
            Customer("C00001", "anna@mail.example", "Anna", "DE", NOON, profiling_consent=True),
            Customer("C00002", "ben@mail.example", "Ben", "DE", NOON),
        ]
    )
    events = [
        event(
            100 * browser + view,
            sku="L-1" if browser % 2 else "T-1",
            at=NOON - timedelta(days=view, minutes=browser),
            browser=f"{ANNA_BROWSER}-{browser}",
        )
        for browser in range(40)
        for view in range(10)
    ]
    hers = [event(9000 + n, at=NOON - timedelta(days=n), customer="C00001") for n in range(10)]
    Events(database).record([*events, *hers, order(9100, customer="C00001", L_1=2)])
