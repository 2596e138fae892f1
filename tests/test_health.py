"""What does the web process say about itself and the parts around it?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from running_gateway import bearer, free_port, running_gateway

from bot.web.health import Health, http_probe

READY = {"ready": True}


async def test_all_parts_ready_is_200(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        response = await gateway.client.get("/health")
        assert response.status == 200
        parts = {"web": READY, "database": READY, "rasa": READY, "actions": READY}
        assert await response.json() == {"ready": True, "parts": parts}


async def test_a_part_that_is_down_is_named(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, actions_port=free_port()) as gateway:
        response = await gateway.client.get("/health")
        body = await response.json()
        assert response.status == 503
        assert body["ready"] is False
        assert body["parts"]["actions"] == {"ready": False, "detail": "cannot be reached"}
        assert body["parts"]["rasa"] == READY


async def test_a_database_without_tables_is_named(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        with gateway.shop.database.session() as session:
            session.connection().exec_driver_sql("ALTER TABLE conversations RENAME TO elsewhere")
        body = await (await gateway.client.get("/health")).json()
        assert body["parts"]["database"] == {"ready": False, "detail": "cannot be used"}


async def health_of(health: Health) -> tuple[int, Any]:
    app = web.Application()
    app.router.add_get("/health", health.get)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/health")
        return response.status, await response.json()


async def test_a_part_that_hangs_is_not_waited_for() -> None:
    started: list[int] = []

    async def hang() -> bool:
        started.append(1)
        await asyncio.sleep(60)
        return True

    health = Health({"rasa": hang}, budget_seconds=0.05)
    for _ in range(2):
        health._fresh_until = 0.0
        status, body = await health_of(health)
        assert status == 503
        assert body["parts"]["rasa"] == {"ready": False, "detail": "no answer within 0.05 s"}
    assert len(started) == 1
    await health.close()


async def test_a_server_that_is_not_well_is_not_ready() -> None:
    async def unwell(_request: web.Request) -> web.Response:
        return web.Response(status=500)

    app = web.Application()
    app.router.add_get("/", unwell)
    async with TestServer(app) as server:
        status, body = await health_of(Health({"rasa": http_probe(f"http://127.0.0.1:{server.port}/")}))
    assert (status, body["parts"]["rasa"]) == (503, {"ready": False, "detail": "not ready"})


async def test_asking_often_asks_the_parts_once() -> None:
    asked: list[int] = []

    async def probe() -> bool:
        asked.append(1)
        return True

    health = Health({"rasa": probe})
    for _ in range(5):
        await health_of(health)
    assert len(asked) == 1


async def test_the_figures_count_turns_sessions_and_refusals(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        for _ in range(21):
            await gateway.send(token, "hello")
        lines = (await (await gateway.client.get("/metrics")).text()).splitlines()
        for line in (
            'storekeep_turns_total{outcome="answered"} 20.0',
            "storekeep_turn_seconds_count 20.0",
            'storekeep_sessions_total{shopper="visitor"} 1.0',
            "storekeep_open_sockets 0.0",
            'storekeep_rate_limited_total{limit="messages"} 1.0',
        ):
            assert line in lines


async def test_the_figures_are_for_this_machine_or_with_the_key(tmp_path: Path) -> None:
    proxied = {"X-Forwarded-For": "203.0.113.9"}
    async with running_gateway(tmp_path, metrics_key="for monitoring only") as gateway:
        statuses = []
        for headers in (
            {},
            proxied,
            proxied | bearer("wrong"),
            proxied | {"Authorization": "Bearer é"},
            proxied | bearer("for monitoring only"),
        ):
            statuses.append((await gateway.client.get("/metrics", headers=headers)).status)
        assert statuses == [200, 403, 403, 403, 200]
