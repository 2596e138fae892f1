"""Does an order show itself to its customer, and to no one else?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.catalogue import Catalogue
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import OrderLineRow, OrderLookupRow, OrderRow
from bot.orders import Order, OrderLine, Orders, TooManyTries, order_number_in
from knowledge_base.products import Product

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


class StoppedClock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def orders(database: Database, clock: StoppedClock) -> Orders:
    Catalogue(database).put_products([Product("L-1", "Lamp", "", "Lamps", 4990, "EUR", 3, {}, (), "")])
    Customers(database).add(
        [
            Customer("C00001", "Anna.Keller@mail.example", "Anna Keller", "DE", NOON),
            Customer("C00002", "bert@mail.example", "Bert", "DE", NOON),
        ]
    )
    with database.session() as session:
        session.add_all(
            [
                OrderRow(
                    number="LK-100001",
                    customer_id="C00001",
                    state="shipped",
                    placed_at=NOON - timedelta(days=2),
                    currency="EUR",
                    total_cents=10470,
                    shipping_cents=490,
                    carrier="Nordpost",
                    tracking_number="NP1",
                    shipped_at=NOON,
                    lines=[OrderLineRow(sku="L-1", name="Lamp", quantity=2, price_cents=4990)],
                ),
                OrderRow(
                    number="LK-100002",
                    customer_id="C00001",
                    state="placed",
                    placed_at=NOON,
                    currency="EUR",
                    total_cents=0,
                    shipping_cents=0,
                ),
            ]
        )
    return Orders(database, clock)


ANNAS = Order(
    number="LK-100001",
    state="shipped",
    placed_at=NOON - timedelta(days=2),
    currency="EUR",
    total_cents=10470,
    lines=(OrderLine("L-1", "Lamp", 2, 4990),),
    carrier="Nordpost",
    tracking_number="NP1",
    shipped_at=NOON,
)


def test_a_customer_sees_her_own_orders_newest_first(orders: Orders) -> None:
    assert [order.number for order in orders.of_customer("C00001")] == ["LK-100002", "LK-100001"]
    assert orders.of_customer("C00001")[1] == ANNAS
    assert orders.of_customer("C00002") == ()


def test_someone_elses_order_is_not_there(orders: Orders) -> None:
    assert orders.for_customer("LK-100001", "C00001") == ANNAS
    assert orders.for_customer("lk 100001", "C00001") == ANNAS
    assert orders.for_customer("LK-100001", "C00002") is None
    assert orders.for_customer("LK-999999", "C00001") is None


def test_number_and_email_together_show_the_order_whatever_the_capitals(orders: Orders) -> None:
    assert orders.by_number_and_email("LK-100001", " ANNA.keller@MAIL.example ", "talk") == ANNAS


@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("LK-100001", "bert@mail.example"),
        ("LK-100001", ""),
        ("LK-999999", "anna.keller@mail.example"),
        ("LK-999999", ""),
        ("%", "%"),
        ("LK-100001\0", "\ud800"),
        ("x" * 10_000, "x" * 10_000),
    ],
)
def test_wrong_and_not_there_look_the_same(orders: Orders, number: str, email: str) -> None:
    assert orders.by_number_and_email(number, email, "talk") is None


def test_every_try_is_recorded_with_its_outcome(orders: Orders, database: Database) -> None:
    orders.by_number_and_email("LK-100001", "bert@mail.example", "talk")
    orders.by_number_and_email("100001", "anna.keller@mail.example", "talk")
    with database.reading() as session:
        rows = session.scalars(select(OrderLookupRow).order_by(OrderLookupRow.id))
        assert [(row.conversation_id, row.order_number, row.found) for row in rows] == [
            ("talk", "LK-100001", False),
            ("talk", "LK-100001", True),
        ]


def test_the_sixth_try_in_a_conversation_is_refused_even_if_right(
    orders: Orders, clock: StoppedClock
) -> None:
    for number in range(5):
        assert orders.by_number_and_email(f"LK-90000{number}", "x@y.example", "talk") is None
    with pytest.raises(TooManyTries, match="5 failed tries in 15 minutes are allowed; there were 5"):
        orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "talk")
    assert orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "another talk") == ANNAS
    clock.now += timedelta(minutes=15)
    assert orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "talk") == ANNAS


def test_new_conversations_give_no_more_than_ten_tries_an_hour_for_one_order(
    orders: Orders, clock: StoppedClock
) -> None:
    for talk in range(10):
        assert orders.by_number_and_email("LK-100001", "guess@y.example", f"talk {talk}") is None
    with pytest.raises(TooManyTries, match="10 failed tries in 60 minutes are allowed; there were 10"):
        orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "fresh talk")
    clock.now += timedelta(hours=1)
    assert orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "fresh talk") == ANNAS


def test_right_tries_are_never_too_many(orders: Orders) -> None:
    for _ in range(12):
        assert orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "talk") == ANNAS


def test_what_is_no_number_blocks_no_other_conversation(orders: Orders) -> None:
    for talk in range(12):
        assert orders.by_number_and_email("my order", "x@y.example", f"talk {talk}") is None
    assert orders.by_number_and_email("my order", "x@y.example", "talk 12") is None


def test_tries_at_the_same_moment_are_counted_like_tries_in_a_row(orders: Orders) -> None:
    outcomes: list[str] = []

    def guess(talk: int) -> None:
        try:
            orders.by_number_and_email("LK-100001", "guess@y.example", f"talk {talk}")
            outcomes.append("answered")
        except TooManyTries:
            outcomes.append("refused")

    threads = [threading.Thread(target=guess, args=(talk,)) for talk in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["answered"] * 10 + ["refused"] * 6


@pytest.mark.parametrize(
    "text", ["LK-100001", "lk-100001", "LK 100001", "lk100001", "#100001", " 100001 ", "LK\u2013100001"]
)
def test_order_numbers_are_read_however_they_are_written(text: str) -> None:
    assert order_number_in(text) == "LK-100001"


@pytest.mark.parametrize("text", ["", "LK-10001", "LK-1000011", "AB-100001", "LK-१००००१", "LK-100001 please"])
def test_what_is_no_order_number_is_none(text: str) -> None:
    assert order_number_in(text) is None
