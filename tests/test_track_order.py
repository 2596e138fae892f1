"""Is an order shown to whom it belongs, and to nobody else?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conversation_fakes import NOW, FakeOrders, FakeTalks, order, said_by, slots_set, tracker

from actions.order_card import order_card, order_response
from actions.track_order import TrackOrder

FORGOTTEN = {"order_number": None, "email": None, "track_order_failures": None}
SHIPPED = order(carrier="Parcel Post", shipped_at=NOW, expected_at=datetime(2026, 11, 25, tzinfo=UTC))
OTHERS = order("LK-200002")


def skill(orders: FakeOrders | None = None) -> TrackOrder:
    if orders is None:
        orders = FakeOrders({"C00001": (SHIPPED,), "C00002": (OTHERS,)}, {"C00001": "anna@mail.example"})
    return TrackOrder(orders, FakeTalks({"talk-1": "C00001", "talk-2": None}), lambda: NOW)


async def test_the_owner_sees_state_and_day_without_giving_a_number() -> None:
    messages, events = await said_by(skill(), tracker("where is my order?"))
    assert messages == [
        {
            "response": "utter_track_order_shipped",
            "custom": {"cards": [order_card(SHIPPED)]},
            "number": "LK-100001",
            "placed": "Wednesday, 18 November 2026",
            "expected": "Wednesday, 25 November 2026",
            "carrier": "Parcel Post",
        }
    ]
    assert slots_set(events) == FORGOTTEN


async def test_someone_elses_order_is_answered_like_one_that_does_not_exist() -> None:
    others = await said_by(skill(), tracker("", slots={"order_number": "LK-200002"}))
    missing = await said_by(skill(), tracker("", slots={"order_number": "LK-999999"}))
    assert others == missing
    assert others[0] == [{"response": "utter_track_order_not_yours"}]


async def test_a_customer_with_several_open_orders_sees_the_newest_three() -> None:
    own = tuple(order(f"LK-30000{n}", "paid") for n in range(4))
    done = order("LK-400000", "delivered")
    messages, _ = await said_by(skill(FakeOrders({"C00001": (done, *own)})), tracker())
    assert messages == [
        {
            "response": "utter_track_order_several",
            "custom": {"cards": [order_card(one) for one in own[:3]]},
        }
    ]


async def test_a_customer_without_orders_is_told_so() -> None:
    assert (await said_by(skill(FakeOrders()), tracker()))[0] == [{"response": "utter_track_order_none"}]


async def test_a_guest_sees_an_order_when_number_and_address_match() -> None:
    given = {"order_number": "LK-100001", "email": "anna@mail.example"}
    messages, events = await said_by(skill(), tracker(slots=given, sender="talk-2"))
    assert [message["response"] for message in messages] == ["utter_track_order_shipped"]
    assert slots_set(events) == FORGOTTEN


async def test_a_wrong_address_is_answered_like_a_number_that_does_not_exist() -> None:
    wrong = {"order_number": "LK-100001", "email": "bob@mail.example"}
    missing = {"order_number": "LK-999999", "email": "anna@mail.example"}
    answers = [await said_by(skill(), tracker(slots=slots, sender="nobody")) for slots in (wrong, missing)]
    assert answers[0] == answers[1]
    assert answers[0][0] == [{"response": "utter_track_order_not_found"}]


async def test_too_many_tries_have_a_sentence_of_their_own() -> None:
    given = {"order_number": "LK-100001", "email": "anna@mail.example"}
    action = skill(FakeOrders(is_exhausted=True))
    messages, events = await said_by(action, tracker(slots=given, sender="talk-2"))
    assert messages == [{"response": "utter_track_order_too_many_tries"}]
    assert slots_set(events) == FORGOTTEN


async def test_a_guest_who_gave_up_is_offered_a_person() -> None:
    messages, _ = await said_by(skill(), tracker(slots={"order_number": "LK-100001"}, sender="talk-2"))
    assert messages == [{"response": "utter_track_order_given_up"}]


def test_the_sentence_follows_the_state_and_the_days_that_are_known() -> None:
    tomorrow, yesterday = NOW + timedelta(days=1), NOW - timedelta(days=1)
    assert order_response(order(state="paid", expected_at=tomorrow), NOW) == "utter_track_order_paid"
    assert order_response(order(state="paid"), NOW) == "utter_track_order_paid_undated"
    assert order_response(order(expected_at=yesterday), NOW) == "utter_track_order_late"
    assert order_response(order(expected_at=NOW - timedelta(hours=2)), NOW) == "utter_track_order_shipped"
    assert order_response(order(state="delivered"), NOW) == "utter_track_order_delivered_undated"
    assert order_response(order(state="cancelled"), NOW) == "utter_track_order_cancelled"


def test_a_card_shows_the_steps_that_are_done_and_those_to_come() -> None:
    assert order_card(SHIPPED) == {
        "kind": "order",
        "number": "LK-100001",
        "state": "shipped",
        "title": "Order LK-100001",
        "steps": [
            {"label": "Placed", "at": "2026-11-18T09:00:00+00:00", "done": True},
            {"label": "Paid", "at": None, "done": True},
            {"label": "Packed", "at": None, "done": True},
            {"label": "Shipped", "at": "2026-11-23T12:00:00+00:00", "done": True},
            {"label": "Delivered", "at": None, "done": False},
        ],
        "lines": ["1 x Stavell Lamp"],
        "total": "54.40 EUR",
    }


def test_a_cancelled_order_goes_no_further() -> None:
    steps = order_card(order(state="cancelled"))["steps"]
    assert [(step["label"], step["done"]) for step in steps] == [("Placed", True), ("Cancelled", True)]
