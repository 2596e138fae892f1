"""What of the chat counts as behaviour? That something was said, and what was asked, of who agreed to it.

It is written by a thread of its own after the answer: a database that is slow or away costs the shopper
nothing, and the log one line.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import ConversationRow, CustomerRow
from bot.privacy.masking import masked
from bot.shoppers.event_properties import LONGEST_TEXT
from bot.shoppers.events import Event, hold_events, store_events
from bot.shoppers.shop_events import own_id

MOST_WAITING = 1000

logger = logging.getLogger(__name__)


class ChatEvents:
    """Makes events of the chat's turns and questions. Its methods return at once and raise nothing."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], most_waiting: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._clock = clock
        self._most_waiting = most_waiting
        self._worker = ThreadPoolExecutor(1, "chat-events")
        self._waiting: set[Future[None]] = set()

    def message_sent(self, conversation_id: str, message_id: str) -> None:
        """The shopper sent a message; what it says is not kept here."""
        self._keep("message", conversation_id, message_id, "Message Sent", None, {})

    def question_asked(
        self, conversation_id: str, question_id: str, question: str, answered: bool, sku: str | None
    ) -> None:
        """The shopper asked something, about the product `sku` or none; `question_id` is the same if this is
        told again.
        """
        properties = {"text": masked(question)[:LONGEST_TEXT], "answered": answered}
        self._keep("question", conversation_id, question_id, "Question Asked", sku, properties)

    def finish(self) -> None:
        """Wait until all that was told is written."""
        for future in tuple(self._waiting):
            future.result()

    def _keep(
        self, kind: str, conversation_id: str, its_id: str, name: str, sku: str | None, more: dict[str, Any]
    ) -> None:
        if len(self._waiting) >= self._most_waiting:
            logger.warning("chat events wait for the database; one was left out")
            return
        event_id, at = own_id(kind, conversation_id, its_id), self._clock()
        properties = {"channel": "chat", **more}

        def event_of(customer_id: str | None, anonymous_id: str | None) -> Event:
            return Event(event_id, name, at, customer_id, anonymous_id, sku, properties)

        future = self._worker.submit(self._write, conversation_id, event_of)
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)

    def _write(self, conversation_id: str, event_of: Callable[[str | None, str | None], Event]) -> None:
        try:
            with self._database.reading() as session:
                if _shopper(session, conversation_id) is None:
                    return
            with self._database.session() as session:
                hold_events(session)
                shopper = _shopper(session, conversation_id)
                if shopper is not None:
                    store_events(session, [event_of(*shopper)])
        except Exception as error:
            # SQLAlchemy's own words would repeat what the shopper asked.
            logger.error("a chat event was not stored cause=%s", type(error).__name__)


def _shopper(session: Session, conversation_id: str) -> tuple[str | None, str | None] | None:
    """Customer and browser of a conversation; None if nothing may be kept of it.

    A browser has an id only if its user agreed.
    """
    query = (
        select(ConversationRow.customer_id, ConversationRow.anonymous_id, CustomerRow.profiling_consent)
        .outerjoin(CustomerRow, CustomerRow.id == ConversationRow.customer_id)
        .where(ConversationRow.id == conversation_id)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    customer_id, anonymous_id, agrees = found
    may_keep = anonymous_id is not None if customer_id is None else agrees
    return (customer_id, anonymous_id) if may_keep else None
