"""What does a conversation remember of the offers that it was told? One slot; no id comes from a message."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.wish_memory import talk_of, talk_remembered
from bot.promotions.offer_talk import OfferTalk

TALK_SLOT = "promotion_talk"


def offer_talk_of(tracker: Tracker) -> OfferTalk:
    return OfferTalk.from_json(tracker.get_slot(TALK_SLOT))


def offer_talk_remembered(tracker: Tracker, talk: OfferTalk, are_on_screen: bool) -> list[EventType]:
    """With cards on the screen also for the recommender: "more like this" may come next."""
    events: list[EventType] = [SlotSet(TALK_SLOT, talk.as_json())]
    if are_on_screen:
        events += talk_remembered(talk_of(tracker).showing(talk.shown))
    return events


def was_about_offers(tracker: Tracker) -> bool:
    """Whether the answer before the latest message told of offers."""
    messages = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            messages += 1
        elif messages == 1 and event.get("event") == "slot" and event.get("name") == TALK_SLOT:
            return True
        if messages == 2:
            return False
    return False
