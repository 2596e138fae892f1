"""Which calls does a request's body hold, and who proves for which customer they speak?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from aiohttp import web

from bot.shoppers.event_calls import BrokenCall, Call, Rejection, moment, parse_call
from bot.web.errors import RefusedRequest
from bot.web.event_keys import SERVER
from bot.web.tokens import CustomerTokens

MOST_BYTES = 500_000
MOST_CALL_BYTES = 32_000
MOST_CALLS = 2500
CONTENT_TYPES = ("application/json", "text/plain")


@dataclass(frozen=True, slots=True)
class CheckedCalls:
    """The calls of one request that may be taken, by their places in it, and those that may not."""

    calls: list[tuple[int, Call]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The request's JSON object, its fractions as Decimal. Raises RefusedRequest 400, 413, 415 or 422."""
    if request.content_type not in CONTENT_TYPES:
        raise RefusedRequest(415, "not_json", "The body must be application/json or text/plain in UTF-8.")
    # The application's own limit is for the chat's small bodies.
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise RefusedRequest(413, "too_large", f"A body may have {MOST_BYTES} bytes.")
    try:
        value = json.loads(raw, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedRequest(400, "broken_json", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise RefusedRequest(422, "not_an_object", "The body must be a JSON object: a call, or a batch.")
    if len(raw) <= MOST_CALL_BYTES:
        return value
    for index, call in enumerate(_listed(value)):
        if len(json.dumps(call, default=str)) > MOST_CALL_BYTES:
            raise RefusedRequest(413, "large_call", f"Call {index}: a call may have {MOST_CALL_BYTES} bytes.")
    return value


def check_calls(
    body: Mapping[str, Any], source: str, tokens: CustomerTokens | None, received_at: datetime
) -> CheckedCalls:
    """Check each call of a body, and that it may speak for the customer whom it names.

    Raises RefusedRequest 422 if the batch itself is broken.
    """
    calls = _listed(body)
    if not 1 <= len(calls) <= MOST_CALLS:
        raise RefusedRequest(
            422, "bad_batch", f"batch should have 1 to {MOST_CALLS} calls; came {len(calls)}."
        )
    is_batch = "batch" in body
    context = body.get("context") if is_batch else None
    if context is not None and not isinstance(context, dict):
        raise RefusedRequest(422, "bad_context", "context should be an object.")
    sent_at = body.get("sentAt") if is_batch else None
    proofs = _Proofs(source, tokens)
    checked = CheckedCalls()
    try:
        if sent_at is not None:
            moment("sentAt", sent_at)
    except BrokenCall as problem:
        raise RefusedRequest(422, "bad_sent_at", f"sentAt {problem.detail}.") from None
    for index, raw in enumerate(calls):
        try:
            call = parse_call(raw, {} if context is None else context, sent_at, received_at)
            proofs.check(call)
            checked.calls.append((index, call))
        except BrokenCall as problem:
            checked.rejected.append(Rejection(index, problem.field, problem.detail))
    return checked


class _Proofs:
    """Whether calls may speak for their customers; each token is read once."""

    def __init__(self, source: str, tokens: CustomerTokens | None) -> None:
        self._source = source
        self._tokens = tokens
        self._read: dict[str, str | RefusedRequest] = {}

    def check(self, call: Call) -> None:
        """Raises BrokenCall if the call names a customer for whom it has no proof."""
        if call.user_id is None or self._source == SERVER:
            return
        field = "context.customerToken"
        if call.customer_token is None:
            raise BrokenCall(field, "there with a userId: a customer token, signed by the shop's site")
        if self._tokens is None:
            raise BrokenCall(field, "missing: STOREKEEP_CUSTOMER_TOKEN_SECRET is not set", "a token")
        customer = self._customer(self._tokens, call.customer_token)
        if isinstance(customer, RefusedRequest):
            raise BrokenCall(field, "a valid customer token", customer.code)
        if customer != call.user_id:
            raise BrokenCall("userId", "the customer of the customer token", call.user_id)

    def _customer(self, tokens: CustomerTokens, token: str) -> str | RefusedRequest:
        if token not in self._read:
            try:
                self._read[token] = tokens.read(token)
            except RefusedRequest as refusal:
                self._read[token] = refusal
        return self._read[token]


def _listed(body: Mapping[str, Any]) -> Sequence[object]:
    if "batch" not in body:
        return [body]
    batch = body["batch"]
    if not isinstance(batch, list):
        raise RefusedRequest(422, "bad_batch", "batch should be a list of calls.")
    return batch


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
