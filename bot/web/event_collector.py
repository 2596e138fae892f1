"""How do a page and the shop's server tell what shoppers do? POST /api/events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.shoppers.event_calls import Rejection
from bot.shoppers.event_intake import Arrival, Outcome
from bot.web.addresses import client_address
from bot.web.errors import RefusedRequest
from bot.web.event_bodies import CheckedCalls, check_calls, read_object
from bot.web.event_keys import SITE, EventKeys
from bot.web.event_writer import EventWriter
from bot.web.metrics import Metrics
from bot.web.rate_limit import RateLimit
from bot.web.tokens import CustomerTokens

SHOWN_REJECTIONS = 3
CALLS_CHECKED_AT_ONCE = 100

Clock = Callable[[], datetime]


class EventCollector:
    """Answers when what it accepted is committed. `limit` is for pages, by their address."""

    def __init__(
        self,
        writer: EventWriter,
        keys: EventKeys,
        tokens: CustomerTokens | None,
        limit: RateLimit,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._writer = writer
        self._keys = keys
        self._tokens = tokens
        self._limit = limit
        self._metrics = metrics
        self._clock = clock

    async def post(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        source = self._keys.source_of(request, body.get("writeKey"))
        if source == SITE:
            self._limit.take(client_address(request))
        checked = await self._check(body, source)
        outcome = Outcome()
        if checked.calls:
            outcome = await self._writer.write(Arrival(checked.calls, source, declines_tracking(request)))
        rejected = sorted((*checked.rejected, *outcome.rejected), key=lambda rejection: rejection.index)
        self._count(outcome, len(rejected))
        if len(rejected) == len(checked.calls) + len(checked.rejected):
            raise RefusedRequest(422, "all_rejected", _in_words(rejected))
        return web.json_response(_shown(outcome, rejected), status=202)

    async def _check(self, body: Mapping[str, Any], source: str) -> CheckedCalls:
        """A large batch is checked beside the event loop, so that nobody's chat waits for it."""
        received_at, batch = self._clock(), body.get("batch")
        if not isinstance(batch, list) or len(batch) <= CALLS_CHECKED_AT_ONCE:
            return check_calls(body, source, self._tokens, received_at)
        return await asyncio.to_thread(check_calls, body, source, self._tokens, received_at)

    def _count(self, outcome: Outcome, rejected: int) -> None:
        counts = {
            name: getattr(outcome, name) for name in ("accepted", "repeated", "no_consent", "do_not_track")
        }
        for name, count in (counts | {"rejected": rejected}).items():
            if count:
                self._metrics.events.labels(name).inc(count)
        if outcome.ignored_traits:
            self._metrics.ignored_traits.inc(outcome.ignored_traits)


def declines_tracking(request: web.Request) -> bool:
    """Whether the browser says that its user wants no tracking (DNT, Global Privacy Control)."""
    return any(request.headers.get(name, "").strip() == "1" for name in ("DNT", "Sec-GPC"))


def _shown(outcome: Outcome, rejected: Sequence[Rejection]) -> dict[str, object]:
    return {
        "accepted": outcome.accepted,
        "repeated": outcome.repeated,
        "dropped": {"no_consent": outcome.no_consent, "do_not_track": outcome.do_not_track},
        "rejected": [{"index": r.index, "field": r.field, "detail": r.detail} for r in rejected],
        "ignored_traits": outcome.ignored_traits,
    }


def _in_words(rejected: Sequence[Rejection]) -> str:
    first = [f"Call {r.index}: {r.field} {r.detail}." for r in rejected[:SHOWN_REJECTIONS]]
    if len(rejected) > SHOWN_REJECTIONS:
        first.append(f"And {len(rejected) - SHOWN_REJECTIONS} more.")
    return " ".join(first)
