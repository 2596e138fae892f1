"""Whose conversation is it? The database says so, by the id that the gateway gave it; no message can."""

from __future__ import annotations

import asyncio
from typing import Protocol

from bot.conversations import Conversation


class Talks(Protocol):
    """What actions need of `bot.conversations.Conversations`."""

    def find(self, conversation_id: str) -> Conversation | None: ...

    def request_person(self, conversation_id: str) -> None: ...


async def customer_of(talks: Talks, conversation_id: str) -> str | None:
    """The signed-in customer's id; None for a visitor and for a talk in the Rasa shell."""
    conversation = await asyncio.to_thread(talks.find, conversation_id)
    return None if conversation is None else conversation.customer_id
