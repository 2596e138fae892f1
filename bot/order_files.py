"""Which orders does a file hold? A JSON object an order, or in CSV a row a line with the number repeated."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.orders import STATES, Order, OrderLine
from knowledge_base import row_values
from knowledge_base.row_fields import Fields, read_table
from knowledge_base.row_files import BrokenRows, Progress, Row, RowProblem
from knowledge_base.row_values import UnusableValue

MOST_LINES = 500
ALIASES = {
    "order_id": "number",
    "order_number": "number",
    "id": "number",
    "customer": "customer_id",
    "status": "state",
    "created_at": "placed_at",
    "date": "placed_at",
    "items": "lines",
    "products": "lines",
    "shipping": "shipping_price",
    "product_id": "sku",
}
LINE_ALIASES = {"product_id": "sku", "title": "name"}


@dataclass(frozen=True)
class ImportedOrder:
    """An order with what its customer does not see beside it."""

    order: Order
    customer_id: str
    shipping_cents: int


@dataclass(frozen=True)
class _Read:
    """What one row says; `row` is where."""

    row: Row
    imported: ImportedOrder


@dataclass(frozen=True)
class KnownShop:
    """Whom and what an order may name: customer ids, and the names of products by SKU."""

    customer_ids: Container[str]
    names: Mapping[str, str]


def read_orders(
    path: Path, shop: KnownShop, format: str = "auto", currency: str = "EUR", progress: Progress | None = None
) -> tuple[ImportedOrder, ...]:
    """The orders of a file: number, customer_id, state, placed_at, currency, lines (sku, quantity, price or
    price_cents, name), shipping_cents and total_cents. Without a total it is that of lines and shipping.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    rows = read_table(path, format, progress, lambda fields: _read(fields, shop, currency), ALIASES)
    orders: dict[str, ImportedOrder] = {}
    problems: list[RowProblem] = []
    for read in rows:
        number = read.imported.order.number
        if number not in orders:
            orders[number] = read.imported
        elif _head(orders[number]) == _head(read.imported):
            orders[number] = _joined(orders[number], read.imported)
        else:
            allowed = "the same customer, state, time, currency and shipping in all rows of an order"
            problems.append(RowProblem(read.row.file, read.row.line, "number", allowed, number))
    if problems:
        raise BrokenRows(tuple(problems))
    return tuple(_with_total(order) for order in orders.values())


def _read(fields: Fields, shop: KnownShop, currency: str) -> _Read:
    customer_id = fields.get("customer_id", row_values.person_id, "")
    if customer_id and customer_id not in shop.customer_ids:
        fields.problem("customer_id", "a customer of this shop; import customers first", customer_id)
    nothing: datetime | None = None
    order = Order(
        number=fields.get("number", _number, ""),
        state=fields.get("state", _state, "placed"),
        placed_at=fields.get("placed_at", row_values.moment, datetime.min.replace(tzinfo=UTC)),
        currency=fields.get("currency", row_values.currency, currency, required=False),
        total_cents=fields.get("total_cents", row_values.count, -1, required=False),
        lines=_lines(fields, shop),
        carrier=_text(fields, "carrier"),
        tracking_number=_text(fields, "tracking_number"),
        shipped_at=fields.get("shipped_at", row_values.moment, nothing, required=False),
        delivered_at=fields.get("delivered_at", row_values.moment, nothing, required=False),
        expected_at=fields.get("expected_at", row_values.moment, nothing, required=False),
    )
    shipping = fields.get("shipping_price", row_values.cents, 0, required=False)
    shipping = fields.get("shipping_cents", row_values.count, shipping, required=False)
    return _Read(fields.row, ImportedOrder(order, customer_id, shipping))


def _lines(fields: Fields, shop: KnownShop) -> tuple[OrderLine, ...]:
    """The order's lines from a list, or from the columns of a row that is one line."""
    came = fields.values.get("lines")
    if came is None:
        line = _line(fields, shop)
        return () if line is None else (line,)
    if isinstance(came, str):
        try:
            came = json.loads(came, parse_float=Decimal)
        except (ValueError, RecursionError):
            came = None
    if not isinstance(came, list) or not 1 <= len(came) <= MOST_LINES:
        fields.problem("lines", f"a list of 1 to {MOST_LINES} lines", fields.values["lines"])
        return ()
    lines = []
    for place, values in enumerate(came, start=1):
        if not isinstance(values, dict):
            fields.problem(f"lines, {place}", "an object with sku, quantity and price", values)
            continue
        inner = Fields(Row(fields.row.file, fields.row.line, values), LINE_ALIASES)
        line = _line(inner, shop)
        for problem in inner.problems:
            fields.problem(f"lines, {place}, {problem.field}", problem.allowed, problem.came)
        lines += [] if line is None else [line]
    return tuple(lines)


def _line(fields: Fields, shop: KnownShop) -> OrderLine | None:
    """A line; None if it is of no product that we know, which is noted."""
    sku = fields.get("sku", row_values.sku, "")
    if not sku:
        return None
    if sku not in shop.names:
        fields.problem("sku", "a product in the catalogue", sku)
        return None
    price = "price" if fields.values.get("price_cents") is None else "price_cents"
    parse = row_values.cents if price == "price" else row_values.count
    return OrderLine(
        sku=sku,
        name=fields.get("name", row_values.name, shop.names[sku], required=False),
        quantity=fields.get("quantity", _quantity, 1, required=False),
        price_cents=fields.get(price, parse, 0),
    )


def _quantity(value: object) -> int:
    number = row_values.count(value)
    if number == 0:
        raise UnusableValue("", "a whole number from 1", value)
    return number


def _number(value: object) -> str:
    number = row_values.person_id(value)
    if len(number) > 20:
        raise UnusableValue("", "1 to 20 letters, digits or . _ : @ + -", value)
    return number


def _state(value: object) -> str:
    if value not in STATES:
        raise UnusableValue("", f"one of {', '.join(STATES)}", value)
    return str(value)


def _text(fields: Fields, name: str) -> str | None:
    return fields.get(name, row_values.name, "", required=False) or None


def _head(imported: ImportedOrder) -> object:
    return replace(imported, order=replace(imported.order, lines=()))


def _joined(first: ImportedOrder, more: ImportedOrder) -> ImportedOrder:
    return replace(first, order=replace(first.order, lines=first.order.lines + more.order.lines))


def _with_total(imported: ImportedOrder) -> ImportedOrder:
    order = imported.order
    if order.total_cents >= 0:
        return imported
    goods_cents = sum(line.quantity * line.price_cents for line in order.lines)
    return replace(imported, order=replace(order, total_cents=goods_cents + imported.shipping_cents))
