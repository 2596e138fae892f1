"""What do the home page, the product pages and the pictures answer with?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import fmean

from aiohttp import web

from bot.catalogue import Catalogue
from bot.customers import Customer
from bot.web.pages.rendering import SHOP_NAME, Page, Pages
from bot.web.pages.sign_in import DemoSignIn
from bot.web.pictures import draw
from knowledge_base.products import Product

FEW_LEFT = 5
MOST_SHOWN = 300
ORDERS_SHOWN = 3
EXAMPLES = (
    "How long does the battery of the Fjell 40 last?",
    "Is the Fellmark Squall jacket waterproof?",
    "How long do I have to return something?",
    "A gift for my father who likes hiking, under 50",
)


@dataclass(frozen=True)
class Hint:
    """Questions to try in the demo, and whose orders one can ask about, newest first."""

    questions: tuple[str, ...]
    customer: Customer | None = None
    order_numbers: tuple[str, ...] = ()


class ProductPages:
    """`/`, `/products/{sku}` and `/products/{sku}/picture.svg`. `sign_in` is None outside of the demo."""

    def __init__(self, catalogue: Catalogue, pages: Pages, sign_in: DemoSignIn | None) -> None:
        self._catalogue = catalogue
        self._pages = pages
        self._sign_in = sign_in

    async def home(self, request: web.Request) -> web.Response:
        products = await asyncio.to_thread(self._catalogue.products)
        category, words = request.query.get("category", ""), request.query.get("q", "").strip()
        found = [product for product in products if matches(product, category, words)]
        values = {
            "categories": sorted({product.category for product in products}),
            "category": category,
            "words": words,
            "shelves": in_shelves(found[:MOST_SHOWN]),
            "found": len(found),
            "most_shown": MOST_SHOWN,
            "few_left": FEW_LEFT,
            "hint": await self._hint(request),
        }
        return await self._pages.respond(request, Page("home.html", SHOP_NAME, values))

    async def product(self, request: web.Request) -> web.Response:
        product = await asyncio.to_thread(self._catalogue.product, request.match_info["sku"])
        if product is None:
            return await self._pages.not_found(request)
        reviews = await asyncio.to_thread(self._catalogue.reviews, product.sku)
        values = {
            "product": product,
            "paragraphs": [part for part in product.description.split("\n\n") if part.strip()],
            "reviews": reviews,
            "rating": fmean(review.rating for review in reviews) if reviews else None,
            "few_left": FEW_LEFT,
        }
        return await self._pages.respond(request, Page("product.html", product.name, values, product.sku))

    async def picture(self, request: web.Request) -> web.Response:
        product = await asyncio.to_thread(self._catalogue.product, request.match_info["sku"])
        if product is None:
            raise web.HTTPNotFound
        return web.Response(
            text=draw(product),
            content_type="image/svg+xml",
            headers={"Cache-Control": "public, max-age=3600"},
        )

    async def _hint(self, request: web.Request) -> Hint | None:
        """What to try; None outside of the demo."""
        if self._sign_in is None:
            return None
        known = await self._sign_in.orders(await self._sign_in.state(request))
        if known is None or not known[1]:
            return Hint(EXAMPLES)
        customer, orders = known
        on_its_way = next((order for order in orders if order.state == "shipped"), orders[0])
        question = f"Where is my order {on_its_way.number}?"
        return Hint((*EXAMPLES, question), customer, tuple(order.number for order in orders[:ORDERS_SHOWN]))


def matches(product: Product, category: str, words: str) -> bool:
    """Whether it is of the category ("" is any) and has the words in name, brand, category or tags."""
    if category not in ("", product.category):
        return False
    text = " ".join((product.name, product.brand, product.category, *product.tags)).casefold()
    return words.casefold() in text


def in_shelves(products: Iterable[Product]) -> list[tuple[str, list[Product]]]:
    """The products by category, categories in the order of the alphabet."""
    by_category = attrgetter("category")
    return [
        (category, list(shelf)) for category, shelf in groupby(sorted(products, key=by_category), by_category)
    ]
