"""What does the shop sell, and what do buyers say of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Product:
    """One thing for sale. `price_cents` is in `currency` (ISO 4217), `stock` counts pieces, both 0 or
    more.
    """

    sku: str
    name: str
    brand: str
    category: str
    price_cents: int
    currency: str
    stock: int
    attributes: Mapping[str, str]
    tags: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class Review:
    """One buyer's opinion of the product `sku`; `rating` is 1 (bad) to 5 (good).

    `customer_id` says which customer's, None where that is not known. Only `author` is shown.
    """

    sku: str
    rating: int
    date: date
    author: str
    title: str
    text: str
    customer_id: str | None = None
