"""Is nothing kept of who did not agree, and is every decision on record?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.customers import Customer, Customers, UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ProfileRow
from bot.shoppers.consent import Consents, Decision, record_decision
from bot.shoppers.events import Event, Events
from bot.shoppers.traits import Traits, put_traits

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANNA = Customer("C00001", "a@mail.example", "Anna", "DE", NOON, profiling_consent=True)
BEN = Customer("C00002", "b@mail.example", "Ben", "DE", NOON)


class Clock:
    """An hour later at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def consents(database: Database) -> Consents:
    Customers(database).add([ANNA, BEN])
    return Consents(database, Clock())


def viewed(message_id: str, customer: Customer) -> Event:
    return Event(message_id, "Product Viewed", NOON, customer.id, "browser-1", "L-1")


def test_only_who_agreed_may_be_profiled(consents: Consents) -> None:
    assert [consents.may_profile(who) for who in (ANNA.id, BEN.id, "C09999")] == [True, False, False]


def test_a_decision_counts_at_once_and_stays_on_record(database: Database, consents: Consents) -> None:
    consents.decide(BEN.id, True, "site", "May we suggest things?")
    assert consents.may_profile(BEN.id)
    consents.decide(BEN.id, False, "chat")
    assert not consents.may_profile(BEN.id)
    customer = Customers(database).customer(BEN.id)
    assert customer is not None
    assert not customer.profiling_consent
    assert consents.decisions(BEN.id) == (
        Decision(BEN.id, True, NOON + timedelta(hours=1), "site", "May we suggest things?"),
        Decision(BEN.id, False, NOON + timedelta(hours=2), "chat"),
    )


def test_a_refusal_deletes_what_was_known_of_this_customer_only(
    database: Database, consents: Consents
) -> None:
    consents.decide(BEN.id, True, "site")
    Events(database).record([viewed("m1", ANNA), viewed("m2", BEN)])
    with database.session() as session:
        for customer in (ANNA, BEN):
            put_traits(session, customer.id, {"gender": "other"}, NOON)
            session.add(
                ProfileRow(
                    shopper=f"customer:{customer.id}",
                    customer_id=customer.id,
                    folded_through=1,
                    behaviour={},
                    embedding=None,
                    updated_at=NOON,
                )
            )
    consents.decide(ANNA.id, False, "site")
    assert Events(database).events() == (viewed("m2", BEN),)
    assert Traits(database).of_customer(ANNA.id) == {}
    assert Traits(database).of_customer(BEN.id) == {"gender": "other"}
    with database.reading() as session:
        assert session.scalars(select(ProfileRow.customer_id)).all() == [BEN.id]


def test_a_decision_that_comes_in_late_changes_nothing(database: Database, consents: Consents) -> None:
    consents.decide(BEN.id, False, "site")
    with database.session() as session:
        assert not record_decision(session, Decision(BEN.id, True, NOON, "site"))
    assert not consents.may_profile(BEN.id)
    assert len(consents.decisions(BEN.id)) == 1


def test_nobody_decides_for_a_customer_who_is_not_there(consents: Consents) -> None:
    with pytest.raises(UnknownCustomer, match="C09999"):
        consents.decide("C09999", True, "site")


def test_a_trait_given_earlier_does_not_replace_a_later_one(database: Database, consents: Consents) -> None:
    with database.session() as session:
        put_traits(session, ANNA.id, {"age_band": "25-34", "gender": "female"}, NOON)
        put_traits(session, ANNA.id, {"age_band": "18-24"}, NOON - timedelta(hours=1))
        put_traits(session, ANNA.id, {"gender": None}, NOON + timedelta(hours=1))
    assert Traits(database).of_customer(ANNA.id) == {"age_band": "25-34"}
