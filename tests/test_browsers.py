"""Does what was done before the sign-in become the customer's, whole, once and only with their consent?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.customers import Customer, Customers, UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ProfileRow
from bot.shoppers.browsers import Browsers, owners
from bot.shoppers.events import Event, Events
from bot.shoppers.shop_events import order_event_id
from bot.shoppers.shopper import Shopper

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANNA = Customer("C00001", "a@mail.example", "Anna", "DE", NOON, profiling_consent=True)
BEN = Customer("C00002", "b@mail.example", "Ben", "DE", NOON)
BROWSER = "6f1c2e7a-53b1-4c0e"
VIEW = Event("m1", "Product Viewed", NOON, None, BROWSER, "L-1")


@pytest.fixture
def browsers(database: Database) -> Browsers:
    Customers(database).add([ANNA, BEN])
    return Browsers(database, lambda: NOON + timedelta(hours=1))


def profile(shopper: Shopper) -> ProfileRow:
    return ProfileRow(
        shopper=shopper.key,
        customer_id=shopper.customer_id,
        folded_through=9,
        behaviour={},
        embedding=None,
        updated_at=NOON,
    )


def profiles(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(ProfileRow.shopper)))


def test_what_was_done_before_becomes_the_customers(database: Database, browsers: Browsers) -> None:
    other = replace(VIEW, message_id="m2", anonymous_id="another-browser")
    Events(database).record([VIEW, other])
    with database.session() as session:
        for shopper in (Shopper(customer_id=ANNA.id), Shopper(anonymous_id=BROWSER)):
            session.add(profile(shopper))
    assert browsers.sign_in(BROWSER, ANNA.id) == 1
    assert Events(database).of_customer(ANNA.id) == (replace(VIEW, customer_id=ANNA.id),)
    assert Events(database).of_shopper(Shopper(anonymous_id=BROWSER)) == ()
    assert Events(database).of_shopper(Shopper(anonymous_id="another-browser")) == (other,)
    assert browsers.customer_of(BROWSER) == ANNA.id
    assert profiles(database) == set()


def test_signing_in_again_with_nothing_new_keeps_the_profile(database: Database, browsers: Browsers) -> None:
    browsers.sign_in(BROWSER, ANNA.id)
    with database.session() as session:
        session.add(profile(Shopper(customer_id=ANNA.id)))
    assert browsers.sign_in(BROWSER, ANNA.id) == 0
    assert profiles(database) == {"customer:C00001"}


def test_without_consent_it_is_deleted(database: Database, browsers: Browsers) -> None:
    Events(database).record([VIEW])
    assert browsers.sign_in(BROWSER, BEN.id) == 0
    assert Events(database).count() == 0
    with database.reading() as session:
        assert owners(session, [BROWSER]) == {BROWSER: (BEN.id, False, NOON + timedelta(hours=1))}


def test_the_next_customer_gets_nothing_of_the_one_before(database: Database, browsers: Browsers) -> None:
    Events(database).record([VIEW])
    browsers.sign_in(BROWSER, ANNA.id)
    later = replace(VIEW, message_id="m2")
    Events(database).record([later])
    browsers.sign_in(BROWSER, BEN.id)
    assert [event.message_id for event in Events(database).events()] == ["m1"]
    assert browsers.customer_of(BROWSER) == BEN.id


def test_an_order_that_is_known_already_is_not_doubled(database: Database, browsers: Browsers) -> None:
    def bought(message_id: str, number: str, customer: str | None) -> Event:
        return Event(message_id, "Order Completed", NOON, customer, BROWSER, None, {"order_id": number})

    known = order_event_id(ANNA.id, "LK-1")
    Events(database).record(
        [bought(known, "LK-1", ANNA.id), bought("a", "LK-1", None), bought("b", "LK-2", None)]
    )
    assert browsers.sign_in(BROWSER, ANNA.id) == 1
    assert {event.message_id for event in Events(database).of_customer(ANNA.id)} == {
        known,
        order_event_id(ANNA.id, "LK-2"),
    }


def test_nobody_signs_in_who_is_not_there(database: Database, browsers: Browsers) -> None:
    Events(database).record([VIEW])
    with pytest.raises(UnknownCustomer, match="C09999"):
        browsers.sign_in(BROWSER, "C09999")
    assert Events(database).events() == (VIEW,)


def test_sign_ins_and_arriving_events_at_once_lose_nothing(database: Database, browsers: Browsers) -> None:
    events = Events(database)
    with ThreadPoolExecutor(6) as workers:
        work = [workers.submit(events.record, [replace(VIEW, message_id=f"m{n}")]) for n in range(30)]
        work += [workers.submit(browsers.sign_in, BROWSER, ANNA.id) for _ in range(5)]
        for done in work:
            done.result()
    browsers.sign_in(BROWSER, ANNA.id)
    assert len(events.of_customer(ANNA.id)) == 30
