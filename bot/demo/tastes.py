"""What does an invented shopper like? The truth behind the demo's events, for later learning to find.

A taste is drawn, not learnt: one or two favourite categories, more of the categories that go with them, a
level of price, and one favourite brand a category. Products are then chosen by popularity x price fit x
brand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from knowledge_base.products import Product

# Who likes the first also likes the second, and after buying the first looks at the second.
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "Running": ("Watches & Wearables", "Audio"),
    "Watches & Wearables": ("Running", "Cycling"),
    "Hiking & Camping": ("Cycling", "Coffee & Tea"),
    "Cycling": ("Hiking & Camping", "Watches & Wearables"),
    "Coffee & Tea": ("Kitchen", "Home Office"),
    "Kitchen": ("Coffee & Tea", "Toys & Games"),
    "Home Office": ("Audio", "Coffee & Tea"),
    "Audio": ("Home Office", "Running"),
    "Skin Care": ("Running", "Kitchen"),
    "Toys & Games": ("Kitchen", "Audio"),
}
CONSUMED = ("Coffee & Tea", "Skin Care")

FAVOURITE_WEIGHT, COMPANION_WEIGHT, OTHER_WEIGHT = 6.0, 2.5, 0.25
PRICE_WIDTH = 0.25
BRAND_FACTOR = 8.0
BOUGHT_AGAIN, BOUGHT_ONCE = 2.0, 0.05


@dataclass(frozen=True)
class Taste:
    """`weights` are by category, any positive scale; `price_level` is 0 (cheapest of a category) to 1
    (dearest).
    """

    weights: Mapping[str, float]
    price_level: float
    brands: Mapping[str, str]


class Shelves:
    """The shop's products by category, each with its place on the category's price scale and its
    popularity.
    """

    def __init__(self, products: Sequence[Product], random: Random) -> None:
        """Popularity falls like 1/rank (Zipf), with the ranks of each category drawn at random."""
        self.by_category: dict[str, list[Product]] = {}
        for product in sorted(products, key=lambda product: product.sku):
            self.by_category.setdefault(product.category, []).append(product)
        self.categories = sorted(self.by_category)
        self._price_place: dict[str, float] = {}
        self._popularity: dict[str, float] = {}
        for shelf in self.by_category.values():
            self._arrange(shelf, random)

    def draw_taste(self, random: Random) -> Taste:
        """A shopper's taste; about a third have two favourite categories."""
        favourites = random.sample(self.categories, k=min(len(self.categories), 1 + (random.random() < 0.35)))
        weights = {category: OTHER_WEIGHT * random.uniform(0.5, 1.5) for category in self.categories}
        for favourite in favourites:
            weights[favourite] += FAVOURITE_WEIGHT * random.uniform(0.7, 1.3)
            for companion in self.companions(favourite):
                weights[companion] += COMPANION_WEIGHT * random.uniform(0.5, 1.5)
        brands = {
            category: random.choice(shelf).brand
            for category, shelf in self.by_category.items()
            if random.random() < 0.8
        }
        return Taste(weights, random.betavariate(2, 2), brands)

    def companions(self, category: str) -> tuple[str, ...]:
        """The categories of this shop that go with one."""
        return tuple(name for name in COMPANIONS.get(category, ()) if name in self.by_category)

    def choose_category(self, taste: Taste, random: Random) -> str:
        """A category by the taste's weights."""
        return random.choices(self.categories, [taste.weights[name] for name in self.categories])[0]

    def choose(
        self, category: str, taste: Taste, bought: set[str], random: Random, in_stock_only: bool = False
    ) -> Product:
        """A product of the category; what was bought is rarely chosen again, unless it is used up."""
        shelf = [product for product in self.by_category[category] if product.stock > 0 or not in_stock_only]
        shelf = shelf if shelf else self.by_category[category]
        return random.choices(shelf, [self._appeal(product, taste, bought) for product in shelf])[0]

    def _appeal(self, product: Product, taste: Taste, bought: set[str]) -> float:
        distance = (self._price_place[product.sku] - taste.price_level) / PRICE_WIDTH
        appeal = self._popularity[product.sku] * math.exp(-distance * distance / 2)
        if taste.brands.get(product.category) == product.brand:
            appeal *= BRAND_FACTOR
        if product.sku in bought:
            appeal *= BOUGHT_AGAIN if product.category in CONSUMED else BOUGHT_ONCE
        return appeal

    def _arrange(self, shelf: list[Product], random: Random) -> None:
        by_price = sorted(shelf, key=lambda product: (product.price_cents, product.sku))
        for place, product in enumerate(by_price):
            self._price_place[product.sku] = place / max(1, len(shelf) - 1)
        for rank, product in enumerate(random.sample(shelf, k=len(shelf)), start=1):
            self._popularity[product.sku] = 1 / rank**0.7
