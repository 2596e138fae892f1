"""How far has an order of the demo come, and what does it cost?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.customers import Customer
from bot.demo.visits import Purchase
from bot.orders import Order, OrderLine

CARRIERS = (("Nordpost", "NP"), ("Parcelway", "PW"), ("Swiftlane", "SL"))
FIRST_NUMBER = 100001

_EU = 12000
# Shipping cents, free from this value in cents (None: never), slowest delivery in days: as the sample's
# policies/shipping.md says.
SHIPPING: Mapping[str, tuple[int, int | None, int]] = {
    "DE": (490, 5000, 4),
    "AT": (490, 5000, 4),
    "NL": (690, _EU, 5),
    "FR": (790, _EU, 6),
    "PL": (790, _EU, 6),
    "SE": (1090, _EU, 8),
    "CH": (1490, None, 8),
}


@dataclass(frozen=True)
class DemoOrder:
    """An order with what its customer does not see beside it."""

    order: Order
    customer_id: str
    shipping_cents: int


@dataclass(frozen=True)
class Progress:
    """How far an order has come; what has not happened yet is None."""

    state: str
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    carrier: str | None = None
    tracking_number: str | None = None


def order_number(place: int) -> str:
    """The number of the demo's order at a place, counting from 0."""
    return f"LK-{FIRST_NUMBER + place}"


def order_of(number: str, customer: Customer, purchase: Purchase, progress: Progress) -> DemoOrder:
    """The order of a purchase that has come so far."""
    lines = tuple(OrderLine(p.sku, p.name, quantity, p.price_cents) for p, quantity in purchase.products)
    goods_cents = sum(line.quantity * line.price_cents for line in lines)
    shipping_cents, free_from, days = SHIPPING[customer.country]
    if free_from is not None and goods_cents >= free_from:
        shipping_cents = 0
    never_comes = progress.state in ("cancelled", "refunded") and progress.shipped_at is None
    order = Order(
        number=number,
        state=progress.state,
        placed_at=purchase.at,
        currency=purchase.products[0][0].currency,
        total_cents=goods_cents + shipping_cents,
        lines=lines,
        carrier=progress.carrier,
        tracking_number=progress.tracking_number,
        shipped_at=progress.shipped_at,
        delivered_at=progress.delivered_at,
        expected_at=None if never_comes else purchase.at + timedelta(days=days + 1),
    )
    return DemoOrder(order, customer.id, shipping_cents)


def draw_progress(placed_at: datetime, country: str, today: datetime, random: Random) -> Progress:
    """How far an order has come by `today`, with a carrier if it was shipped."""
    state, shipped_at, delivered_at = _draw_state(placed_at, today, SHIPPING[country][2], random)
    carrier, prefix = random.choice(CARRIERS)
    tracking_number = f"{prefix}{random.randrange(10**12):012d}"
    if shipped_at is None:
        return Progress(state)
    return Progress(state, shipped_at, delivered_at, carrier, tracking_number)


def _draw_state(
    placed_at: datetime, today: datetime, slowest_days: int, random: Random
) -> tuple[str, datetime | None, datetime | None]:
    """State, when it was shipped and when delivered: none of them later than today."""
    paid_at = placed_at + timedelta(hours=random.uniform(0.2, 14))
    packed_at = paid_at + timedelta(hours=random.uniform(3, 16))
    shipped_at = packed_at + timedelta(hours=random.uniform(2, 10))
    delivered_at = shipped_at + timedelta(days=random.uniform(1.2, slowest_days - 1))
    fate = random.random()
    if fate < 0.04 and today > paid_at:
        # Cancelled before it was packed; if it had been paid already, refunded.
        return ("cancelled" if fate < 0.025 else "refunded"), None, None
    if today < paid_at:
        return "placed", None, None
    if today < packed_at:
        return "paid", None, None
    if today < shipped_at:
        return "packed", None, None
    if today < delivered_at:
        return "shipped", shipped_at, None
    if fate < 0.11 and today > delivered_at + timedelta(days=10):
        # Sent back; once it has been checked, refunded.
        is_checked = today > delivered_at + timedelta(days=24) and fate < 0.085
        return ("refunded" if is_checked else "returned"), shipped_at, delivered_at
    return "delivered", shipped_at, delivered_at
