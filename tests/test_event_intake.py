"""Is what comes in attributed to the right shopper, once, and only with consent?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.shoppers.browsers import Browsers
from bot.shoppers.consent import Consents
from bot.shoppers.event_calls import Call, Rejection
from bot.shoppers.event_intake import Arrival, EventIntake, Outcome
from bot.shoppers.events import Event, Events
from bot.shoppers.shopper import Shopper
from bot.shoppers.traits import Traits

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANNA = Customer("C00001", "a@mail.example", "Anna", "DE", NOON, profiling_consent=True)
BEN = Customer("C00002", "b@mail.example", "Ben", "DE", NOON)
BROWSER = "6f1c2e7a-53b1-4c0e"
VIEW = Call(
    kind="track",
    message_id="m1",
    at=NOON,
    anonymous_id=BROWSER,
    user_id=None,
    customer_token=None,
    consent=True,
    is_untracked=False,
    name="Product Viewed",
    sku="L-1",
)
IDENTIFY = replace(VIEW, kind="identify", message_id="i1", name=None, sku=None, consent=None, user_id=ANNA.id)


class Shop:
    """The intake at a time that the test sets."""

    def __init__(self, database: Database) -> None:
        Customers(database).add([ANNA, BEN])
        self.now = NOON
        self.database = database
        self.events = Events(database)
        self._intake = EventIntake(database, lambda: self.now)

    def take(self, *calls: Call, is_untracked: bool = False) -> Outcome:
        [outcome] = self._intake.take([arrival(*calls, is_untracked=is_untracked)])
        return outcome

    def take_all(self, *arrivals: Arrival) -> list[Outcome]:
        return self._intake.take(arrivals)


def arrival(*calls: Call, is_untracked: bool = False) -> Arrival:
    return Arrival(list(enumerate(calls)), "site", is_untracked)


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


def test_a_visitors_event_needs_the_calls_consent(shop: Shop) -> None:
    assert shop.take(VIEW) == Outcome(accepted=1)
    for consent in (None, False):
        assert shop.take(replace(VIEW, message_id="m2", consent=consent)) == Outcome(no_consent=1)
    assert shop.events.events() == (Event("m1", "Product Viewed", NOON, None, BROWSER, "L-1"),)


def test_a_customers_event_needs_the_customers_consent(shop: Shop) -> None:
    annas = replace(VIEW, user_id=ANNA.id, consent=None)
    bens = replace(annas, message_id="m2", user_id=BEN.id, anonymous_id=None, consent=True)
    assert shop.take(annas, bens) == Outcome(accepted=1, no_consent=1)
    assert shop.take(replace(annas, message_id="m3", consent=False)) == Outcome(no_consent=1)
    assert [event.customer_id for event in shop.events.events()] == [ANNA.id]


def test_the_same_message_counts_once_in_whatever_request_it_comes(shop: Shop) -> None:
    assert shop.take(VIEW, VIEW) == Outcome(accepted=1, repeated=1)
    other = replace(VIEW, message_id="m2")
    assert shop.take_all(arrival(VIEW, other), arrival(other)) == [
        Outcome(accepted=1, repeated=1),
        Outcome(repeated=1),
    ]


def test_do_not_track_drops_everything(shop: Shop) -> None:
    assert shop.take(VIEW, is_untracked=True) == Outcome(do_not_track=1)
    signing_in = replace(IDENTIFY, is_untracked=True, traits={"gender": "other"})
    assert shop.take(replace(VIEW, is_untracked=True), signing_in) == Outcome(do_not_track=2)
    assert shop.events.count() == 0
    assert Browsers(shop.database, lambda: NOON).customer_of(BROWSER) is None
    assert Traits(shop.database).of_customer(ANNA.id) == {}


def test_an_unknown_customer_is_rejected_and_nothing_kept(shop: Shop) -> None:
    outcome = shop.take(VIEW, replace(VIEW, message_id="m2", user_id="C09999"))
    assert outcome == Outcome(
        accepted=1, rejected=[Rejection(1, "userId", "should be a customer of this shop; came 'C09999'")]
    )
    assert shop.events.count() == 1


def test_a_proven_customer_takes_over_what_the_browser_did_before(shop: Shop) -> None:
    shop.take(VIEW)
    assert shop.take(IDENTIFY) == Outcome(accepted=1)
    assert [event.customer_id for event in shop.events.events()] == [ANNA.id]


def test_what_comes_late_from_before_the_sign_in_is_the_customers(shop: Shop) -> None:
    shop.take(IDENTIFY)
    shop.now += timedelta(hours=1)
    after = replace(VIEW, message_id="m2", at=shop.now)
    assert shop.take(VIEW, after) == Outcome(accepted=2)
    assert [event.message_id for event in shop.events.of_customer(ANNA.id)] == ["m1"]
    assert [e.message_id for e in shop.events.of_shopper(Shopper(anonymous_id=BROWSER))] == ["m2"]


def test_what_comes_late_from_before_the_sign_in_of_who_refused_is_dropped(shop: Shop) -> None:
    shop.take(replace(IDENTIFY, user_id=BEN.id))
    assert shop.take(VIEW) == Outcome(no_consent=1)


def test_in_one_request_what_was_done_before_the_sign_in_is_the_customers(shop: Shop) -> None:
    assert shop.take(VIEW, IDENTIFY, replace(VIEW, message_id="m2")) == Outcome(accepted=3)
    assert {event.customer_id for event in shop.events.events()} == {ANNA.id}


def test_identify_records_the_customers_decision_if_it_is_another(shop: Shop) -> None:
    consents = Consents(shop.database, lambda: NOON)
    shop.take(replace(IDENTIFY, consent=True))
    assert consents.decisions(ANNA.id) == ()
    shop.take(VIEW, replace(IDENTIFY, consent=False))
    assert not consents.may_profile(ANNA.id)
    assert shop.events.count() == 0
    shop.take(replace(IDENTIFY, consent=True, user_id=BEN.id, at=NOON + timedelta(minutes=1)))
    assert consents.may_profile(BEN.id)
    assert [decision.source for decision in consents.decisions(BEN.id)] == ["site"]


def test_a_refusal_is_heard_in_spite_of_do_not_track(shop: Shop) -> None:
    assert shop.take(replace(IDENTIFY, consent=False), is_untracked=True) == Outcome(do_not_track=1)
    assert not Consents(shop.database, lambda: NOON).may_profile(ANNA.id)


def test_a_browser_whose_user_takes_the_consent_back_is_forgotten(shop: Shop) -> None:
    shop.take(VIEW, replace(VIEW, message_id="m2", anonymous_id="another-browser"))
    refusing = replace(IDENTIFY, user_id=None, consent=False)
    waiting = replace(VIEW, message_id="m3")
    assert shop.take(waiting, refusing) == Outcome(no_consent=2)
    assert [event.anonymous_id for event in shop.events.events()] == ["another-browser"]
    shop.take(replace(IDENTIFY, anonymous_id="another-browser"))
    shop.take(replace(refusing, anonymous_id="another-browser"))
    assert len(shop.events.of_customer(ANNA.id)) == 1


def test_a_refusal_drops_what_waits_in_the_same_transaction(shop: Shop) -> None:
    annas = replace(VIEW, user_id=ANNA.id)
    refusing = replace(IDENTIFY, consent=False)
    assert shop.take_all(arrival(annas), arrival(refusing)) == [Outcome(no_consent=1), Outcome(no_consent=1)]
    assert shop.events.count() == 0


def test_an_agreement_that_comes_after_a_later_refusal_changes_nothing(shop: Shop) -> None:
    shop.take(replace(IDENTIFY, consent=False, at=NOON))
    shop.take(replace(IDENTIFY, consent=True, at=NOON - timedelta(days=1)))
    assert not Consents(shop.database, lambda: NOON).may_profile(ANNA.id)


def test_traits_are_kept_of_who_agrees_only(shop: Shop) -> None:
    given = {"age_band": "25-34"}
    outcome = shop.take(
        replace(IDENTIFY, traits=given, ignored_traits=2),
        replace(IDENTIFY, traits=given, user_id=BEN.id, anonymous_id=None),
        replace(IDENTIFY, traits=given, user_id=None, consent=True, anonymous_id="another-browser"),
    )
    assert outcome == Outcome(accepted=2, no_consent=1, ignored_traits=3)
    traits = Traits(shop.database)
    assert (traits.of_customer(ANNA.id), traits.of_customer(BEN.id)) == (given, {})


def test_an_order_of_a_customer_counts_once_whoever_tells_of_it(shop: Shop) -> None:
    bought = replace(
        VIEW,
        name="Order Completed",
        sku=None,
        user_id=ANNA.id,
        properties={"order_id": "LK-1", "products": [{"sku": "L-1", "quantity": 1}]},
    )
    assert shop.take(bought, replace(bought, message_id="m2")) == Outcome(accepted=1, repeated=1)


def test_two_customers_in_one_browser_each_keep_their_own(shop: Shop) -> None:
    Consents(shop.database, lambda: NOON).decide(BEN.id, True, "site")
    anna, ben = replace(VIEW, user_id=ANNA.id), replace(VIEW, message_id="m2", user_id=BEN.id)
    shop.take(anna, ben, replace(anna, message_id="m3"))
    assert [event.customer_id for event in shop.events.events()] == [ANNA.id, BEN.id, ANNA.id]
    assert Browsers(shop.database, lambda: NOON).customer_of(BROWSER) == ANNA.id
