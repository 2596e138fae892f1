"""Are there offers for this shopper? `action_show_offers` shows them, and remembers which are not wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation_customer import AsksConsent, Talks, customer_of, shopper_of
from actions.latest_turn import words_said
from actions.offer_memory import offer_talk_of, offer_talk_remembered, was_about_offers
from actions.promotion_cards import say_offers
from actions.wish_memory import surroundings_of
from bot.promotions.offer_advice import Listener, OfferAdvice
from bot.promotions.offer_talk import OfferTalk

logger = logging.getLogger(__name__)


class AdvisesOnOffers(Protocol):
    """What the action needs of `bot.promotions.offer_adviser.OfferAdviser`."""

    def advise(self, message: str, talk: OfferTalk, listener: Listener) -> OfferAdvice: ...

    def show_again(self, talk: OfferTalk, listener: Listener) -> OfferAdvice: ...


class ShowOffers(Action):
    def __init__(self, adviser: AdvisesOnOffers, talks: Talks, consents: AsksConsent, timezone: str) -> None:
        """`timezone` is the shop's IANA name."""
        self._adviser = adviser
        self._talks = talks
        self._consents = consents
        self._timezone = timezone

    def name(self) -> str:
        return "action_show_offers"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        said = words_said(tracker)
        return await self._say(
            dispatcher, tracker, lambda talk, listener: self._adviser.advise(said, talk, listener)
        )

    async def show_again(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What a yes to the question whether to show again means."""
        return await self._say(dispatcher, tracker, self._adviser.show_again)

    async def _say(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        ask: Callable[[OfferTalk, Listener], OfferAdvice],
    ) -> list[EventType]:
        try:
            listener = await self._listener(tracker)
            advice = await asyncio.to_thread(ask, offer_talk_of(tracker), listener)
        except Exception:
            # Whatever is wrong with offers or writer, the shopper gets a sentence and the log the reason.
            logger.exception("No offers in conversation %s.", tracker.sender_id)
            dispatcher.utter_message(response="utter_show_offers_unavailable")
            return []
        say_offers(dispatcher, advice, self._timezone)
        if advice.kind == "nothing":
            return []
        return offer_talk_remembered(tracker, advice.talk, advice.offers != ())

    async def _listener(self, tracker: Tracker) -> Listener:
        shopper = await shopper_of(self._talks, self._consents, tracker.sender_id)
        customer_id = await customer_of(self._talks, tracker.sender_id)
        around = surroundings_of(tracker, shopper)
        return Listener(customer_id, tracker.sender_id, around, was_about_offers(tracker))
