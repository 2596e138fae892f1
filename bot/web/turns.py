"""How does a message become its reply, once and in its order, whatever fails on the way?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.conversations import Conversations, StoredTurn, UnknownConversation, UnknownMessage
from bot.web.apologies import NOTHING_TO_SAY, OUT_OF_ORDER, TOO_SLOW
from bot.web.audience import Audience
from bot.web.bodies import ShopperMessage
from bot.web.errors import RefusedRequest
from bot.web.metrics import Metrics
from bot.web.rasa_client import RasaFailure
from bot.web.replies import Message, reply_messages, said

MOST_WAITING = 20
APOLOGIES = {"late": TOO_SLOW, "empty": NOTHING_TO_SAY}

logger = logging.getLogger(__name__)


class Understanding(Protocol):
    """What answers a message; `RasaClient` in a running shop."""

    async def ask(self, conversation_id: str, text: str, product: str | None) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to a message. `is_repeated` is True if it had been given before this call."""

    messages: tuple[Message, ...]
    is_repeated: bool


@dataclass(slots=True)
class _Lane:
    """The order within one conversation: first stored, first answered."""

    storing: asyncio.Lock = field(default_factory=asyncio.Lock)
    answering: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Flight:
    """A turn that is being worked on."""

    text: str
    task: asyncio.Task[Answered]


