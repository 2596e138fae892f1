"""When does the web process begin and end?"""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import pytest
from aiohttp import ClientSession, web
from running_gateway import free_port

from bot.web.serving import PortTaken, serve


async def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as error:
            await serve(web.Application(), "127.0.0.1", port)
    assert str(error.value) == (
        f"Port {port} on 127.0.0.1 is taken: stop the program that has it, or set STOREKEEP_WEB_PORT."
    )


async def test_an_address_of_another_machine_is_one_sentence() -> None:
    with pytest.raises(PortTaken, match=r"^Nothing can listen at 203\.0\.113\.5:"):
        await serve(web.Application(), "203.0.113.5", free_port())


async def test_a_request_in_flight_is_answered_after_the_signal_to_stop() -> None:
    arrived = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        arrived.set()
        await asyncio.sleep(0.2)
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", slow)
    port = free_port()
    serving = asyncio.create_task(serve(app, "127.0.0.1", port))
    await asyncio.sleep(0.1)

    async def ask() -> str:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/") as response:
            return await response.text()

    asking = asyncio.create_task(ask())
    await arrived.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asking == "done"
    await serving
