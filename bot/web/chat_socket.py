"""How does a shopper's browser tab talk with the shop over a WebSocket?

After `hello` come `message` frames; what is sent and when is in docs/design.md. Close codes: 1001 the server
stops, 1008 too much at once, 1009 a frame over 16 kB, 4400 no hello, 4401 the token is not accepted or over,
4408 no hello in time, 4429 too many tabs.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.web.audience import Audience, Tab
from bot.web.bodies import MOST_BYTES, parse_fields, shopper_message
from bot.web.errors import RefusedRequest
from bot.web.metrics import Metrics
from bot.web.rate_limit import RateLimit
from bot.web.tokens import Session, SessionTokens
from bot.web.turns import Turns

HELLO_SECONDS = 5.0
HEARTBEAT_SECONDS = 25.0
MOST_REFUSED_IN_A_ROW = 40
MESSAGE_FRAME = ("type", "id", "text", "product")
CLOSE_BY_STATUS = {401: 4401, 429: 4429}

Clock = Callable[[], datetime]


class ChatSocket:
    """GET /api/chat/socket. `limit` is shared with the messages that come over HTTP."""

    def __init__(
        self,
        turns: Turns,
        audience: Audience,
        tokens: SessionTokens,
        limit: RateLimit,
        metrics: Metrics,
        clock: Clock,
        hello_seconds: float = HELLO_SECONDS,
    ) -> None:
        self._turns = turns
        self._audience = audience
        self._tokens = tokens
        self._limit = limit
        self._metrics = metrics
        self._clock = clock
        self._hello_seconds = hello_seconds
        self._open: set[web.WebSocketResponse] = set()

    async def get(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_BYTES, compress=False)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            with self._metrics.open_sockets.track_inprogress():
                await self._greet(socket)
        except ConnectionError:
            pass
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Close every socket because the process stops; what waits to be sent has half a second."""
        await self._audience.flush(0.5)
        closing = [socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting") for socket in self._open]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        tab = Tab()
        try:
            session = await self._hello(socket)
            self._audience.join(session.conversation_id, tab)
        except _EndOfTalk as end:
            await end.close(socket)
            return
        except RefusedRequest as refusal:
            await _EndOfTalk(CLOSE_BY_STATUS.get(refusal.status, 4400), refusal).close(socket)
            return
        try:
            await self._talk(socket, session, tab)
        finally:
            self._audience.leave(session.conversation_id, tab)

    async def _hello(self, socket: web.WebSocketResponse) -> Session:
        try:
            async with asyncio.timeout(self._hello_seconds):
                frame = await socket.receive()
        except TimeoutError:
            late = RefusedRequest(408, "no_hello", f"Send hello within {self._hello_seconds:g} s.")
            raise _EndOfTalk(4408, late) from None
        if frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
            raise ConnectionResetError
        fields = parse_fields(_text_of(frame), ("type", "token"))
        token = fields.get("token")
        if fields.get("type") != "hello" or not isinstance(token, str):
            raise RefusedRequest(422, "no_hello", 'The first frame must be {"type": "hello", "token": ...}.')
        return self._tokens.read(token)

    async def _talk(self, socket: web.WebSocketResponse, session: Session, tab: Tab) -> None:
        """Read, send, and watch for the session's end, until one of them is over."""
        tab.send({"type": "ready"})
        until = (session.expires_at - self._clock()).total_seconds()
        tasks = [
            asyncio.create_task(work)
            for work in (
                self._read(socket, session, tab),
                _send(socket, tab),
                _expire(until),
                tab.stuck.wait(),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _EndOfTalk as end:
            await end.close(socket)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)

    async def _read(self, socket: web.WebSocketResponse, session: Session, tab: Tab) -> None:
        answers: set[asyncio.Task[None]] = set()
        refused_in_a_row = 0
        async for frame in socket:
            message_id = None
            try:
                fields = parse_fields(_text_of(frame), MESSAGE_FRAME)
                message_id = fields.get("id")
                self._limit.take(session.conversation_id)
                if fields.pop("type", None) != "message":
                    raise RefusedRequest(
                        422, "bad_type", 'After hello, the type of a frame must be "message".'
                    )
                answer = asyncio.create_task(self._answer(session.conversation_id, fields, tab))
                answers.add(answer)
                answer.add_done_callback(answers.discard)
                refused_in_a_row = 0
            except RefusedRequest as refusal:
                _refuse(tab, message_id, refusal)
                refused_in_a_row += 1
                if refused_in_a_row >= MOST_REFUSED_IN_A_ROW:
                    raise _EndOfTalk(WSCloseCode.POLICY_VIOLATION, refusal) from None

    async def _answer(self, conversation_id: str, fields: dict[str, object], tab: Tab) -> None:
        """Take one message. The tab hears of a new one through the audience, as all tabs do."""
        try:
            message = shopper_message(fields)
            answered = await self._turns.take(conversation_id, message)
        except RefusedRequest as refusal:
            _refuse(tab, fields.get("id"), refusal)
            return
        if answered.is_repeated:
            tab.send({"type": "received", "id": message.id})
            tab.send({"type": "reply", "id": message.id, "messages": list(answered.messages)})


class _EndOfTalk(Exception):
    """The socket is closed, with an error frame first."""

    def __init__(self, code: int, refusal: RefusedRequest) -> None:
        super().__init__(refusal.detail)
        self._code = code
        self._refusal = refusal

    async def close(self, socket: web.WebSocketResponse) -> None:
        with suppress(ConnectionError):
            await socket.send_json(_error_frame(self._refusal))
        await socket.close(code=self._code, message=self._refusal.code.encode())


async def _send(socket: web.WebSocketResponse, tab: Tab) -> None:
    while True:
        await socket.send_str(await tab.outbox.get())
        tab.outbox.task_done()


async def _expire(seconds: float) -> None:
    await asyncio.sleep(max(0.0, seconds))
    over = RefusedRequest(401, "token_expired", "The session is over. Start a new session.")
    raise _EndOfTalk(4401, over)


def _refuse(tab: Tab, message_id: object, refusal: RefusedRequest) -> None:
    frame = _error_frame(refusal)
    if isinstance(message_id, str):
        frame["id"] = message_id
    if refusal.retry_after is not None:
        frame["retry_after"] = math.ceil(refusal.retry_after)
    tab.send(frame)


def _error_frame(refusal: RefusedRequest) -> dict[str, object]:
    return {"type": "error", "code": refusal.code, "detail": refusal.detail}


def _text_of(frame: WSMessage) -> str:
    if frame.type is not WSMsgType.TEXT:
        raise RefusedRequest(422, "not_text", "A frame must be text that holds a JSON object.")
    return str(frame.data)
