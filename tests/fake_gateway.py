"""A chat gateway that speaks the contract of docs/design.md, and fails when a test wants it to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

STATIC = Path(__file__).parent.parent / "bot" / "web" / "static"
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
PAGE = (
    '<!doctype html><html lang="en"><head><title>A shop</title>'
    '<script src="/widget.js" defer data-title="Ask the shop"{customer}></script></head>'
    '<body><h1>A shop</h1><a href="/other">Elsewhere</a></body></html>'
)

Messages = list[dict[str, Any]]


def echo(text: str) -> Messages:
    return [{"text": f"You said: {text}"}]


@dataclass
class FakeGateway:
    """`turns` maps a session token to its turns; `taken` counts how often each text was newly stored.

    `refuse_sockets` answers 503 to the socket, `refuse_all` to every call; `lose_replies` takes that many
    messages and cuts the connection instead of answering; `refusals` are the statuses that the next
    messages get.
    """

    answer: Callable[[str], Messages] = echo
    delay: float = 0.0
    refuse_sockets: bool = False
    refuse_all: bool = False
    lose_replies: int = 0
    refusals: list[int] = field(default_factory=list)
    turns: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    customers: dict[str, str | None] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._maybe_refuse])
        app.router.add_get("/widget.js", self._widget)
        app.router.add_get("/picture.svg", self._picture)
        app.router.add_post("/api/chat/sessions", self._start)
        app.router.add_post("/api/chat/messages", self._post)
        app.router.add_get("/api/chat/messages", self._history)
        app.router.add_get("/api/chat/socket", self._socket)
        app.router.add_get("/{page:.*}", self._page)
        app.on_shutdown.append(self._shut)
        return app

    async def cut(self) -> None:
        """Close every open socket."""
        for socket in self.sockets:
            await socket.close()
        self.sockets.clear()

    async def _shut(self, _app: web.Application) -> None:
        await self.cut()

    @web.middleware
    async def _maybe_refuse(self, request: web.Request, handler: Any) -> web.StreamResponse:
        is_socket = request.path == "/api/chat/socket"
        if request.path.startswith("/api/") and (self.refuse_all or (is_socket and self.refuse_sockets)):
            return web.json_response({"error": {"code": "stopping", "detail": "Not now."}}, status=503)
        response: web.StreamResponse = await handler(request)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        token = request.query.get("customer", "")
        customer = f' data-customer-token="{token}"' if token.isalnum() else ""
        return web.Response(
            text=PAGE.format(customer=customer),
            content_type="text/html",
            headers={"Content-Security-Policy": STRICT},
        )

    async def _widget(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "widget.js")

    async def _picture(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "favicon.svg")

    async def _start(self, request: web.Request) -> web.Response:
        customer = (await request.json()).get("customer_token")
        if customer == "expired":
            return _error(401, "customer_token_expired")
        token = f"session{len(self.turns) + 1}"
        self.turns[token] = []
        self.customers[token] = customer
        return web.json_response({"token": token}, status=201)

    async def _history(self, request: web.Request) -> web.Response:
        turns = self.turns.get(_bearer(request))
        return _error(401, "bad_token") if turns is None else web.json_response({"turns": turns})

    async def _post(self, request: web.Request) -> web.Response:
        token = _bearer(request)
        if token not in self.turns:
            return _error(401, "token_expired")
        if self.refusals:
            return _error(self.refusals.pop(0), "refused")
        return web.json_response({"messages": await self._take(token, await request.json())})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        token = (await socket.receive_json())["token"]
        if token not in self.turns:
            await socket.send_json({"type": "error", "code": "bad_token", "detail": "Start anew."})
            await socket.close(code=4401)
            return socket
        self.sockets.append(socket)
        await socket.send_json({"type": "ready"})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._answer(socket, token, frame.json())
        return socket

    async def _answer(self, socket: web.WebSocketResponse, token: str, message: dict[str, Any]) -> None:
        if self.refusals:
            status = self.refusals.pop(0)
            frame = {
                "type": "error",
                "id": message["id"],
                "code": {409: "other_text"}.get(status, "long_text"),
            }
            await socket.send_json({**frame, "detail": "No."})
            return
        await self._tell({"type": "received", "id": message["id"]}, socket)
        await self._tell({"type": "typing", "id": message["id"]}, socket)
        messages = await self._take(token, message)
        if self.lose_replies > 0:
            self.lose_replies -= 1
            await self.cut()
            return
        await self._tell({"type": "reply", "id": message["id"], "messages": messages}, socket)

    async def _tell(self, frame: dict[str, Any], _asking: web.WebSocketResponse) -> None:
        for socket in self.sockets:
            if not socket.closed:
                await socket.send_json(frame)

    async def _take(self, token: str, message: dict[str, Any]) -> Messages:
        turns = self.turns[token]
        for turn in turns:
            if turn["id"] == message["id"] and turn["messages"] is not None:
                known: Messages = turn["messages"]
                return known
        self.taken.append(message["text"])
        turn = {
            "id": message["id"],
            "text": message["text"],
            "at": "2026-11-01T10:00:00+00:00",
            "messages": None,
        }
        turns.append(turn)
        await asyncio.sleep(self.delay)
        parts = self.answer(message["text"])
        turn["messages"] = [{"id": f"{message['id']}-{place}", **part} for place, part in enumerate(parts)]
        return list(turn["messages"])


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "detail": "Refused by the test."}}, status=status)
