"""What has been said in a conversation, and whose conversation is it?"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ConversationRow, CustomerRow, MessageRow

Clock = Callable[[], datetime]


class UnknownConversation(Exception):
    """There is no conversation with this id."""


class UnknownMessage(Exception):
    """There is no message with this id in the conversation."""


@dataclass(frozen=True)
class Conversation:
    """`id` is a UUID made here; `customer_id` is None for a visitor who is not signed in."""

    id: str
    customer_id: str | None
    person_requested_at: datetime | None = None


@dataclass(frozen=True)
class StoredTurn:
    """A shopper's message and, once there, the shop's replies to it.

    `position` counts from 1 in each conversation. `messages` is None until `reply`; an empty tuple is a
    reply too. `is_new` is True only in the answer to the `receive` that stored the message: whoever sees it
    has to answer.
    """

    id: str
    text: str
    at: datetime
    messages: tuple[Mapping[str, Any], ...] | None
    replied_at: datetime | None
    position: int
    is_new: bool = False


class Conversations:
    """The conversations in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def start(self, customer_id: str | None) -> Conversation:
        """A new conversation. Raises UnknownCustomer if there is no customer with that id."""
        conversation = Conversation(str(uuid.uuid4()), customer_id)
        with self._database.session() as session:
            if customer_id is not None and session.get(CustomerRow, customer_id) is None:
                raise UnknownCustomer(f"There is no customer {customer_id!r}.")
            session.add(
                ConversationRow(id=conversation.id, customer_id=customer_id, started_at=self._clock())
            )
        return conversation

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id, or None."""
        with self._database.reading() as session:
            row = session.get(ConversationRow, storable(conversation_id))
            return None if row is None else Conversation(row.id, row.customer_id, row.person_requested_at)

    def receive(self, conversation_id: str, message_id: str, text: str) -> StoredTurn:
        """Store a message once. The same id again, even at the same moment, gives the turn stored first,
        with its text.

        Raises UnknownConversation.
        """
        with self._database.session() as session:
            _hold_conversation(session, conversation_id)
            earlier = session.get(MessageRow, (conversation_id, message_id))
            if earlier is not None:
                return _turn(earlier)
            last = session.scalar(
                select(func.max(MessageRow.position)).where(MessageRow.conversation_id == conversation_id)
            )
            row = MessageRow(
                conversation_id=conversation_id,
                message_id=message_id,
                position=1 if last is None else last + 1,
                text=storable(text),
                received_at=self._clock(),
            )
            session.add(row)
            return _turn(row, is_new=True)

    def reply(
        self, conversation_id: str, message_id: str, messages: Sequence[Mapping[str, Any]]
    ) -> StoredTurn:
        """Store what was answered to a message. Only the first answer is kept, and the turn as kept is
        returned.

        Raises UnknownMessage.
        """
        with self._database.session() as session:
            row = session.get(MessageRow, (conversation_id, message_id), with_for_update=True)
            if row is None:
                raise UnknownMessage(
                    f"There is no message {message_id!r} in conversation {conversation_id!r}."
                )
            if row.replies is None:
                row.replies = [dict(message) for message in messages]
                row.replied_at = self._clock()
            return _turn(row)

    def history(self, conversation_id: str) -> tuple[StoredTurn, ...]:
        """The turns in the order in which they came in; empty if there are none or no such conversation."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == storable(conversation_id))
                .order_by(MessageRow.position)
            )
            return tuple(_turn(row) for row in rows)

    def request_person(self, conversation_id: str) -> None:
        """Note that the shopper asked for a person; the first time counts. Raises UnknownConversation."""
        with self._database.session() as session:
            row = _hold_conversation(session, conversation_id)
            if row.person_requested_at is None:
                row.person_requested_at = self._clock()


def storable(text: str) -> str:
    """The text with what no database stores (NUL, halves of surrogate pairs) as U+FFFD."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def _hold_conversation(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation's row, locked until the transaction ends: one writer a conversation at a time."""
    row = session.get(ConversationRow, storable(conversation_id), with_for_update=True)
    if row is None:
        raise UnknownConversation(f"There is no conversation {conversation_id!r}.")
    return row


def _turn(row: MessageRow, is_new: bool = False) -> StoredTurn:
    return StoredTurn(
        id=row.message_id,
        text=row.text,
        at=row.received_at,
        messages=None if row.replies is None else tuple(row.replies),
        replied_at=row.replied_at,
        position=row.position,
        is_new=is_new,
    )
