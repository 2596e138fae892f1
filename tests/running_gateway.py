"""What does the web process need around it in a test? A shop on a file, and what answers as Rasa does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.assembly import Shop, open_shop
from bot.customers import Customer
from bot.recommendations.recommendation import Recommends
from bot.settings import Settings
from bot.web.agent.promotions_api import PromotesProducts
from bot.web.application import make_application
from bot.web.rasa_client import RasaClient

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANNA = Customer("C00017", "anna@example.com", "Anna Berg", "SE", NOON - timedelta(days=300))
CUSTOMER_SECRET = "the shop's own site and Storekeep share this"


class FakeRasa:
    """Answers each message with `echo: <text>`, unless `answer` is set; notes what it heard."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer: Callable[[str], Awaitable[web.Response]] = echo
        self.at_once: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}

    async def webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.heard.append(body)
        sender = body["sender"]
        self.at_once[sender] = self.at_once.get(sender, 0) + 1
        self.most_at_once[sender] = max(self.most_at_once.get(sender, 0), self.at_once[sender])
        try:
            return await self.answer(body["message"])
        finally:
            self.at_once[sender] -= 1

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self.webhook)
        app.router.add_get("/", _hello)
        app.router.add_get("/health", _hello)
        return app


async def _hello(_request: web.Request) -> web.Response:
    return web.Response(text="Hello")


async def echo(text: str) -> web.Response:
    return web.json_response([{"recipient_id": "x", "text": f"echo: {text}"}])


def always(response: Callable[[], web.Response]) -> Callable[[str], Awaitable[web.Response]]:
    async def answer(_text: str) -> web.Response:
        return response()

    return answer


def after(seconds: float) -> Callable[[str], Awaitable[web.Response]]:
    async def answer(text: str) -> web.Response:
        await asyncio.sleep(seconds)
        return await echo(text)

    return answer


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


class Gateway:
    """The running web process, and what a browser does with it."""

    def __init__(self, client: TestClient[Any, Any], shop: Shop, rasa: FakeRasa, clock: Clock) -> None:
        self.client = client
        self.shop = shop
        self.rasa = rasa
        self.clock = clock

    async def session(self, **body: Any) -> str:
        response = await self.client.post("/api/chat/sessions", json=body)
        assert response.status == 201
        return str((await response.json())["token"])

    async def send(self, token: str, text: Any, **fields: Any) -> tuple[int, Any]:
        body = {"id": str(uuid4()), "text": text} | fields
        return await self.post("/api/chat/messages", token, json=body)

    async def post(self, path: str, token: str | None = None, **request: Any) -> tuple[int, Any]:
        headers = bearer(token) | request.pop("headers", {})
        async with self.client.post(path, headers=headers, **request) as response:
            return response.status, await response.json()

    async def history(self, token: str) -> list[dict[str, Any]]:
        async with self.client.get("/api/chat/messages", headers=bearer(token)) as response:
            assert response.status == 200
            turns: list[dict[str, Any]] = (await response.json())["turns"]
            return turns

    @asynccontextmanager
    async def tab(self, token: str) -> AsyncIterator[ClientWebSocketResponse]:
        """An open socket after hello and ready."""
        async with self.client.ws_connect("/api/chat/socket") as tab:
            await tab.send_json({"type": "hello", "token": token})
            assert await tab.receive_json(timeout=5) == {"type": "ready"}
            yield tab


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def running_gateway(
    directory: Path,
    rasa: FakeRasa | None = None,
    load_recommender: Callable[[], Recommends] | None = None,
    desk: PromotesProducts | None = None,
    **settings: Any,
) -> AsyncIterator[Gateway]:
    """The web process over a shop in `directory` with one customer, Anna; `settings` are changes."""
    rasa = rasa or FakeRasa()
    async with TestServer(rasa.application()) as rasa_server:
        port = rasa_server.port
        usual: dict[str, Any] = {
            "data_dir": directory,
            "customer_token_secret": CUSTOMER_SECRET,
            "rasa_port": port,
            "actions_port": port,
        }
        made = Settings(**(usual | settings))
        clock = Clock()
        shop = open_shop(made, clock)
        if shop.customers.customer(ANNA.id) is None:
            shop.customers.add([ANNA])
        client_of_rasa = RasaClient(made.rasa_port, made.reply_timeout_seconds)
        app = make_application(shop, client_of_rasa, made, clock, load_recommender, desk)
        async with TestClient(TestServer(app, shutdown_timeout=1)) as client:
            yield Gateway(client, shop, rasa, clock)
        shop.database.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
