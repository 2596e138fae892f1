"""What has Anna Keller bought? The demo customer whose facts never change, for documentation and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.customers import Customer
from bot.demo.demo_customers import HISTORY
from bot.demo.demo_orders import DemoOrder, Progress, order_number, order_of
from bot.demo.visits import Purchase
from knowledge_base.products import Product


@dataclass(frozen=True)
class _Bought:
    """One of her orders: SKUs with quantities, and how many hours before today each thing happened."""

    skus: tuple[tuple[str, int], ...]
    state: str
    placed: float
    shipped: float | None = None
    delivered: float | None = None
    carrier: str | None = None
    tracking_number: str | None = None


# LK-100001 to LK-100003.
BOUGHT = (
    _Bought((("RUN-001", 1), ("WEA-004", 1)), "shipped", 76, 54, None, "Nordpost", "NP420771819346"),
    _Bought((("COF-003", 1),), "delivered", 984, 960, 912, "Parcelway", "PW118903277450"),
    _Bought((("COF-009", 2),), "placed", 0.8),
)


def anna_keller(today: datetime) -> Customer:
    """The demo's first customer."""
    return Customer("C00001", "anna.keller@mail.example", "Anna Keller", "DE", today - HISTORY, True)


def annas_orders(products: Mapping[str, Product], today: datetime) -> tuple[tuple[Purchase, DemoOrder], ...]:
    """Her orders as of `today`, with their purchases. Raises KeyError if the shop does not have her
    products.
    """
    anna = anna_keller(today)
    orders = []
    for place, bought in enumerate(BOUGHT):
        purchase = Purchase(
            today - timedelta(hours=bought.placed),
            tuple((products[sku], quantity) for sku, quantity in bought.skus),
        )
        progress = Progress(
            bought.state,
            None if bought.shipped is None else today - timedelta(hours=bought.shipped),
            None if bought.delivered is None else today - timedelta(hours=bought.delivered),
            bought.carrier,
            bought.tracking_number,
        )
        orders.append((purchase, order_of(order_number(place), anna, purchase, progress)))
    return tuple(orders)
