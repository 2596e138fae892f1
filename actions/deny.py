"""What does a plain no mean? `action_deny` takes it as a no to the offers that were just shown, if any."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.latest_turn import words_said
from actions.offer_memory import offer_talk_of, was_about_offers
from actions.show_offers import ShowOffers
from bot.promotions.offer_moves import read_offer_moves


class Deny(Action):
    def __init__(self, offers: ShowOffers) -> None:
        self._offers = offers

    def name(self) -> str:
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        were_shown = was_about_offers(tracker) and offer_talk_of(tracker).shown != ()
        if were_shown and read_offer_moves(words_said(tracker)).refuses is not None:
            return await self._offers.run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_deny")
        return []
