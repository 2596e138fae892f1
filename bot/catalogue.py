"""Which products does the shop have, and what do buyers say of them?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import ProductRow, ReviewRow
from bot.shoppers.shop_events import put_events, review_event
from knowledge_base.products import Product, Review

Clock = Callable[[], datetime]


class UnknownProduct(Exception):
    """Reviews are of products that the catalogue does not have."""


@dataclass(frozen=True)
class ImportSummary:
    """How many of the things that came were new, changed, and known as they are.

    `without_consent` counts those of which nothing is kept as behaviour, because their shopper does not
    agree to profiling; None where no behaviour follows from such things.
    """

    added: int
    changed: int
    unchanged: int
    without_consent: int | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Catalogue:
    """The products and reviews in the database."""

    def __init__(self, database: Database, clock: Clock = _utc_now) -> None:
        self._database = database
        self._clock = clock

    def put_products(self, products: Iterable[Product]) -> ImportSummary:
        """Add products and change those whose content differs, all or none. What does not come stays as it
        is.
        """
        with self._database.session() as session:
            self._database.hold(session, "catalogue")
            return store_products(session, products, self._clock())

    def put_reviews(self, reviews: Iterable[Review]) -> ImportSummary:
        """Add reviews, all or none; one by the same author of the same product and day replaces the earlier
        one. Those of customers who agree to profiling become events too.

        Raises UnknownProduct if one is of a product that the catalogue does not have.
        """
        came = tuple(reviews)
        with self._database.session() as session:
            self._database.hold(session, "catalogue")
            summary = store_reviews(session, came)
            events = [review_event(r.customer_id, r) for r in came if r.customer_id is not None]
            return replace(summary, without_consent=put_events(session, events)) if events else summary

    def products(self) -> tuple[Product, ...]:
        """All products in the order of their SKUs."""
        with self._database.reading() as session:
            return tuple(
                _product(row) for row in session.scalars(select(ProductRow).order_by(ProductRow.sku))
            )

    def product(self, sku: str) -> Product | None:
        """The product with this SKU, or None."""
        with self._database.reading() as session:
            row = session.get(ProductRow, sku.replace("\0", ""))
            return None if row is None else _product(row)

    def stamp(self) -> tuple[int, datetime | None]:
        """Number of products and latest change: another one when a product was added, changed or removed."""
        with self._database.reading() as session:
            count, latest = session.execute(
                select(func.count(ProductRow.sku), func.max(ProductRow.updated_at))
            ).one()
            return int(count), latest

    def reviews(self, sku: str | None = None) -> tuple[Review, ...]:
        """The reviews of a product, or all, newest first; those of one day in the order in which they
        came.
        """
        query = select(ReviewRow).order_by(ReviewRow.date.desc(), ReviewRow.id)
        if sku is not None:
            query = query.where(ReviewRow.sku == sku.replace("\0", ""))
        with self._database.reading() as session:
            return tuple(_review(row) for row in session.scalars(query))


def store_products(session: Session, products: Iterable[Product], at: datetime) -> ImportSummary:
    """What Catalogue.put_products does, in a transaction of the caller's. Of one SKU the last product
    counts.
    """
    rows = {product.sku: _product_values(product, at) for product in products}
    stored = session.execute(select(ProductRow.sku, ProductRow.content_hash))
    known = {row.sku: row.content_hash for row in stored}
    added = [row for sku, row in rows.items() if sku not in known]
    changed = [row for sku, row in rows.items() if sku in known and known[sku] != row["content_hash"]]
    if added:
        session.execute(insert(ProductRow), added)
    if changed:
        session.execute(update(ProductRow), changed)
    return ImportSummary(len(added), len(changed), len(rows) - len(added) - len(changed))


def store_reviews(session: Session, reviews: Iterable[Review]) -> ImportSummary:
    """What Catalogue.put_reviews does, in a transaction of the caller's."""
    came = tuple(reviews)
    _check_products_are_known(session, came)
    known = {
        (row.sku, row.author, row.date): (row.id, row.content_hash)
        for row in session.scalars(select(ReviewRow))
    }
    rows = {(review.sku, review.author, review.date): _review_values(review) for review in came}
    added = [row for key, row in rows.items() if key not in known]
    changed = [
        {**row, "id": known[key][0]}
        for key, row in rows.items()
        if key in known and known[key][1] != row["content_hash"]
    ]
    if added:
        session.execute(insert(ReviewRow), added)
    if changed:
        session.execute(update(ReviewRow), changed)
    return ImportSummary(len(added), len(changed), len(came) - len(added) - len(changed))


def _check_products_are_known(session: Session, reviews: Sequence[Review]) -> None:
    unknown = sorted({review.sku for review in reviews} - set(session.scalars(select(ProductRow.sku))))
    if unknown:
        shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise UnknownProduct(
            f"A review should be of a product in the catalogue; there is no product {shown}."
        )


def _product_values(product: Product, at: datetime) -> dict[str, Any]:
    values = {**asdict(product), "attributes": dict(product.attributes), "tags": list(product.tags)}
    return {**values, "content_hash": _content_hash(values), "updated_at": at}


def _review_values(review: Review) -> dict[str, Any]:
    values = asdict(review)
    content = {**values, "date": review.date.isoformat()}
    if review.customer_id is None:
        # As it was before reviews had a customer.
        del content["customer_id"]
    return {**values, "content_hash": _content_hash(content)}


def _content_hash(values: dict[str, Any]) -> str:
    # Keys are not sorted: the order of a product's attributes is content, it is the order on its page.
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _product(row: ProductRow) -> Product:
    return Product(
        sku=row.sku,
        name=row.name,
        brand=row.brand,
        category=row.category,
        price_cents=row.price_cents,
        currency=row.currency,
        stock=row.stock,
        attributes=row.attributes,
        tags=tuple(row.tags),
        description=row.description,
    )


def _review(row: ReviewRow) -> Review:
    return Review(row.sku, row.rating, row.date, row.author, row.title, row.text, row.customer_id)
