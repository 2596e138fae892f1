"""What if a message was not understood? `action_clarify` tries it as a question, asks, offers a person."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.contact_human_agent import shop_contact
from actions.latest_turn import is_question, last_response, product_on_page, words_said
from actions.product_question import product_meant, product_talked_about
from actions.quoted_answer import QuotedAnswers
from knowledge_base.shop_details import ShopDetails

NEXT_RESPONSE = {
    "utter_clarify": "utter_clarify_offer_person",
    "utter_clarify_offer_person": "utter_clarify_contact",
    "utter_clarify_contact": "utter_clarify_contact",
}
"""What follows if the message after this response was not understood either."""


class Clarify(Action):
    def __init__(self, answers: QuotedAnswers, details: ShopDetails) -> None:
        self._answers = answers
        self._details = details

    def name(self) -> str:
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        said = words_said(tracker)
        if is_question(said) or (product_on_page(tracker) is not None and len(said.split()) > 1):
            meant = product_meant(tracker, said)
            answer = await self._answers.find(said, meant)
            self._answers.note(tracker, said, answer, meant)
            if answer.text is not None:
                return product_talked_about(await self._answers.say(dispatcher, answer))
        earlier = last_response(tracker)
        response = "utter_clarify" if earlier is None else NEXT_RESPONSE.get(earlier, "utter_clarify")
        dispatcher.utter_message(response=response, **shop_contact(self._details))
        return []
