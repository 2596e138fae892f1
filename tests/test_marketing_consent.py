"""Is nobody sent anything who did not agree, by this very channel, last?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.customers import Customer, Customers, UnknownCustomer
from bot.database.connection import Database
from bot.promotions.frequency import SENDING_CHANNELS, UnknownChannel
from bot.promotions.marketing_consent import MarketingConsents
from bot.shoppers.consent import Consents, Decision

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANNA = Customer("C00001", "a@mail.example", "Anna", "DE", NOON, profiling_consent=True)


@pytest.fixture
def consents(database: Database) -> MarketingConsents:
    Customers(database).add([ANNA])
    return MarketingConsents(database, lambda: NOON)


def may_send(consents: MarketingConsents, customer_id: str = ANNA.id) -> list[str]:
    return [channel for channel in SENDING_CHANNELS if consents.may_send(customer_id, channel)]


def test_who_never_decided_does_not_agree_whatever_else_they_agreed_to(consents: MarketingConsents) -> None:
    assert may_send(consents) == []
    assert may_send(consents, "C09999") == []


def test_the_latest_decision_counts_for_its_channel_only(consents: MarketingConsents) -> None:
    consents.decide(ANNA.id, "email", True, "site", "Send me offers.")
    consents.decide(ANNA.id, "push", True, "site")
    assert may_send(consents) == ["email", "push"]
    consents.decide(ANNA.id, "email", False, "chat")
    assert may_send(consents) == ["push"]
    assert consents.decisions(ANNA.id, "email") == (
        Decision(ANNA.id, True, NOON, "site", "Send me offers."),
        Decision(ANNA.id, False, NOON, "chat"),
    )


def test_a_decision_dated_earlier_does_not_count_after_a_later_one(database: Database) -> None:
    Customers(database).add([ANNA])
    MarketingConsents(database, lambda: NOON).decide(ANNA.id, "sms", False, "site")
    MarketingConsents(database, lambda: NOON - timedelta(days=1)).decide(ANNA.id, "sms", True, "site")
    assert not MarketingConsents(database, lambda: NOON).may_send(ANNA.id, "sms")


def test_promotions_and_profiling_are_decided_apart(database: Database, consents: MarketingConsents) -> None:
    profiling = Consents(database, lambda: NOON)
    consents.decide(ANNA.id, "email", False, "site")
    assert profiling.may_profile(ANNA.id)
    assert profiling.decisions(ANNA.id) == ()
    profiling.decide(ANNA.id, False, "site")
    consents.decide(ANNA.id, "email", True, "site")
    assert not profiling.may_profile(ANNA.id)
    assert may_send(consents) == ["email"]


def test_nobody_decides_for_a_customer_who_is_not_there(consents: MarketingConsents) -> None:
    with pytest.raises(UnknownCustomer, match="C09999"):
        consents.decide("C09999", "email", True, "site")


def test_a_channel_that_is_none_is_refused(consents: MarketingConsents) -> None:
    with pytest.raises(UnknownChannel, match="should be one of email, sms, push; came 'fax'"):
        consents.decide(ANNA.id, "fax", True, "site")
    with pytest.raises(UnknownChannel, match="came 'chat'"):
        consents.may_send(ANNA.id, "chat")
