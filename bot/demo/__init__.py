"""How does an empty database become the sample shop, with customers, orders and 18 months of behaviour?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from bot.database.connection import Database
from bot.demo.anna import anna_keller
from bot.demo.demo_customers import make_customers
from bot.demo.history import Historian
from bot.demo.storage import ForeignData, refuse_collisions, refuse_foreign_data, replace_demo
from bot.demo.tastes import Shelves
from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.products import Product, Review

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
    random = Random(seed)
    customers = (anna_keller(today), *make_customers(size.customers, today, random))
    history = Historian(Shelves(products, random), today, random).tell(customers, size.orders, size.events)
    with database.session() as session:
        database.hold(session, "catalogue")
        if not force:
            refuse_foreign_data(session, products)
        refuse_collisions(session, customers, history)
        replace_demo(session, products, reviews, customers, history, today)
    return DemoSummary(len(products), len(reviews), len(customers), len(history.orders), len(history.events))


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
