"""What is kept of a recommendation in the chat? What was shown and dismissed, of who agreed to that."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from bot.recommendations.adviser import Advice
from bot.recommendations.talk_wishes import Talk
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper

logger = logging.getLogger(__name__)


class KeepsEvents(Protocol):
    """What is needed of `bot.shoppers.events.Events`."""

    def record(self, events: Iterable[Event]) -> int: ...


class RecommendationRecord:
    """Stores events; a failure is the log's and never the shopper's."""

    def __init__(self, events: KeepsEvents, clock: Callable[[], datetime]) -> None:
        self._events = events
        self._clock = clock

    async def keep(self, shopper: Shopper | None, before: Talk, advice: Advice) -> None:
        if shopper is None:
            return
        events = tuple(self._events_of(shopper, before, advice))
        try:
            await asyncio.to_thread(self._events.record, events)
        except Exception:
            logger.exception("What was recommended could not be kept.")

    def _events_of(self, shopper: Shopper, before: Talk, advice: Advice) -> Iterator[Event]:
        """What somebody else is to get says nothing about the shopper: of gifts it is kept what was shown."""
        if not advice.talk.is_for_another:
            for sku in sorted(set(advice.talk.dismissed).difference(before.dismissed)):
                yield self._event(shopper, "Recommendation Dismissed", sku, {"channel": "chat"})
        if advice.items:
            skus = [item.sku for item, _ in advice.items]
            properties = {"skus": skus, "place": "chat", "channel": "chat"}
            yield self._event(shopper, "Recommendations Shown", None, properties)

    def _event(self, shopper: Shopper, name: str, sku: str | None, properties: Mapping[str, object]) -> Event:
        return Event(
            str(uuid.uuid4()),
            name,
            self._clock(),
            shopper.customer_id,
            shopper.anonymous_id,
            sku,
            properties,
        )
