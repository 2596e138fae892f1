"""Is each part ready to serve a shopper?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from time import monotonic

from aiohttp import ClientError, ClientSession, web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.database.connection import Database

BUDGET_SECONDS = 0.8
FRESH_SECONDS = 1.0

Probe = Callable[[], Awaitable[bool]]


class Health:
    """GET /health: 200 if every part is ready, else 503. `probes` tells for each part's name whether it is.

    A probe that hangs counts as not ready after 0.8 s and is not started a second time while it hangs; what
    was found is told again for a second, so that asking often costs nothing.
    """

    def __init__(self, probes: Mapping[str, Probe], budget_seconds: float = BUDGET_SECONDS) -> None:
        self._probes = probes
        self._budget_seconds = budget_seconds
        self._running: dict[str, asyncio.Task[str | None]] = {}
        self._found: dict[str, str | None] = {}
        self._fresh_until = 0.0

    async def get(self, request: web.Request) -> web.Response:
        if monotonic() >= self._fresh_until:
            self._found = await self._look()
            self._fresh_until = monotonic() + FRESH_SECONDS
        is_ready = all(trouble is None for trouble in self._found.values())
        parts = {"web": {"ready": True}, **{name: _part(trouble) for name, trouble in self._found.items()}}
        return web.json_response(
            {"ready": is_ready, "parts": parts},
            status=200 if is_ready else 503,
            headers={"Cache-Control": "no-store"},
        )

    async def close(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> dict[str, str | None]:
        for name, probe in self._probes.items():
            if name not in self._running:
                self._running[name] = asyncio.create_task(_trouble(probe))
        tasks = dict(self._running)
        await asyncio.wait(tasks.values(), timeout=self._budget_seconds)
        found = {}
        for name, task in tasks.items():
            found[name] = task.result() if task.done() else f"no answer within {self._budget_seconds:g} s"
            if task.done():
                self._running.pop(name, None)
        return found


async def _trouble(probe: Probe) -> str | None:
    """None if the part is ready, else what is wrong, in words that give nothing away."""
    try:
        return None if await probe() else "not ready"
    except (ClientError, OSError):
        return "cannot be reached"
    except SQLAlchemyError:
        return "cannot be used"


def _part(trouble: str | None) -> dict[str, object]:
    return {"ready": True} if trouble is None else {"ready": False, "detail": trouble}


def database_probe(database: Database, worker: Executor) -> Probe:
    def read() -> bool:
        with database.reading() as session:
            return bool(session.scalar(text("SELECT count(*) FROM conversations WHERE id = ''")) == 0)

    async def probe() -> bool:
        return await asyncio.get_running_loop().run_in_executor(worker, read)

    return probe


def http_probe(address: str) -> Probe:
    """Ready means status 200 at the address."""

    async def probe() -> bool:
        async with ClientSession() as http, http.get(address) as response:
            return response.status == 200

    return probe
