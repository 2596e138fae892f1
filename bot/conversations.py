"""What has been said in a conversation, and whose conversation is it?"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ConversationRow, CustomerRow, MessageRow

Clock = Callable[[], datetime]

# Built once: building a statement costs more than running it.
HOLD = select(ConversationRow.id).where(ConversationRow.id == bindparam("conversation")).with_for_update()
_IS_IT = (MessageRow.conversation_id == bindparam("conversation")) & (
    MessageRow.message_id == bindparam("message")
)
ONE = select(
    MessageRow.message_id,
    MessageRow.text,
    MessageRow.received_at,
    MessageRow.replies,
    MessageRow.replied_at,
    MessageRow.position,
).where(_IS_IT)
LAST = select(func.max(MessageRow.position)).where(MessageRow.conversation_id == bindparam("conversation"))
MESSAGES = cast(Table, MessageRow.__table__)
STORE = insert(MESSAGES)
ANSWER = (
    update(MESSAGES)
    .where(_IS_IT, MessageRow.replies.is_(None))
    .values(replies=bindparam("answer"), replied_at=bindparam("now"))
)


class UnknownConversation(Exception):
    """There is no conversation with this id."""


class UnknownMessage(Exception):
    """There is no message with this id in the conversation."""


@dataclass(frozen=True)
class Conversation:
    """`id` is a UUID made here; `customer_id` is None for a visitor who is not signed in.

    `anonymous_id` is the random id of a browser whose user agreed to profiling, None without that.
    """

    id: str
    customer_id: str | None
    person_requested_at: datetime | None = None
    anonymous_id: str | None = None


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

    def start(self, customer_id: str | None, anonymous_id: str | None = None) -> Conversation:
        """A new conversation. Raises UnknownCustomer if there is no customer with that id."""
        conversation = Conversation(str(uuid.uuid4()), customer_id, anonymous_id=anonymous_id)
        with self._database.session() as session:
            if customer_id is not None and session.get(CustomerRow, customer_id) is None:
                raise UnknownCustomer(f"There is no customer {customer_id!r}.")
            session.add(
                ConversationRow(
                    id=conversation.id,
                    customer_id=customer_id,
                    started_at=self._clock(),
                    anonymous_id=anonymous_id,
                )
            )
        return conversation

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id, or None."""
        with self._database.reading() as session:
            row = session.get(ConversationRow, storable(conversation_id))
            if row is None:
                return None
            return Conversation(row.id, row.customer_id, row.person_requested_at, row.anonymous_id)

    def receive(self, conversation_id: str, message_id: str, text: str) -> StoredTurn:
        """Store a message once. The same id again, even at the same moment, gives the turn stored first,
        with its text.

        Raises UnknownConversation.
        """
        with self._database.session() as session:
            names = {"conversation": storable(conversation_id), "message": message_id}
            if session.execute(HOLD, names).first() is None:
                raise UnknownConversation(f"There is no conversation {conversation_id!r}.")
            earlier = session.execute(ONE, names).first()
            if earlier is not None:
                return _turn(earlier)
            last = session.execute(LAST, names).scalar()
            turn = StoredTurn(
                id=message_id,
                text=storable(text),
                at=self._clock(),
                messages=None,
                replied_at=None,
                position=1 if last is None else last + 1,
                is_new=True,
            )
            session.execute(
                STORE,
                {
                    "conversation_id": conversation_id,
                    "message_id": message_id,
                    "position": turn.position,
                    "text": turn.text,
                    "received_at": turn.at,
                },
            )
            return turn

    def reply(
        self, conversation_id: str, message_id: str, messages: Sequence[Mapping[str, Any]]
    ) -> StoredTurn:
        """Store what was answered to a message. Only the first answer is kept, and the turn as kept is
        returned.

        Raises UnknownMessage.
        """
        names = {"conversation": conversation_id, "message": message_id}
        with self._database.session() as session:
            session.execute(
                ANSWER, {**names, "answer": [dict(message) for message in messages], "now": self._clock()}
            )
            kept = session.execute(ONE, names).first()
            if kept is None:
                raise UnknownMessage(
                    f"There is no message {message_id!r} in conversation {conversation_id!r}."
                )
            return _turn(kept)

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


def _turn(row: MessageRow | Row[Any]) -> StoredTurn:
    return StoredTurn(
        id=row.message_id,
        text=row.text,
        at=row.received_at,
        messages=None if row.replies is None else tuple(row.replies),
        replied_at=row.replied_at,
        position=row.position,
    )
