"""Is every event kept once, and whole?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.shoppers.events import Event, Events

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
VIEW = Event("m1", "Product Viewed", NOON, None, "browser", "L-1", {"price_cents": 4990, "tags": ["a", "b"]})


def test_events_come_back_whole_and_oldest_first(database: Database) -> None:
    events = Events(database)
    earlier = replace(VIEW, message_id="m2", at=NOON - timedelta(hours=1))
    assert events.record([VIEW, earlier]) == 2
    assert events.events() == (earlier, VIEW)
    assert events.events(since=NOON) == (VIEW,)
    assert events.count() == 2


def test_the_same_message_id_is_stored_once(database: Database) -> None:
    events = Events(database)
    assert events.record([VIEW, replace(VIEW, sku="L-2")]) == 1
    assert events.record([replace(VIEW, message_id="m2"), VIEW]) == 1
    assert [event.sku for event in events.events()] == ["L-1", "L-1"]


def test_a_customers_events_are_those_while_signed_in(database: Database) -> None:
    Customers(database).add([Customer("C00001", "a@mail.example", "Anna", "DE", NOON)])
    hers = replace(VIEW, message_id="m2", customer_id="C00001")
    Events(database).record([VIEW, hers])
    assert Events(database).of_customer("C00001") == (hers,)


def test_nothing_is_stored_if_one_event_is_of_nobody_we_know(database: Database) -> None:
    with pytest.raises(IntegrityError):
        Events(database).record([VIEW, replace(VIEW, message_id="m2", customer_id="C09999")])
    assert Events(database).count() == 0


def test_no_events_are_no_problem(database: Database) -> None:
    assert Events(database).record([]) == 0


def test_an_event_needs_a_known_name_and_a_shopper() -> None:
    with pytest.raises(ValueError, match="came 'Clicked'"):
        replace(VIEW, name="Clicked")
    with pytest.raises(ValueError, match="came neither"):
        replace(VIEW, anonymous_id=None)
