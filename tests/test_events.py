"""Is every event kept once, and whole?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.shoppers.events import Event, Events
from bot.shoppers.shopper import Shopper

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


def test_a_browsers_events_are_those_in_which_nobody_was_signed_in(database: Database) -> None:
    Customers(database).add([Customer("C00001", "a@mail.example", "Anna", "DE", NOON)])
    hers = replace(VIEW, message_id="m2", customer_id="C00001")
    Events(database).record([VIEW, hers])
    assert Events(database).of_shopper(Shopper(anonymous_id="browser")) == (VIEW,)
    assert Events(database).of_shopper(Shopper(customer_id="C00001")) == (hers,)


def test_a_limit_keeps_the_newest_events_oldest_of_them_first(database: Database) -> None:
    times = [replace(VIEW, message_id=f"m{hour}", at=NOON - timedelta(hours=hour)) for hour in range(4)]
    Events(database).record(times)
    assert Events(database).of_shopper(Shopper(anonymous_id="browser"), limit=2) == (times[1], times[0])


def test_events_after_an_id_come_in_the_order_in_which_they_came_in(database: Database) -> None:
    events = Events(database)
    late = replace(VIEW, message_id="m2", at=NOON - timedelta(hours=1))
    events.record([VIEW, late])
    (first, one), (second, two) = events.after(0, 10)
    assert (one, two) == (VIEW, late)
    assert events.after(0, 1) == ((first, VIEW),)
    assert events.after(first, 10) == ((second, late),)
    assert events.after(second, 10) == ()


def test_what_becomes_visible_later_has_a_greater_id(database: Database) -> None:
    """Two writers at once: a reader that goes on from the last id it saw misses none."""
    with ThreadPoolExecutor(4) as workers:
        for number in range(40):
            workers.submit(
                Events(database).record, [replace(VIEW, message_id=f"m{number}-{n}") for n in "ab"]
            )
        seen, last = 0, 0
        while seen < 80:
            found = Events(database).after(last, 100)
            seen += len(found)
            last = found[-1][0] if found else last
    assert Events(database).count() == 80


def test_the_same_id_twice_in_one_call_counts_once_and_the_first_is_kept(database: Database) -> None:
    assert Events(database).record([VIEW, replace(VIEW, sku="L-2")]) == 1
    assert Events(database).events() == (VIEW,)


def test_no_events_are_no_problem(database: Database) -> None:
    assert Events(database).record([]) == 0


def test_an_event_needs_a_known_name_and_a_shopper() -> None:
    with pytest.raises(ValueError, match="came 'Clicked'"):
        replace(VIEW, name="Clicked")
    with pytest.raises(ValueError, match="came neither"):
        replace(VIEW, anonymous_id=None)
