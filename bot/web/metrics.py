"""How is the web process doing, in the text format that every monitoring reads?"""

from __future__ import annotations

from hmac import compare_digest

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.web.addresses import client_address, is_loopback
from bot.web.errors import RefusedRequest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 8.0, 10.0)


class Metrics:
    """The figures of one web process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "storekeep_turns", "Turns by what became of them.", ["outcome"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "storekeep_turn_seconds",
            "Seconds from a message's arrival to its reply.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.sessions = Counter(
            "storekeep_sessions",
            "Conversations begun, by kind of shopper.",
            ["shopper"],
            registry=self.registry,
        )
        self.events = Counter(
            "storekeep_events",
            "Calls about shoppers by what became of them.",
            ["outcome"],
            registry=self.registry,
        )
        self.ignored_traits = Counter(
            "storekeep_ignored_traits", "Traits that came and are not kept.", registry=self.registry
        )
        self.event_commit_seconds = Histogram(
            "storekeep_event_commit_seconds",
            "Seconds of a transaction that stores calls, those of several requests together.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.open_sockets = Gauge("storekeep_open_sockets", "Chat sockets open now.", registry=self.registry)
        self.rate_limited = Counter(
            "storekeep_rate_limited", "Requests refused by a rate limit.", ["limit"], registry=self.registry
        )


class MetricsPage:
    """GET /metrics, for this machine and for who has the key; `key` None means this machine only."""

    def __init__(self, metrics: Metrics, key: str | None) -> None:
        self._metrics = metrics
        self._key = key

    async def get(self, request: web.Request) -> web.Response:
        if not (is_loopback(client_address(request)) or self._has_key(request)):
            raise RefusedRequest(403, "metrics_closed", "Only this machine or the metrics key may read it.")
        return web.Response(
            body=generate_latest(self._metrics.registry), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST}
        )

    def _has_key(self, request: web.Request) -> bool:
        came = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
        return self._key is not None and compare_digest(came.encode(), self._key.encode())
