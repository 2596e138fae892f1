"""How does an empty database become the sample shop, with offers, customers, orders and 18 months of
behaviour?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.database.connection import Database
from bot.demo.anna import anna_keller
from bot.demo.demo_consents import make_marketing_consents
from bot.demo.demo_customers import make_customers
from bot.demo.demo_offers import OFFERS_FILE, read_demo_offers
from bot.demo.history import Historian
from bot.demo.storage import (
    ForeignData,
    refuse_collisions,
    refuse_foreign_data,
    replace_demo,
    store_marketing,
)
from bot.demo.tastes import Shelves
from bot.promotions.offer import Offer
from bot.promotions.offer_files import OfferingShop
from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.products import Product, Review
from knowledge_base.shop_details import BrokenShopDetails, read_shop_details

__all__ = ["DEFAULT_SEED", "DemoSize", "DemoSummary", "ForeignData", "MissingSample", "create_demo"]

DEFAULT_SEED = 20


class MissingSample(Exception):
    """The knowledge directory is not that of the sample shop."""


@dataclass(frozen=True)
class DemoSize:
    """How many customers, orders and events to make; events at least about 20 an order."""

    customers: int = 300
    orders: int = 1000
    events: int = 20_000


@dataclass(frozen=True)
class DemoSummary:
    """How many of each the demo shop has."""

    products: int
    reviews: int
    customers: int
    orders: int
    events: int
    offers: int


def create_demo(
    database: Database,
    knowledge_dir: Path,
    today: datetime,
    seed: int = DEFAULT_SEED,
    force: bool = False,
    size: DemoSize = DemoSize(),
) -> DemoSummary:
    """Put the sample shop into the database in place of an earlier one, all or nothing.

    The same products, `today` and `seed` give the same shop. Raises ForeignData if the database holds
    products or customers that are not the demo's, unless `force`, which leaves them as they are;
    MissingSample, BrokenRows.
    """
    products, reviews = read_sample(knowledge_dir)
    today = today.replace(microsecond=0)
    offers = read_sample_offers(knowledge_dir, products, today)
    random = Random(seed)
    customers = (anna_keller(today), *make_customers(size.customers, today, random))
    history = Historian(Shelves(products, random), today, random).tell(customers, size.orders, size.events)
    # Of its own, so that the story is told as before.
    consents = make_marketing_consents(customers, today, Random(f"marketing {seed}"))
    with database.session() as session:
        database.hold(session, "catalogue")
        if not force:
            refuse_foreign_data(session, products)
        refuse_collisions(session, customers, history)
        replace_demo(session, products, reviews, customers, history, today)
        store_marketing(session, offers, consents, today)
    made = (products, reviews, customers, history.orders, history.events, offers)
    return DemoSummary(*(len(things) for things in made))


def read_sample(knowledge_dir: Path) -> tuple[tuple[Product, ...], tuple[Review, ...]]:
    """The products and reviews in a knowledge directory's folders of these names. Raises MissingSample,
    BrokenRows.
    """
    product_files = sorted((knowledge_dir / "products").glob("*.jsonl"))
    review_files = sorted((knowledge_dir / "reviews").glob("*.jsonl"))
    products = tuple(product for path in product_files for product in read_products(path))
    skus = {product.sku for product in products}
    if not {"RUN-001", "WEA-004", "COF-003", "COF-009"} <= skus:
        raise MissingSample(
            f"The demo needs the sample shop's products; {knowledge_dir}/products does not have them."
        )
    return products, tuple(review for path in review_files for review in read_reviews(path, skus=skus))


def read_sample_offers(
    knowledge_dir: Path, products: Sequence[Product], today: datetime
) -> tuple[Offer, ...]:
    """The sample's offers, as they run around today. Raises MissingSample, BrokenRows."""
    path = knowledge_dir / OFFERS_FILE
    if not path.is_file():
        raise MissingSample(f"The demo needs the sample shop's offers; there is no {path}.")
    try:
        timezone = ZoneInfo(read_shop_details(knowledge_dir).timezone)
    except BrokenShopDetails as error:
        raise MissingSample(f"The demo needs the sample shop's details: {error}") from error
    skus, categories = ({p.sku for p in products}, {p.category for p in products})
    return read_demo_offers(path, OfferingShop(skus, categories, timezone), today)
