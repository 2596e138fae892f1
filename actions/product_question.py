"""What does the shop say about this? `action_product_question` quotes it, or says that it is not there."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.latest_turn import product_on_page, slot, words_said
from actions.quoted_answer import QuotedAnswers
from knowledge_base.answers import refers_back


class ProductQuestion(Action):
    def __init__(self, answers: QuotedAnswers) -> None:
        self._answers = answers

    def name(self) -> str:
        return "action_product_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        question = words_said(tracker)
        meant = product_meant(tracker, question)
        answer = await self._answers.find(question, meant)
        self._answers.note(tracker, question, answer, meant)
        if answer.text is None:
            dispatcher.utter_message(response="utter_product_question_unanswered")
            return []
        said_of = await self._answers.say(dispatcher, answer, product_on_page(tracker))
        return product_talked_about(said_of)


def product_meant(tracker: Tracker, question: str) -> str | None:
    """The product of the page that the shopper looks at, else what was talked about if it says "it"."""
    on_page = product_on_page(tracker)
    if on_page is not None:
        return on_page
    return slot(tracker, "product_sku") if refers_back(question) else None


def product_talked_about(sku: str | None) -> list[EventType]:
    """Remembers the product for the next "it"; an answer about none leaves the earlier one."""
    return [] if sku is None else [SlotSet("product_sku", sku)]