class Turns:
    """Takes the messages of all conversations; those of one are answered one after the other.

    Database calls run in `workers`. A turn goes on when the request that brought it is gone; asking with the
    same id again joins it. What happens is told to the conversation's open tabs through `audience`, and each
    answered message to `note_message`, which returns at once.
    """

    def __init__(
        self,
        conversations: Conversations,
        rasa: Understanding,
        audience: Audience,
        metrics: Metrics,
        workers: Executor,
        note_message: Callable[[str, str], None] = lambda conversation_id, message_id: None,
    ) -> None:
        self._conversations = conversations
        self._note_message = note_message
        self._rasa = rasa
        self._audience = audience
        self._metrics = metrics
        self._workers = workers
        self._lanes: dict[str, _Lane] = {}
        self._flights: dict[tuple[str, str], _Flight] = {}
        self._is_stopping = False

    async def take(self, conversation_id: str, message: ShopperMessage) -> Answered:
        """Store and answer a message. The same id again gives the same answer.

        Raises RefusedRequest: 401 if the conversation is gone, 409 for a known id with another text, 429 if
        20 messages wait already, 503 if it could not be stored or the process is stopping.
        """
        flight = self._flights.get((conversation_id, message.id))
        if flight is None:
            flight = self._depart(conversation_id, message)
        elif flight.text != message.text:
            raise _other_text()
        return await asyncio.shield(flight.task)

    async def drain(self, seconds: float) -> None:
        """Take no new messages, wait that long for those in flight, and leave the rest unanswered."""
        self._is_stopping = True
        tasks = [flight.task for flight in self._flights.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _depart(self, conversation_id: str, message: ShopperMessage) -> _Flight:
        if self._is_stopping:
            raise RefusedRequest(503, "stopping", "The shop is restarting. Send it again in a moment.", 2)
        lane = self._lanes.setdefault(conversation_id, _Lane())
        if lane.waiting >= MOST_WAITING:
            raise RefusedRequest(429, "too_many_waiting", "Wait for the replies to your earlier messages.", 2)
        lane.waiting += 1
        key = (conversation_id, message.id)
        task = asyncio.create_task(self._turn(lane, conversation_id, message))
        flight = self._flights[key] = _Flight(message.text, task)
        task.add_done_callback(lambda done: self._land(key, lane, done))
        return flight

    def _land(self, key: tuple[str, str], lane: _Lane, task: asyncio.Task[Answered]) -> None:
        del self._flights[key]
        lane.waiting -= 1
        if lane.waiting == 0:
            del self._lanes[key[0]]
        if not task.cancelled():
            task.exception()

    async def _turn(self, lane: _Lane, conversation_id: str, message: ShopperMessage) -> Answered:
        started = perf_counter()
        # The place in `answering` is taken without a pause after `storing` is left, so the order stays.
        async with lane.storing:
            stored = await self._store(conversation_id, message)
        if stored.text != message.text:
            raise _other_text()
        if stored.messages is not None:
            self._note(conversation_id, message.id, "repeated", started)
            return Answered(tuple(dict(kept) for kept in stored.messages), is_repeated=True)
        self._audience.publish(conversation_id, {"type": "received", "id": message.id})
        async with lane.answering:
            self._audience.publish(conversation_id, {"type": "typing", "id": message.id})
            outcome, said_now = await self._ask(conversation_id, message)
            messages = await self._keep(conversation_id, message.id, said_now)
        self._audience.publish(
            conversation_id, {"type": "reply", "id": message.id, "messages": list(messages)}
        )
        self._note(conversation_id, message.id, outcome, started)
        self._note_message(conversation_id, message.id)
        return Answered(messages, is_repeated=False)

    async def _store(self, conversation_id: str, message: ShopperMessage) -> StoredTurn:
        try:
            return await self._in_thread(
                lambda: self._conversations.receive(conversation_id, message.id, message.text)
            )
        except UnknownConversation:
            raise RefusedRequest(
                401, "unknown_conversation", "This conversation is gone. Start a new session."
            ) from None
        except SQLAlchemyError as error:
            logger.error("message not stored conversation=%s cause=%s", conversation_id, _cause(error))
            raise RefusedRequest(
                503, "not_stored", "Your message could not be stored. Send it again in a moment.", 2
            ) from None

    async def _ask(self, conversation_id: str, message: ShopperMessage) -> tuple[str, list[Message]]:
        """What became of the turn in one word, and the reply: Rasa's, or a sentence of ours in its place."""
        try:
            raw = await self._rasa.ask(conversation_id, message.text, message.product)
            if messages := reply_messages(message.id, raw):
                return "answered", messages
            raise RasaFailure("empty", "Rasa's reply has nothing to show")
        except RasaFailure as failure:
            logger.warning(
                "no reply conversation=%s message=%s outcome=%s cause=%s",
                *(conversation_id, message.id, failure.outcome, failure),
            )
            return failure.outcome, said(message.id, APOLOGIES.get(failure.outcome, OUT_OF_ORDER))
        except Exception:
            logger.exception("no reply conversation=%s message=%s", conversation_id, message.id)
            return "failed", said(message.id, OUT_OF_ORDER)

    async def _keep(
        self, conversation_id: str, message_id: str, messages: list[Message]
    ) -> tuple[Message, ...]:
        """Store the reply and give what is stored; one that cannot be stored still reaches the shopper."""
        try:
            stored = await self._in_thread(
                lambda: self._conversations.reply(conversation_id, message_id, messages)
            )
        except (SQLAlchemyError, UnknownMessage) as error:
            logger.error("reply not stored conversation=%s cause=%s", conversation_id, _cause(error))
            return tuple(messages)
        return tuple(messages) if stored.messages is None else tuple(dict(kept) for kept in stored.messages)

    async def _in_thread(self, work: Callable[[], StoredTurn]) -> StoredTurn:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def _note(self, conversation_id: str, message_id: str, outcome: str, started: float) -> None:
        seconds = perf_counter() - started
        self._metrics.turns.labels(outcome).inc()
        self._metrics.turn_seconds.observe(seconds)
        logger.info(
            "turn conversation=%s message=%s outcome=%s ms=%.0f",
            *(conversation_id, message_id, outcome, seconds * 1000),
        )


def _other_text() -> RefusedRequest:
    return RefusedRequest(409, "other_text", "A message with this id and another text was sent before.")


def _cause(error: Exception) -> str:
    """The database's own words; SQLAlchemy's would repeat the shopper's text."""
    return f"{type(error).__name__}: {getattr(error, 'orig', None)}"
