"""What does a browser tab get over its socket?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer
from running_gateway import Clock, FakeRasa, after, always, running_gateway

from bot.web.apologies import OUT_OF_ORDER
from bot.web.audience import MOST_WAITING_FRAMES, Audience, Tab
from bot.web.chat_socket import ChatSocket
from bot.web.metrics import Metrics
from bot.web.rate_limit import RateLimit
from bot.web.replies import reply_id
from bot.web.tokens import SessionTokens

ID = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"


def message(text: Any = "hello", message_id: Any = ID, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "id": message_id, "text": text} | fields


def turn_frames(text: str = "hello", message_id: str = ID) -> list[dict[str, Any]]:
    reply = {"id": reply_id(message_id, 0), "text": f"echo: {text}"}
    return [
        {"type": "received", "id": message_id},
        {"type": "typing", "id": message_id},
        {"type": "reply", "id": message_id, "messages": [reply]},
    ]


async def frames(tab: ClientWebSocketResponse, count: int) -> list[dict[str, Any]]:
    return [await tab.receive_json(timeout=5) for _ in range(count)]


async def test_a_message_is_received_then_thought_about_then_answered(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        await tab.send_json(message(product="LK-1"))
        assert await frames(tab, 3) == turn_frames()
        assert gateway.rasa.heard[0]["metadata"] == {"product": "LK-1"}


async def test_every_tab_of_the_conversation_gets_the_same_frames(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        async with gateway.tab(token) as one, gateway.tab(token) as two:
            await one.send_json(message())
            assert await frames(one, 3) == turn_frames()
            assert await frames(two, 3) == turn_frames()
            await gateway.send(token, "over http", id=(other := str(uuid4())))
            assert await frames(one, 3) == turn_frames("over http", other)


async def test_another_shoppers_tab_gets_nothing(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        await gateway.send(await gateway.session(), "hello")
        await tab.send_json(message("mine"))
        assert await frames(tab, 3) == turn_frames("mine")


async def test_the_same_id_again_gets_the_same_reply_and_is_asked_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        await gateway.send(token, "hello", id=ID)
        async with gateway.tab(token) as tab:
            await tab.send_json(message())
            received, _, reply = turn_frames()
            assert await frames(tab, 2) == [received, reply]
        assert len(gateway.rasa.heard) == 1


async def test_the_same_id_over_socket_and_http_at_once_is_asked_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.2)
        token = await gateway.session()
        async with gateway.tab(token) as tab:
            await tab.send_json(message())
            status, body = await gateway.send(token, "hello", id=ID)
            assert (status, body["messages"]) == (200, turn_frames()[2]["messages"])
            assert await frames(tab, 3) == turn_frames()
        assert len(gateway.rasa.heard) == 1


async def test_a_tab_that_comes_back_during_a_turn_gets_its_reply(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.3)
        token = await gateway.session()
        async with gateway.tab(token) as tab:
            await tab.send_json(message())
            await frames(tab, 2)
        async with gateway.tab(token) as tab:
            await tab.send_json(message())
            assert (await frames(tab, 1))[0] == turn_frames()[2]
        assert len(gateway.rasa.heard) == 1


async def test_messages_of_one_conversation_are_answered_in_their_order(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        gateway.rasa.answer = after(0.02)
        ids = [str(uuid4()) for _ in range(6)]
        for message_id in ids:
            await tab.send_json(message(message_id, message_id))
        seen = await frames(tab, 18)
        assert [frame["id"] for frame in seen if frame["type"] == "reply"] == ids
        assert [heard["message"] for heard in gateway.rasa.heard] == ids


async def test_a_failing_assistant_still_says_a_sentence(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        gateway.rasa.answer = always(lambda: web.Response(status=500))
        await tab.send_json(message())
        assert (await frames(tab, 3))[2]["messages"] == [{"id": reply_id(ID, 0), "text": OUT_OF_ORDER}]


@pytest.mark.parametrize(
    ("frame", "code", "has_id"),
    [
        (message(""), "empty_text", True),
        (message("x" * 2001), "long_text", True),
        (message(5), "bad_text", True),
        (message(message_id="5"), "bad_id", True),
        (message(message_id=5), "bad_id", False),
        (message(sender="someone"), "unknown_field", False),
        (message() | {"type": "hello"}, "bad_type", True),
        (["hello"], "not_an_object", False),
    ],
)
async def test_a_frame_outside_of_what_is_allowed_is_refused_and_the_talk_goes_on(
    tmp_path: Path, frame: Any, code: str, has_id: bool
) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        await tab.send_json(frame)
        [error] = await frames(tab, 1)
        assert (error["type"], error["code"], "id" in error) == ("error", code, has_id)
        await tab.send_json(message())
        assert await frames(tab, 3) == turn_frames()


async def test_broken_and_binary_frames_are_refused_and_the_talk_goes_on(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        await tab.send_str("{")
        await tab.send_bytes(b"{}")
        assert [error["code"] for error in await frames(tab, 2)] == ["broken_json", "not_text"]


async def test_the_21st_message_at_once_is_refused_with_its_id_and_the_seconds_to_wait(
    tmp_path: Path,
) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        for _ in range(20):
            await gateway.send(token, "hello")
        async with gateway.tab(token) as tab:
            await tab.send_json(message())
            assert await frames(tab, 1) == [
                {
                    "type": "error",
                    "id": ID,
                    "code": "rate_limited",
                    "detail": "Too many at once. Try again in 1 s.",
                    "retry_after": 1,
                }
            ]


async def closing(tab: ClientWebSocketResponse) -> tuple[int | None, str | None]:
    """The close code, and the code of the error frame before it."""
    code = None
    async with asyncio.timeout(5):
        async for frame in tab:
            assert frame.type is WSMsgType.TEXT
            code = frame.json().get("code", code)
    return tab.close_code, code


async def test_a_tab_that_floods_is_closed(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        for _ in range(40):
            await tab.send_str("{")
        assert await closing(tab) == (1008, "broken_json")


async def test_a_frame_over_16_kb_closes_the_socket(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.tab(await gateway.session()) as tab:
        await tab.send_json(message("x" * 20_000))
        assert await closing(tab) == (1009, None)


@pytest.mark.parametrize(
    ("hello", "close_code", "code"),
    [
        ({"type": "hello", "token": "forged"}, 4401, "bad_token"),
        ({"type": "hello"}, 4400, "no_hello"),
        ({"type": "hello", "token": 5}, 4400, "no_hello"),
        (message(), 4400, "unknown_field"),
        ([], 4400, "not_an_object"),
    ],
)
async def test_without_a_right_hello_the_socket_is_closed(
    tmp_path: Path, hello: Any, close_code: int, code: str
) -> None:
    async with running_gateway(tmp_path) as gateway, gateway.client.ws_connect("/api/chat/socket") as tab:
        await tab.send_json(hello)
        assert await closing(tab) == (close_code, code)


async def test_a_conversation_may_be_open_in_ten_tabs(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        tabs = [await gateway.client.ws_connect("/api/chat/socket") for _ in range(11)]
        for tab in tabs:
            await tab.send_json({"type": "hello", "token": token})
            await asyncio.sleep(0.01)
        assert [(await tab.receive_json())["type"] for tab in tabs[:10]] == ["ready"] * 10
        assert await closing(tabs[10]) == (4429, "too_many_tabs")
        for tab in tabs:
            await tab.close()


@pytest.mark.parametrize(
    ("origin", "is_open"), [("https://evil.example", False), ("https://shop.example", True)]
)
async def test_a_page_of_another_site_gets_no_socket(tmp_path: Path, origin: str, is_open: bool) -> None:
    async with running_gateway(tmp_path, widget_origins=["https://shop.example"]) as gateway:
        try:
            socket = await gateway.client.ws_connect("/api/chat/socket", origin=origin)
            await socket.close()
            status = 101
        except WSServerHandshakeError as error:
            status = error.status
        assert status == (101 if is_open else 403)


async def test_the_process_says_that_it_stops_after_the_last_reply(tmp_path: Path) -> None:
    rasa = FakeRasa()
    rasa.answer = after(0.2)
    async with running_gateway(tmp_path, rasa) as gateway, gateway.tab(await gateway.session()) as tab:
        await tab.send_json(message())
        assert await frames(tab, 2) == turn_frames()[:2]
        stopping = asyncio.create_task(gateway.client.server.close())
        assert await frames(tab, 1) == turn_frames()[2:]
        assert await closing(tab) == (1001, None)
        await stopping


class Unasked:
    """Stands where the turns stand, in tests that send no message."""


@asynccontextmanager
async def bare_socket(
    clock: Clock, hello_seconds: float = 5.0
) -> AsyncIterator[tuple[Any, SessionTokens, Metrics]]:
    tokens = SessionTokens("k" * 32, timedelta(seconds=10), clock)
    metrics = Metrics()
    turns: Any = Unasked()
    chat = ChatSocket(turns, Audience(), tokens, RateLimit(20, 1, lambda: 0.0), metrics, clock, hello_seconds)
    app = web.Application()
    app.router.add_get("/api/chat/socket", chat.get)
    async with TestClient(TestServer(app)) as client:
        yield client, tokens, metrics


async def test_a_tab_that_says_nothing_is_closed() -> None:
    async with (
        bare_socket(Clock(), hello_seconds=0.05) as (client, _, _),
        client.ws_connect("/api/chat/socket") as tab,
    ):
        assert await closing(tab) == (4408, "no_hello")


async def test_a_socket_is_closed_when_its_session_is_over() -> None:
    clock = Clock()
    async with bare_socket(clock) as (client, tokens, _):
        token = tokens.issue("abc")
        clock.time += timedelta(seconds=9.8)
        async with client.ws_connect("/api/chat/socket") as tab:
            await tab.send_json({"type": "hello", "token": token})
            assert await frames(tab, 1) == [{"type": "ready"}]
            assert await closing(tab) == (4401, "token_expired")


async def test_open_sockets_are_counted_until_they_are_closed() -> None:
    async with bare_socket(Clock()) as (client, _, metrics):
        async with client.ws_connect("/api/chat/socket"):
            assert metrics.registry.get_sample_value("storekeep_open_sockets") == 1
        await asyncio.sleep(0.05)
        assert metrics.registry.get_sample_value("storekeep_open_sockets") == 0


async def test_a_tab_that_reads_nothing_is_given_up() -> None:
    tab = Tab()
    for number in range(MOST_WAITING_FRAMES):
        tab.send({"n": number})
    assert not tab.stuck.is_set()
    tab.send({"n": MOST_WAITING_FRAMES})
    assert tab.stuck.is_set()
