"""Where does a product stand in the shop: in which category, how dear for it, and near what in meaning?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product

Vector = npt.NDArray[np.float32]

KEPT_FOR = timedelta(seconds=60)
"""How long a reading of the catalogue counts as fresh."""


@dataclass(frozen=True)
class ProductPlace:
    """`price_level` is the product's place among the prices of its category, 0 (cheapest) to 1 (dearest);
    0.5 where there is only one."""

    product: Product
    price_level: float


class ProductPlaces:
    """The products of the catalogue at one moment. `vectors` may lack some of them."""

    def __init__(self, products: Iterable[Product], vectors: ProductVectors | None = None) -> None:
        products = tuple(products)
        prices: dict[tuple[str, str], list[int]] = defaultdict(list)
        for product in products:
            prices[product.category, product.currency].append(product.price_cents)
        for shelf in prices.values():
            shelf.sort()
        self._places = {
            product.sku: ProductPlace(
                product, _level(product.price_cents, prices[product.category, product.currency])
            )
            for product in products
        }
        self._vectors = vectors
        self.categories = frozenset(product.category for product in products)

    def of(self, sku: str) -> ProductPlace | None:
        """None for a product that is not, or no longer, in the catalogue."""
        return self._places.get(sku)

    def vector(self, sku: str) -> Vector | None:
        """The product's meaning, of length 1; None where there is none on record."""
        return None if self._vectors is None else self._vectors.vector(sku)


class SellsProducts(Protocol):
    """What is needed of `bot.catalogue.Catalogue`."""

    def products(self) -> Sequence[Product]: ...


class FreshPlaces:
    """Gives the products' places, read anew when the last reading is older than KEPT_FOR. Thread-safe."""

    def __init__(
        self,
        catalogue: SellsProducts,
        open_vectors: Callable[[], ProductVectors | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._catalogue = catalogue
        self._open_vectors = open_vectors
        self._clock = clock
        self._lock = Lock()
        self._read: tuple[datetime, ProductPlaces] | None = None

    def __call__(self) -> ProductPlaces:
        """Raises the database's errors."""
        with self._lock:
            at = self._clock()
            if self._read is None or at - self._read[0] >= KEPT_FOR:
                self._read = (at, ProductPlaces(self._catalogue.products(), self._open_vectors()))
            return self._read[1]


def _level(price_cents: int, prices: Sequence[int]) -> float:
    """The middle of the places that this price has in the sorted prices."""
    if len(prices) < 2:
        return 0.5
    cheaper, up_to = bisect_left(prices, price_cents), bisect_right(prices, price_cents)
    return (cheaper + (up_to - cheaper - 1) / 2) / (len(prices) - 1)
