"""What do shoppers look at and buy most these days?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.database.connection import Database
from bot.database.tables import EventRow, OrderLineRow, OrderRow

DAYS = 30
BOUGHT_COUNTS = 5


@dataclass(frozen=True)
class Demand:
    """In the last 30 days: how many shoppers looked at a product, how many orders have it."""

    shoppers: int = 0
    orders: int = 0

    @property
    def weight(self) -> int:
        """An order counts as five shoppers who looked."""
        return self.shoppers + BOUGHT_COUNTS * self.orders


def demand_now(database: Database, now: datetime) -> Mapping[str, Demand]:
    """By SKU; a product without any is not in it."""
    since = now - timedelta(days=DAYS)
    who = func.count(func.distinct(func.coalesce(EventRow.customer_id, EventRow.anonymous_id)))
    looked_at = (
        select(EventRow.sku, who)
        .where(EventRow.at >= since, EventRow.name == "Product Viewed", EventRow.sku.is_not(None))
        .group_by(EventRow.sku)
    )
    ordered = (
        select(OrderLineRow.sku, func.count(func.distinct(OrderLineRow.order_number)))
        .join(OrderRow, OrderRow.number == OrderLineRow.order_number)
        .where(OrderRow.placed_at >= since, OrderRow.state != "cancelled")
        .group_by(OrderLineRow.sku)
    )
    with database.reading() as session:
        shoppers: dict[str, int] = {row[0]: row[1] for row in session.execute(looked_at)}
        orders: dict[str, int] = {row[0]: row[1] for row in session.execute(ordered)}
    return {sku: Demand(shoppers.get(sku, 0), orders.get(sku, 0)) for sku in sorted({*shoppers, *orders})}
