"""How does a shopper talk with the shop over plain HTTP?"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Any

from aiohttp import web

from bot.conversations import Conversations, StoredTurn
from bot.web.bodies import read_fields, shopper_message
from bot.web.rate_limit import RateLimit
from bot.web.sessions import session_of
from bot.web.tokens import SessionTokens
from bot.web.turns import Turns

MESSAGE_FIELDS = ("id", "text", "product")


class Chat:
    """GET and POST /api/chat/messages, each with its limit for one conversation."""

    def __init__(
        self,
        conversations: Conversations,
        turns: Turns,
        tokens: SessionTokens,
        message_limit: RateLimit,
        history_limit: RateLimit,
        workers: Executor,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._tokens = tokens
        self._message_limit = message_limit
        self._history_limit = history_limit
        self._workers = workers

    async def post(self, request: web.Request) -> web.Response:
        conversation_id = session_of(request, self._tokens).conversation_id
        self._message_limit.take(conversation_id)
        message = shopper_message(await read_fields(request, MESSAGE_FIELDS))
        answered = await self._turns.take(conversation_id, message)
        return web.json_response({"messages": list(answered.messages)})

    async def get(self, request: web.Request) -> web.Response:
        conversation_id = session_of(request, self._tokens).conversation_id
        self._history_limit.take(conversation_id)
        loop = asyncio.get_running_loop()
        turns = await loop.run_in_executor(self._workers, self._conversations.history, conversation_id)
        return web.json_response({"turns": [_shown(turn) for turn in turns]})


def _shown(turn: StoredTurn) -> dict[str, Any]:
    messages = None if turn.messages is None else [dict(message) for message in turn.messages]
    return {"id": turn.id, "text": turn.text, "at": turn.at.isoformat(), "messages": messages}
