"""Which products and reviews does a file hold, in our columns or under the names that other shops use?

Products have sku, name, category, stock and price (or price_cents); brand, currency, attributes, tags and
description may be missing. Columns that we do not know become attributes. Reviews have sku, rating, date,
author, text and title, and customer_id where it is known.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from pathlib import Path

from knowledge_base import row_values
from knowledge_base.products import Product, Review
from knowledge_base.row_fields import Fields, read_table
from knowledge_base.row_files import Progress

PRODUCT_ALIASES = {
    "id": "sku",
    "title": "name",
    "product_name": "name",
    "manufacturer": "brand",
    "vendor": "brand",
    "product_type": "category",
    "current_stock": "stock",
    "quantity": "stock",
    "inventory": "stock",
    "body": "description",
}
REVIEW_ALIASES = {
    "product": "sku",
    "product_sku": "sku",
    "product_id": "sku",
    "stars": "rating",
    "created_at": "date",
    "reviewer": "author",
    "name": "author",
    "headline": "title",
    "summary": "title",
    "body": "text",
    "review": "text",
}
PRODUCT_COLUMNS = (
    "sku",
    "name",
    "brand",
    "category",
    "price_cents",
    "price",
    "currency",
    "stock",
    "attributes",
    "tags",
    "description",
)


def read_products(
    path: Path, format: str = "auto", currency: str = "EUR", progress: Progress | None = None
) -> tuple[Product, ...]:
    """The products of a file. `currency` is that of rows without one; a missing brand is "".

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """

    def key(product: Product) -> str:
        return product.sku

    return read_table(
        path, format, progress, lambda fields: _product(fields, currency), PRODUCT_ALIASES, ("sku", key)
    )


def read_reviews(
    path: Path,
    format: str = "auto",
    progress: Progress | None = None,
    skus: Container[str] | None = None,
    customer_ids: Container[str] | None = None,
) -> tuple[Review, ...]:
    """The reviews of a file; each must be of a product in `skus` and by a customer in `customer_ids` or by
    none, unless those are None.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    return read_table(
        path, format, progress, lambda fields: _review(fields, skus, customer_ids), REVIEW_ALIASES
    )


def _product(fields: Fields, currency: str) -> Product:
    return Product(
        sku=fields.get("sku", row_values.sku, ""),
        name=fields.get("name", row_values.name, ""),
        brand=fields.get("brand", row_values.name, "", required=False),
        category=fields.get("category", row_values.name, ""),
        price_cents=_price_cents(fields),
        currency=fields.get("currency", row_values.currency, currency, required=False),
        stock=fields.get("stock", row_values.count, 0),
        attributes=_attributes(fields),
        tags=fields.get("tags", row_values.tags, (), required=False),
        description=fields.get("description", row_values.text, "", required=False),
    )


def _review(fields: Fields, skus: Container[str] | None, customer_ids: Container[str] | None) -> Review:
    review = Review(
        sku=fields.get("sku", row_values.sku, ""),
        rating=fields.get("rating", row_values.rating, 1),
        date=fields.get("date", row_values.day, date.min),
        author=fields.get("author", row_values.name, ""),
        title=fields.get("title", row_values.text, "", required=False),
        text=fields.get("text", row_values.text, ""),
        customer_id=_customer_id(fields),
    )
    if skus is not None and review.sku and review.sku not in skus:
        fields.problem("sku", "a product in the catalogue", review.sku)
    customer_id = review.customer_id
    if customer_ids is not None and customer_id is not None and customer_id not in customer_ids:
        fields.problem("customer_id", "a customer of this shop, or missing", customer_id)
    return review


def _customer_id(fields: Fields) -> str | None:
    return fields.get("customer_id", row_values.person_id, "", required=False) or None


def _price_cents(fields: Fields) -> int:
    if fields.values.get("price_cents") is None:
        return fields.get("price", row_values.cents, 0)
    cents = fields.get("price_cents", row_values.count, 0)
    if fields.values.get("price") is not None and fields.get("price", row_values.cents, cents) != cents:
        fields.problem("price", f"the same as price_cents, {cents}, or missing", fields.values["price"])
    return cents


def _attributes(fields: Fields) -> dict[str, str]:
    """The attributes, and after them what other columns hold: gender_affinity becomes Gender affinity."""
    nothing: dict[str, str] = {}
    return fields.get("attributes", row_values.attributes, nothing, required=False) | _other_columns(fields)


def _other_columns(fields: Fields) -> dict[str, str]:
    attributes = {}
    for column in fields.values.keys() - set(PRODUCT_COLUMNS):
        value = fields.get(column, row_values.attribute, "", required=False)
        if value:
            attributes[column.replace("_", " ").strip().capitalize()] = value
    return dict(sorted(attributes.items()))
