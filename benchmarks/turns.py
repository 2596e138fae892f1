"""How many turns a second does the whole chat take, side by side with a bot fresh from ``rasa init`` on the
same machine?

Run ``python -m benchmarks.turns``. Ours is measured from the gateway's public HTTP (tokens, database, Rasa
and all); the other at its own REST
channel, which has none of these. Both get a greeting and a goodbye in turn, alone and from 20 shoppers at
once. Loopback only.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.timing import Durations, hardware
from bot.rasa_model import rasa_program, rasa_variables
from bot.settings import load_settings

SECONDS = 15.0
SHOPPERS = 20
START_SECONDS = 240.0
TEXTS = ("hello", "goodbye")
Turn = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class TurnFigures:
    """Milliseconds of a turn and whole turns a second, for one number of shoppers at once."""

    shoppers: int
    p50: float
    p95: float
    turns_per_second: float


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], cwd: Path, environment: dict[str, str], log: Path) -> Iterator[int]:
    """Runs a program in a process group of its own, gives its pid, and ends the group afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def wait_until_ready(url: str) -> float:
    """Seconds until ``url`` answers 200. Raises TimeoutError after START_SECONDS."""
    started = perf_counter()
    async with aiohttp.ClientSession() as session:
        while perf_counter() - started < START_SECONDS:
            try:
                async with session.get(url, timeout=aiohttp.ClientTimeout(total=3)) as response:
                    if response.status == 200:
                        return perf_counter() - started
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.2)
    raise TimeoutError(f"{url} was not ready after {START_SECONDS:.0f} s")


async def measure_first_answer(address: str) -> float:
    """Seconds from now until a new shopper's greeting is answered, the start of all processes included."""
    started = perf_counter()
    await wait_until_ready(f"{address}/health")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{address}/api/chat/sessions", json={}) as response:
            response.raise_for_status()
            token = (await response.json())["token"]
        await gateway_turn(session, address, token)(TEXTS[0])
    return perf_counter() - started


async def drive(turns: list[Turn], seconds: float) -> TurnFigures:
    """Every shopper sends the next message as soon as the last is answered."""
    durations: list[float] = []
    stop_at = perf_counter() + seconds

    async def shopper(turn: Turn) -> None:
        number = 0
        while perf_counter() < stop_at:
            started = perf_counter()
            await turn(TEXTS[number % len(TEXTS)])
            durations.append(perf_counter() - started)
            number += 1

    started = perf_counter()
    await asyncio.gather(*(shopper(turn) for turn in turns))
    summary = Durations.of(durations)
    return TurnFigures(len(turns), summary.p50, summary.p95, len(durations) / (perf_counter() - started))


def gateway_turn(session: aiohttp.ClientSession, address: str, token: str) -> Turn:
    """One message through the public chat API; raises if it was not answered with text."""

    async def turn(text: str) -> None:
        body = {"id": str(uuid.uuid4()), "text": text}
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(f"{address}/api/chat/messages", json=body, headers=headers) as response:
            response.raise_for_status()
            if not (await response.json())["messages"][0]["text"]:
                raise RuntimeError("an empty reply")

    return turn


def rest_turn(session: aiohttp.ClientSession, address: str) -> Turn:
    """One message at Rasa's own REST channel; raises if it was not answered with text."""
    sender = str(uuid.uuid4())

    async def turn(text: str) -> None:
        body = {"sender": sender, "message": text}
        async with session.post(f"{address}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            if not (await response.json())[0]["text"]:
                raise RuntimeError("an empty reply")

    return turn


async def measure_gateway(address: str) -> list[TurnFigures]:
    """Alone, then with SHOPPERS at once, each in a conversation of its own."""
    figures = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for shoppers in (1, SHOPPERS):
            turns = []
            for _ in range(shoppers):
                async with session.post(f"{address}/api/chat/sessions", json={}) as response:
                    response.raise_for_status()
                    turns.append(gateway_turn(session, address, (await response.json())["token"]))
            await drive(turns, 2.0)
            figures.append(await drive(turns, SECONDS))
    return figures


async def measure_rest(address: str) -> list[TurnFigures]:
    """The same at a REST channel."""
    figures = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for shoppers in (1, SHOPPERS):
            turns = [rest_turn(session, address) for _ in range(shoppers)]
            await drive(turns, 2.0)
            figures.append(await drive(turns, SECONDS))
    return figures


async def measure() -> dict[str, object]:
    """Starts one, measures, stops it, then the other: they never share the two cores."""
    settings = load_settings()
    rasa = str(rasa_program(settings.rasa_environment))
    variables = rasa_variables(settings.data_dir)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = {name: free_port() for name in ("WEB", "RASA", "ACTIONS")}
        ours_environment = {
            **os.environ,
            **{f"STOREKEEP_{name}_PORT": str(port) for name, port in ports.items()},
            "STOREKEEP_DEMO": "true",
            "STOREKEEP_MESSAGE_BURST": "100000",
            "STOREKEEP_SESSION_BURST": "1000",
        }
        address = f"http://127.0.0.1:{ports['WEB']}"
        with running(
            [sys.executable, "-m", "bot.cli", "up"], Path.cwd(), ours_environment, folder / "ours.log"
        ):
            await wait_until_ready(f"{address}/health")
            ours = await measure_gateway(address)
        bot = folder / "bot"
        bot.mkdir()
        subprocess.run(
            [rasa, "init", "--no-prompt", "--init-dir", str(bot)],
            env=variables,
            check=True,
            capture_output=True,
        )
        port = free_port()
        command = [rasa, "run", "--port", str(port), "--interface", "127.0.0.1", "--enable-api"]
        with running(command, bot, variables, folder / "theirs.log"):
            await wait_until_ready(f"http://127.0.0.1:{port}/status")
            theirs = await measure_rest(f"http://127.0.0.1:{port}")
    return {
        "hardware": hardware(),
        "storekeep": [asdict(figure) for figure in ours],
        "rasa_init": [asdict(figure) for figure in theirs],
        "times_the_turns_per_second": ours[-1].turns_per_second / theirs[-1].turns_per_second,
    }


def main() -> dict[str, object]:
    """The figures as one JSON object on stdout."""
    result = asyncio.run(measure())
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
