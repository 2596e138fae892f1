"""Which products and reviews does a file hold, in our columns or under the names that other shops use?

Products have sku, name, category, stock and price (or price_cents); brand, currency, attributes, tags and
description may be missing. Columns that we do not know become attributes. Reviews have sku, rating, date,
author, text and title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from knowledge_base import row_values
from knowledge_base.products import Product, Review
from knowledge_base.row_files import BrokenRows, Progress, Row, RowProblem, read_rows
from knowledge_base.row_values import UnusableValue

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

Made = TypeVar("Made")


def read_products(
    path: Path, format: str = "auto", currency: str = "EUR", progress: Progress | None = None
) -> tuple[Product, ...]:
    """The products of a file. `currency` is that of rows without one; a missing brand is "".

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    return _read(
        path, format, progress, lambda fields: _product(fields, currency), PRODUCT_ALIASES, lambda p: p.sku
    )


def read_reviews(
    path: Path, format: str = "auto", progress: Progress | None = None, skus: Container[str] | None = None
) -> tuple[Review, ...]:
    """The reviews of a file; each must be of a product in `skus`, unless that is None.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    return _read(path, format, progress, lambda fields: _review(fields, skus), REVIEW_ALIASES, None)


class _Fields:
    """A row's values under our names. Collects what is wrong instead of stopping at the first."""

    def __init__(self, row: Row, aliases: Mapping[str, str]) -> None:
        self._row = row
        self.problems: list[RowProblem] = []
        self.values: dict[str, Any] = {}
        for column, value in row.values.items():
            ours = _column_name(column)
            # Our own name wins over another shop's where a file has both.
            ours = aliases[ours] if ours in aliases and aliases[ours] not in row.values else ours
            self.values[ours] = value

    def get(self, field: str, parse: Callable[[object], Made], fallback: Made, required: bool = True) -> Made:
        """The parsed value; on a problem, which is noted, or if it is missing, the fallback."""
        value = self.values.get(field)
        if value is None and not required:
            return fallback
        try:
            return parse(value)
        except UnusableValue as problem:
            where = field if not problem.field else f"{field}, {problem.field}"
            self.problem(where, problem.allowed, problem.came)
            return fallback

    def problem(self, field: str, allowed: str, came: object) -> None:
        self.problems.append(RowProblem(self._row.file, self._row.line, field, allowed, came))


def _read(
    path: Path,
    format: str,
    progress: Progress | None,
    make: Callable[[_Fields], Made],
    aliases: Mapping[str, str],
    key: Callable[[Made], str] | None,
) -> tuple[Made, ...]:
    made: list[Made] = []
    problems: list[RowProblem] = []
    line_of: dict[str, int] = {}
    for row in read_rows(path, format, progress):
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        fields = _Fields(row, aliases)
        thing = make(fields)
        if key is not None and not fields.problems and line_of.setdefault(key(thing), row.line) != row.line:
            fields.problem(
                "sku", f"there once in the file; line {line_of[key(thing)]} has it too", key(thing)
            )
        made.append(thing)
        problems.extend(fields.problems)
    if problems:
        raise BrokenRows(tuple(problems))
    return tuple(made)


def _product(fields: _Fields, currency: str) -> Product:
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


def _review(fields: _Fields, skus: Container[str] | None) -> Review:
    review = Review(
        sku=fields.get("sku", row_values.sku, ""),
        rating=fields.get("rating", row_values.rating, 1),
        date=fields.get("date", row_values.day, date.min),
        author=fields.get("author", row_values.name, ""),
        title=fields.get("title", row_values.text, "", required=False),
        text=fields.get("text", row_values.text, ""),
    )
    if skus is not None and review.sku and review.sku not in skus:
        fields.problem("sku", "a product in the catalogue", review.sku)
    return review


def _price_cents(fields: _Fields) -> int:
    if fields.values.get("price_cents") is None:
        return fields.get("price", row_values.cents, 0)
    cents = fields.get("price_cents", row_values.count, 0)
    if fields.values.get("price") is not None and fields.get("price", row_values.cents, cents) != cents:
        fields.problem("price", f"the same as price_cents, {cents}, or missing", fields.values["price"])
    return cents


def _attributes(fields: _Fields) -> dict[str, str]:
    """The attributes, and after them what other columns hold: gender_affinity becomes Gender affinity."""
    nothing: dict[str, str] = {}
    return fields.get("attributes", row_values.attributes, nothing, required=False) | _other_columns(fields)


def _other_columns(fields: _Fields) -> dict[str, str]:
    attributes = {}
    for column in fields.values.keys() - set(PRODUCT_COLUMNS):
        value = fields.get(column, row_values.attribute, "", required=False)
        if value:
            attributes[column.replace("_", " ").strip().capitalize()] = value
    return dict(sorted(attributes.items()))


def _column_name(column: str) -> str:
    return re.sub(r"[\s\-]+", "_", column.strip().lower())
