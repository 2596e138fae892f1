"""A recommender whose answers can be told by head: what fits the wish, in the order of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.recommendations.recommendation import Recommendation, Recommendations, Wish
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

ANYTHING = Wish()


@dataclass
class FakeRecommender:
    """Text fits what has one of its words in name, category or tags; similar is the same category, going with
    the other ones. `asked` are the wishes with their shoppers; `fails` raises whatever is asked."""

    products: tuple[Product, ...]
    asked: list[tuple[Shopper | None, Wish]] = field(default_factory=list)
    fails: bool = False

    def recommend(self, shopper: Shopper | None, wish: Wish = ANYTHING, count: int = 5) -> Recommendations:
        self.asked.append((shopper, wish))
        return self._answer((p for p in self.products if self._fits(p, wish)), count, "It fits.")

    def similar(self, sku: str, count: int = 5) -> Recommendations:
        kind = self._category(sku)
        return self._answer(
            (p for p in self.products if p.category == kind and p.sku != sku), count, "It is alike."
        )

    def goes_with(self, sku: str, count: int = 5) -> Recommendations:
        kind = self._category(sku)
        return self._answer(
            (p for p in self.products if kind is not None and p.category != kind), count, "It goes with it."
        )

    def popular(self, count: int = 5) -> Recommendations:
        return self._answer(reversed(self.products), count, "Many look at it.")

    def _fits(self, product: Product, wish: Wish) -> bool:
        text = " ".join((product.name, product.category, *product.tags)).lower()
        return (
            (wish.text is None or any(word in text for word in wish.text.lower().split()))
            and (wish.lowest_cents is None or wish.lowest_cents <= product.price_cents)
            and (wish.highest_cents is None or product.price_cents <= wish.highest_cents)
            and (wish.categories == () or product.category in wish.categories)
            and product.category not in wish.excluded_categories
            and product.sku not in wish.excluded_skus | {wish.like}
            and (wish.like is None or product.category == self._category(wish.like))
        )

    def _category(self, sku: str) -> str | None:
        return next((product.category for product in self.products if product.sku == sku), None)

    def _answer(self, products: Iterable[Product], count: int, reason: str) -> Recommendations:
        if self.fails:
            raise RuntimeError("the model is broken")
        found = list(products)[:count]
        items = tuple(
            Recommendation(p.sku, p.name, round(1.0 - 0.1 * place, 1), reason)
            for place, p in enumerate(found)
        )
        return Recommendations(items, 1.5)
