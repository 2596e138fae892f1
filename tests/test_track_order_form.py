"""Does the form ask for what is missing, read what is given, and let everybody out?"""

from __future__ import annotations

from typing import Any

from conversation_fakes import FakeTalks, said_by, slots_set, tracker

from actions.forget_order import ForgetOrder
from actions.track_order_form import TrackOrderForm

FORM = TrackOrderForm(FakeTalks({"talk-1": None, "signed-in": "C00001"}))
ASKED_NUMBER = {"requested_slot": "order_number"}
FORM_RAN = [{"event": "action", "name": "track_order_form"}]


async def test_a_signed_in_customer_is_asked_for_nothing() -> None:
    messages, events = await said_by(FORM, tracker("where is my order", "track_order", sender="signed-in"))
    assert (messages, slots_set(events)) == (
        [],
        {"order_number": None, "email": None, "requested_slot": None},
    )


async def test_a_visitor_is_asked_for_what_the_first_message_left_open() -> None:
    slots = {"order_number": ["lk 100001", "lk 100002"]}
    _, events = await said_by(FORM, tracker("where is lk 100001", "track_order", slots))
    assert slots_set(events) == {"order_number": "LK-100001", "email": None}


async def test_a_number_is_read_however_it_is_written() -> None:
    for said in ("LK-100001", "lk100001", "LK 100001", "100001", "#100001", "LK \u2013 100001"):
        _, events = await said_by(FORM, tracker(said, "track_order", ASKED_NUMBER, since=FORM_RAN))
        assert slots_set(events)["order_number"] == "LK-100001", said


async def test_an_address_may_come_before_the_number() -> None:
    slots = {**ASKED_NUMBER, "email": "anna@mail.example"}
    found = {"email": "anna@mail.example"}
    messages, events = await said_by(FORM, tracker("anna@mail.example", "track_order", slots, entities=found))
    assert messages == []
    assert slots_set(events) == {
        "order_number": None,
        "email": "anna@mail.example",
        "track_order_failures": None,
    }


async def test_a_reply_that_cannot_be_read_is_asked_for_again_twice_and_then_given_up() -> None:
    slots: dict[str, Any] = dict(ASKED_NUMBER)
    seen = []
    for said in ("12345", "LK-12", "somewhere"):
        messages, events = await said_by(FORM, tracker(said, "nlu_fallback", slots, since=FORM_RAN))
        slots |= slots_set(events)
        seen.append((messages, slots["requested_slot"]))
    again = [{"response": "utter_track_order_number_unreadable"}]
    assert seen == [(again, "order_number"), (again, "order_number"), ([], None)]


async def test_failures_of_one_question_do_not_count_for_the_next() -> None:
    slots = {"requested_slot": "email", "order_number": "LK-100001", "track_order_failures": "order_number 2"}
    messages, events = await said_by(FORM, tracker("bob@", "nlu_fallback", slots, since=FORM_RAN))
    assert messages == [{"response": "utter_track_order_email_unreadable"}]
    assert slots_set(events)["track_order_failures"] == "email 1"


async def test_a_message_about_something_else_is_left_to_its_own_rule() -> None:
    for said, intent in (
        ("how long can I return things?", "product_question"),
        ("never mind", "deny"),
        ("I want a person", "contact_human_agent"),
        ("is it warm?", "nlu_fallback"),
        ("what's the weather?", "out_of_scope"),
    ):
        assert await said_by(FORM, tracker(said, intent, ASKED_NUMBER, since=FORM_RAN)) == ([], []), said


async def test_coming_back_after_a_question_counts_no_failure() -> None:
    answered = [*FORM_RAN, {"event": "action", "name": "action_product_question"}, *FORM_RAN]
    messages, events = await said_by(FORM, tracker("warm?", "product_question", ASKED_NUMBER, since=answered))
    assert (messages, slots_set(events)) == ([], {"order_number": None, "email": None})


async def test_forgetting_an_order_ends_the_form_and_empties_its_slots() -> None:
    _, events = await said_by(ForgetOrder(), tracker())
    assert {"event": "active_loop", "timestamp": None, "name": None} in events
    assert slots_set(events) == {
        "requested_slot": None,
        "order_number": None,
        "email": None,
        "track_order_failures": None,
    }
