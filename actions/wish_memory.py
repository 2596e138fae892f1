"""What does a conversation remember of what was wished for? One slot, and the products that it was about."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.latest_turn import product_on_page
from bot.recommendations.talk_moves import Surroundings
from bot.recommendations.talk_wishes import Talk
from bot.shoppers.shopper import Shopper

TALK_SLOT = "recommend_talk"
PRODUCT_SLOT = "product_sku"
MOST_SEEN = 20


def talk_of(tracker: Tracker) -> Talk:
    return Talk.from_json(tracker.get_slot(TALK_SLOT))


def talk_remembered(talk: Talk) -> list[EventType]:
    return [SlotSet(TALK_SLOT, talk.as_json())]


def surroundings_of(tracker: Tracker, shopper: Shopper | None) -> Surroundings:
    """Who writes, where, and which products this conversation was about."""
    return Surroundings(shopper, product_on_page(tracker), _talked_about(tracker), _seen(tracker))


def _talked_about(tracker: Tracker) -> str | None:
    """What was asked about since the last recommendations."""
    for event in reversed(tracker.events):
        if event.get("event") == "slot" and event.get("name") == TALK_SLOT:
            return None
        if event.get("event") == "slot" and event.get("name") == PRODUCT_SLOT:
            sku = event.get("value")
            return sku if isinstance(sku, str) and sku else None
    return None


def _seen(tracker: Tracker) -> tuple[str, ...]:
    """The products of the pages that were written on and of the answers, each once, the latest last."""
    skus: dict[str, None] = {}
    for event in tracker.events:
        sku: object = None
        if event.get("event") == "user":
            metadata = event.get("metadata")
            sku = metadata.get("product") if isinstance(metadata, dict) else None
        elif event.get("event") == "slot" and event.get("name") == PRODUCT_SLOT:
            sku = event.get("value")
        if isinstance(sku, str) and sku:
            skus.pop(sku, None)
            skus[sku] = None
    return tuple(skus)[-MOST_SEEN:]
