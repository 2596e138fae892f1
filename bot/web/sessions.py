"""How does a browser get a conversation, and how does it show later that it is its own?"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from aiohttp import hdrs, web

from bot.conversations import Conversation, Conversations
from bot.customers import UnknownCustomer
from bot.shoppers.browsers import Browsers
from bot.web.addresses import client_address
from bot.web.bodies import anonymous_id_in, customer_token_of, read_fields
from bot.web.errors import RefusedRequest
from bot.web.event_collector import declines_tracking
from bot.web.metrics import Metrics
from bot.web.rate_limit import RateLimit
from bot.web.tokens import CustomerTokens, Session, SessionTokens


class Sessions:
    """POST /api/chat/sessions. `customer_tokens` is None in a shop whose site signs no customers in."""

    def __init__(
        self,
        conversations: Conversations,
        browsers: Browsers,
        tokens: SessionTokens,
        customer_tokens: CustomerTokens | None,
        limit: RateLimit,
        metrics: Metrics,
        workers: Executor,
    ) -> None:
        self._conversations = conversations
        self._browsers = browsers
        self._tokens = tokens
        self._customer_tokens = customer_tokens
        self._limit = limit
        self._metrics = metrics
        self._workers = workers

    async def post(self, request: web.Request) -> web.Response:
        self._limit.take(client_address(request))
        fields = await read_fields(request, ("customer_token", "anonymous_id"))
        token, anonymous_id = customer_token_of(fields), anonymous_id_in(fields)
        if declines_tracking(request):
            anonymous_id = None
        customer_id = None if token is None else self._customer_of(token)
        conversation = await self._start(customer_id, anonymous_id)
        self._metrics.sessions.labels("visitor" if customer_id is None else "customer").inc()
        return web.json_response({"token": self._tokens.issue(conversation.id)}, status=201)

    def _customer_of(self, token: str) -> str:
        if self._customer_tokens is None:
            raise RefusedRequest(
                401,
                "no_customer_tokens",
                "This shop takes no customer tokens; STOREKEEP_CUSTOMER_TOKEN_SECRET is not set.",
            )
        return self._customer_tokens.read(token)

    async def _start(self, customer_id: str | None, anonymous_id: str | None) -> Conversation:
        def start() -> Conversation:
            conversation = self._conversations.start(customer_id, anonymous_id)
            if customer_id is not None and anonymous_id is not None:
                self._browsers.sign_in(anonymous_id, customer_id)
            return conversation

        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, start)
        except UnknownCustomer:
            raise RefusedRequest(
                401, "unknown_customer", "The customer token names no customer of this shop."
            ) from None


def session_of(request: web.Request, tokens: SessionTokens) -> Session:
    """The session of the request's Bearer token; raises RefusedRequest 401."""
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise RefusedRequest(401, "no_token", "Send the session token as: Authorization: Bearer <token>.")
    return tokens.read(token.strip())
