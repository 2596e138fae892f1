"""What is still needed to find an order? `validate_track_order_form` reads each reply to the form."""

from __future__ import annotations

import re

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation_customer import Talks, customer_of
from actions.latest_turn import actions_since_said, intent_of, is_question, slot, words_said
from bot.orders import order_number_in

FORM = "track_order_form"
FAILURES_ALLOWED = 3
INTERRUPTIONS = frozenset(
    {
        *("greet", "goodbye", "thank", "help", "deny"),
        *("product_question", "recommend", "promotion", "contact_human_agent"),
    }
)
MAYBE_REPLIES = frozenset({"nlu_fallback", "out_of_scope"})
"""What nobody understands is a reply that cannot be read, unless it is a question."""
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
UNREADABLE = {
    "order_number": "utter_track_order_number_unreadable",
    "email": "utter_track_order_email_unreadable",
}


class TrackOrderForm(Action):
    """Needs nothing from a signed-in customer, order number and e-mail address from everybody else.

    A reply about something else fills nothing, so that Rasa answers it by its own rule and then goes on.
    After three unreadable replies to the same question the form ends unfilled, and `action_track_order`
    offers a person.
    """

    def __init__(self, talks: Talks) -> None:
        self._talks = talks

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        asked = slot(tracker, "requested_slot")
        found = {"order_number": number_given(tracker, asked), "email": email_given(tracker)}
        filled: list[EventType] = [SlotSet(name, value) for name, value in found.items()]
        if asked is None:
            if await customer_of(self._talks, tracker.sender_id) is not None:
                filled.append(SlotSet("requested_slot", None))
            return filled
        if set(actions_since_said(tracker)) - {FORM, "action_extract_slots"}:
            return filled
        if any(given_now(tracker, name, value) for name, value in found.items()):
            return [*filled, SlotSet("track_order_failures", None)]
        if is_interruption(tracker):
            return []
        return [*filled, *reply_failed(dispatcher, tracker, asked)]


def number_given(tracker: Tracker, asked: str | None) -> str | None:
    """The order number, written in full, out of what Rasa found or, when asked for, of the whole reply."""
    given = slot(tracker, "order_number")
    number = None if given is None else order_number_in(given)
    if number is None and asked == "order_number":
        return order_number_in(words_said(tracker))
    return number


def email_given(tracker: Tracker) -> str | None:
    given = slot(tracker, "email")
    return given if given is not None and EMAIL.fullmatch(given) else None


def given_now(tracker: Tracker, name: str, value: str | None) -> bool:
    """Did the latest message bring this value, or was it there before?"""
    if value is None:
        return False
    entities = tracker.latest_message.get("entities")
    named = isinstance(entities, list) and any(entity.get("entity") == name for entity in entities)
    return named or (name == "order_number" and order_number_in(words_said(tracker)) is not None)


def is_interruption(tracker: Tracker) -> bool:
    """Is the message about something else? A few words with a digit or an @ are always meant as a reply."""
    said = words_said(tracker)
    if len(said.split()) <= 3 and re.search(r"[0-9@]", said):
        return False
    intent = intent_of(tracker)
    return intent in INTERRUPTIONS or (intent in MAYBE_REPLIES and is_question(said))


def reply_failed(dispatcher: CollectingDispatcher, tracker: Tracker, asked: str) -> list[EventType]:
    """Counts the failure as `<slot> <count>`; the one too many ends the form."""
    counted = slot(tracker, "track_order_failures")
    same, _, count = ("", "", "0") if counted is None else counted.partition(" ")
    failures = 1 + (int(count) if same == asked else 0)
    if failures >= FAILURES_ALLOWED:
        return [SlotSet("requested_slot", None)]
    dispatcher.utter_message(response=UNREADABLE[asked])
    return [SlotSet("track_order_failures", f"{asked} {failures}")]
