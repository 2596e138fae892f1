"""What does a plain yes mean? `action_affirm` takes it as the answer to what the assistant asked last."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.contact_human_agent import ContactHumanAgent
from actions.latest_turn import last_response
from actions.show_offers import ShowOffers

OFFERS_OF_A_PERSON = frozenset({"utter_clarify_offer_person", "utter_track_order_given_up"})
QUESTIONS_ABOUT_OFFERS = frozenset({"utter_show_offers_was_refused", "utter_show_offers_was_refused_product"})


class Affirm(Action):
    def __init__(self, contact: ContactHumanAgent, offers: ShowOffers) -> None:
        self._contact = contact
        self._offers = offers

    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if last_response(tracker) in OFFERS_OF_A_PERSON:
            return await self._contact.run(dispatcher, tracker, domain)
        if last_response(tracker) in QUESTIONS_ABOUT_OFFERS:
            return await self._offers.show_again(dispatcher, tracker)
        dispatcher.utter_message(response="utter_affirm")
        return []
