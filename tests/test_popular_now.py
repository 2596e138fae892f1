"""Is demand counted by shoppers and orders of the last 30 days?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from recommender_fakes import PRODUCTS
from sqlalchemy import insert

from bot.catalogue import Catalogue
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import OrderLineRow, OrderRow
from bot.recommendations.popular_now import Demand, demand_now
from bot.shoppers.events import Event, Events

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LINE = {"sku": "CUP", "name": "Cup", "quantity": 3, "price_cents": 300}
VIEW = Event("m1", "Product Viewed", NOON, "C00001", "browser", "BOOT")


def order(number: str, state: str, at: datetime) -> dict[str, object]:
    return {
        "number": number,
        "customer_id": "C00001",
        "state": state,
        "placed_at": at,
        "currency": "EUR",
        "total_cents": 900,
        "shipping_cents": 0,
    }


def test_shoppers_count_once_and_old_or_cancelled_orders_do_not(database: Database) -> None:
    Customers(database).add([Customer("C00001", "ann@mail.example", "Ann", "DE", NOON, True)])
    Catalogue(database).put_products(PRODUCTS)
    Events(database).record(
        [
            VIEW,
            replace(VIEW, message_id="m2"),
            replace(VIEW, message_id="m3", customer_id=None),
            replace(VIEW, message_id="m4", sku="CUP", at=NOON - timedelta(days=31)),
            replace(VIEW, message_id="m5", name="Product Added", sku="POT"),
        ]
    )
    orders = [
        order("LK-000001", "paid", NOON),
        order("LK-000002", "cancelled", NOON),
        order("LK-000003", "delivered", NOON - timedelta(days=40)),
    ]
    with database.session() as session:
        session.execute(insert(OrderRow), orders)
        session.execute(
            insert(OrderLineRow),
            [
                {
                    "order_number": one["number"],
                    "sku": "CUP",
                    "name": "Cup",
                    "quantity": 3,
                    "price_cents": 300,
                }
                for one in orders
            ],
        )
    assert demand_now(database, NOON) == {"BOOT": Demand(shoppers=2), "CUP": Demand(orders=1)}


def test_an_order_counts_as_five_who_looked() -> None:
    assert Demand(shoppers=2, orders=1).weight == 7
