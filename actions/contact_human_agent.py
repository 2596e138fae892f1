"""How does a shopper reach a person? `action_contact_human_agent` records the wish and names the ways."""

from __future__ import annotations

import asyncio

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation_customer import Talks
from bot.conversations import UnknownConversation
from knowledge_base.shop_details import ShopDetails


class ContactHumanAgent(Action):
    def __init__(self, talks: Talks, details: ShopDetails) -> None:
        self._talks = talks
        self._details = details

    def name(self) -> str:
        return "action_contact_human_agent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        response = "utter_contact_human_agent"
        try:
            await asyncio.to_thread(self._talks.request_person, tracker.sender_id)
        except UnknownConversation:
            response = "utter_contact_human_agent_unrecorded"
        dispatcher.utter_message(response=response, **shop_contact(self._details))
        return []


def shop_contact(details: ShopDetails) -> dict[str, str]:
    """What the responses put into {shop}, {support_email}, {support_phone} and {support_hours}."""
    return {
        "shop": details.name,
        "support_email": details.support_email,
        "support_phone": details.support_phone,
        "support_hours": details.support_hours,
    }
