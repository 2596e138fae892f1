"""What happens in one visit to the demo shop, from the first search to the order?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.demo.tastes import Shelves, Taste
from knowledge_base.products import Product

# How long what was bought leads a shopper to the things that go with it.
MEMORY = timedelta(days=45)
FOLLOWS_PURCHASE = 0.55

# Products with how many of each.
Basket = tuple[tuple[Product, int], ...]


@dataclass(frozen=True)
class Step:
    """One event of a visit, before it has a sender and an id."""

    name: str
    at: datetime
    sku: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Purchase:
    """What is in the basket at the checkout: products with their quantities."""

    at: datetime
    products: Basket


@dataclass
class Shopper:
    """A taste, and what it has done so far: that is what makes the next visit depend on the last ones."""

    taste: Taste
    bought: set[str] = field(default_factory=set)
    last_category: str | None = None
    last_purchase_at: datetime | None = None


def browse(shopper: Shopper, shelves: Shelves, at: datetime, random: Random) -> list[Step]:
    """A visit that buys nothing; now and then something goes into the basket, and often out again."""
    category = _category(shopper, shelves, at, random)
    steps = [_entrance(category, shopper, shelves, at, random)]
    for _ in range(random.choices((1, 2, 3, 4, 6), (30, 30, 20, 12, 8))[0]):
        at += timedelta(seconds=random.randint(8, 150))
        if random.random() < 0.15:
            category = _category(shopper, shelves, at, random)
        product = shelves.choose(category, shopper.taste, shopper.bought, random)
        steps.append(_about("Product Viewed", at, product))
        if product.stock > 0 and random.random() < 0.09:
            steps.append(_about("Product Added", at + timedelta(seconds=5), product, quantity=1))
            if random.random() < 0.4:
                steps.append(_about("Product Removed", at + timedelta(seconds=7), product, quantity=1))
    return steps


def buy(
    shopper: Shopper, shelves: Shelves, at: datetime, random: Random, is_recent: bool
) -> tuple[list[Step], Purchase]:
    """A visit that ends at the checkout with one to three products; the order itself is not yet among the
    steps.

    A recent purchase is of what is in stock. Changes the shopper: it remembers what it bought.
    """
    category = _category(shopper, shelves, at, random)
    steps = [_entrance(category, shopper, shelves, at, random)]
    basket: dict[str, tuple[Product, int]] = {}
    for place in range(random.choices((1, 2, 3), (60, 28, 12))[0]):
        if place > 0 and random.random() < 0.6:
            category = random.choice((category, *shelves.companions(category)))
        for _ in range(random.choices((0, 1, 2), (45, 40, 15))[0]):
            at += timedelta(seconds=random.randint(8, 150))
            looked_at = shelves.choose(category, shopper.taste, shopper.bought, random)
            steps.append(_about("Product Viewed", at, looked_at))
        product = shelves.choose(category, shopper.taste, shopper.bought, random, in_stock_only=is_recent)
        quantity = random.choices((1, 2, 3), (85, 12, 3))[0] if product.price_cents < 4000 else 1
        at += timedelta(seconds=random.randint(20, 200))
        steps.append(_about("Product Viewed", at, product))
        if product.sku not in basket:
            at += timedelta(seconds=random.randint(5, 60))
            steps.append(_about("Product Added", at, product, quantity=quantity))
            basket[product.sku] = (product, quantity)
    return _checkout(shopper, steps, tuple(basket.values()), at, random)


def buy_exactly(basket: Basket, at: datetime) -> tuple[list[Step], Purchase]:
    """A visit that looks at these products, puts them into the basket and buys them, all at `at`."""
    steps = [_about("Product Viewed", at, product) for product, _ in basket]
    steps += [_about("Product Added", at, product, quantity=quantity) for product, quantity in basket]
    return [*steps, checkout(at, basket)], Purchase(at, basket)


def checkout(at: datetime, basket: Basket) -> Step:
    """The step to the till with a basket."""
    return Step("Checkout Started", at, None, {"products": [product.sku for product, _ in basket]})


def _checkout(
    shopper: Shopper, steps: list[Step], basket: Basket, at: datetime, random: Random
) -> tuple[list[Step], Purchase]:
    at += timedelta(seconds=random.randint(20, 120))
    steps.append(checkout(at, basket))
    at += timedelta(seconds=random.randint(40, 240))
    shopper.bought.update(product.sku for product, _ in basket)
    shopper.last_category, shopper.last_purchase_at = basket[0][0].category, at
    return steps, Purchase(at, basket)


def _entrance(category: str, shopper: Shopper, shelves: Shelves, at: datetime, random: Random) -> Step:
    """How a visit to a category begins: with a search for something of it, or with its list."""
    if random.random() < 0.4:
        wanted = shelves.choose(category, shopper.taste, shopper.bought, random)
        query = random.choice((*wanted.tags, wanted.brand, category)).lower()
        return Step("Products Searched", at, None, {"query": query})
    return Step("Product List Viewed", at, None, {"category": category})


def _category(shopper: Shopper, shelves: Shelves, at: datetime, random: Random) -> str:
    """Soon after a purchase often what goes with it, else what the taste says."""
    bought_lately = shopper.last_purchase_at is not None and at - shopper.last_purchase_at < MEMORY
    if bought_lately and shopper.last_category is not None and random.random() < FOLLOWS_PURCHASE:
        companions = shelves.companions(shopper.last_category)
        if companions:
            return random.choices(companions, [2 if place == 0 else 1 for place in range(len(companions))])[0]
    return shelves.choose_category(shopper.taste, random)


def _about(name: str, at: datetime, product: Product, **properties: Any) -> Step:
    money = {"price_cents": product.price_cents, "currency": product.currency}
    return Step(name, at, product.sku, {"category": product.category, **money, **properties})
