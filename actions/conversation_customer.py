"""Whose conversation is it? The database says so, by the id that the gateway gave it; no message can."""

from __future__ import annotations

import asyncio
from typing import Protocol

from bot.conversations import Conversation
from bot.shoppers.shopper import Shopper


class Talks(Protocol):
    """What actions need of `bot.conversations.Conversations`."""

    def find(self, conversation_id: str) -> Conversation | None: ...

    def request_person(self, conversation_id: str) -> None: ...


async def customer_of(talks: Talks, conversation_id: str) -> str | None:
    """The signed-in customer's id; None for a visitor and for a talk in the Rasa shell."""
    conversation = await asyncio.to_thread(talks.find, conversation_id)
    return None if conversation is None else conversation.customer_id


class AsksConsent(Protocol):
    """What actions need of `bot.shoppers.consent.Consents`."""

    def may_profile(self, customer_id: str) -> bool: ...


async def shopper_of(talks: Talks, consents: AsksConsent, conversation_id: str) -> Shopper | None:
    """Whose behaviour may be looked at and added to; None for a customer who did not agree to that, and for a
    visitor whose browser did not tell us its id."""
    conversation = await asyncio.to_thread(talks.find, conversation_id)
    if conversation is None:
        return None
    if conversation.customer_id is None:
        anonymous_id = conversation.anonymous_id
        return None if anonymous_id is None else Shopper(anonymous_id=anonymous_id)
    may_profile = await asyncio.to_thread(consents.may_profile, conversation.customer_id)
    return Shopper(customer_id=conversation.customer_id) if may_profile else None
