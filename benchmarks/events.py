"""How many events a second does the shop take, how soon is each safe on the disk, and does a kill lose one?

Run ``python -m benchmarks.events``: about two minutes, on loopback, with a web process of its own on SQLite.
Latency counts from the moment at which a request was due, so a server that stalls is not spared the requests
that it kept from being sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter

import aiohttp
import numpy as np

from benchmarks.timing import hardware
from benchmarks.turns import free_port, running, wait_until_ready

KEY = "benchmark-write-key"
EVENTS_A_SECOND = 1000
BATCH = 20
STEADY_SECONDS, FAST_SECONDS, KILL_SECONDS = 30.0, 10.0, 6.0
SENDERS_AT_ONCE = 16
MOST_OPEN = 200


@dataclass(frozen=True)
class EventFigures:
    """One run. Milliseconds from when a request was due to its acknowledgement; events acknowledged a second;
    the server's own processor time for one of them, which other programs on the machine do not change.
    """

    calls_a_request: int
    seconds: float
    acknowledged: int
    refused: int
    events_a_second: float
    p50: float
    p95: float
    p99: float
    processor_ms_an_event: float = 0.0


@dataclass(frozen=True)
class KillFigures:
    """A kill in the middle of a run: what had been acknowledged and was not there after the restart, and
    what was there twice once all was sent again.
    """

    sent: int
    acknowledged_before_the_kill: int
    stored_after_the_restart: int
    lost: int
    doubled: int
    stored_after_sending_again: int


@dataclass
class Sender:
    """A page that sends; `acknowledged` are the message ids that the shop said it has."""

    session: aiohttp.ClientSession
    address: str
    name: str
    acknowledged: set[str] = field(default_factory=set)
    sent: dict[str, list[str]] = field(default_factory=dict)
    durations: list[float] = field(default_factory=list)
    refused: int = 0

    def request(self, number: int, calls: int) -> tuple[bytes, list[str]]:
        ids = [f"{self.name}-{number}-{place}" for place in range(calls)]
        browser = f"{self.name}-browser-{number % 500}"
        batch = [
            {
                "type": "track",
                "messageId": message_id,
                "anonymousId": browser,
                "event": "Product Viewed",
                "properties": {"product_id": f"SKU-{number % 130}", "price": 12.9, "category": "Running"},
            }
            for message_id in ids
        ]
        context = {"consent": {"categoryPreferences": {"profiling": True}}}
        body = {"batch": batch, "context": context} if calls > 1 else {**batch[0], "context": context}
        return json.dumps(body).encode(), ids

    async def send(self, number: int, calls: int, due: float) -> None:
        body, ids = self.request(number, calls)
        self.sent[str(number)] = ids
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        try:
            async with self.session.post(f"{self.address}/api/events", data=body, headers=headers) as answer:
                await answer.read()
                if answer.status != 202:
                    self.refused += calls
                    return
        except (aiohttp.ClientError, OSError):
            self.refused += calls
            return
        self.durations.append(perf_counter() - due)
        self.acknowledged.update(ids)

    def figures(self, calls: int, seconds: float) -> EventFigures:
        p50, p95, p99 = (float(np.percentile(1000 * np.asarray(self.durations), p)) for p in (50, 95, 99))
        count = len(self.acknowledged)
        return EventFigures(calls, seconds, count, self.refused, count / seconds, p50, p95, p99)


async def steady(sender: Sender, calls: int, seconds: float) -> EventFigures:
    """EVENTS_A_SECOND for so many seconds, in requests of `calls`, whether or not the last is answered."""
    gap = calls / EVENTS_A_SECOND
    started = perf_counter()
    tasks: set[asyncio.Task[None]] = set()
    for number in range(int(seconds / gap)):
        due = started + number * gap
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(sender.send(number, calls, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return sender.figures(calls, perf_counter() - started)


async def as_fast_as_possible(sender: Sender, calls: int, seconds: float) -> EventFigures:
    """Each of SENDERS_AT_ONCE sends the next request when its last is answered."""
    started = perf_counter()

    async def send_on(first: int) -> None:
        number = first
        while perf_counter() - started < seconds:
            await sender.send(number, calls, perf_counter())
            number += SENDERS_AT_ONCE

    await asyncio.gather(*(send_on(first) for first in range(SENDERS_AT_ONCE)))
    return sender.figures(calls, perf_counter() - started)


class Server:
    """``storekeep web`` on a data directory of its own, to be started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""

    async def start(self, stack: ExitStack) -> int:
        """Gives the pid once it answers."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STOREKEEP_")},
            "STOREKEEP_DATA_DIR": str(self.folder / "data"),
            "STOREKEEP_WEB_PORT": str(port),
            "STOREKEEP_EVENTS_WRITE_KEY": KEY,
            "STOREKEEP_EVENTS_BURST": "1000000",
            "STOREKEEP_EVENTS_SECONDS_EACH": "0.000001",
        }
        command = [sys.executable, "-m", "bot.cli", "web"]
        pid = stack.enter_context(running(command, Path.cwd(), environment, self.folder / "web.log"))
        await wait_until_ready(f"{self.address}/api/openapi.json")
        return pid

    def stored(self) -> Counter[str]:
        """How often each message id is in the database."""
        with sqlite3.connect(self.folder / "data" / "storekeep.db") as connection:
            return Counter(row[0] for row in connection.execute("SELECT message_id FROM events"))


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used so far. Linux only."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def http() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MOST_OPEN))


async def measure_rates(folder: Path) -> list[EventFigures]:
    server, figures = Server(folder), list[EventFigures]()
    with ExitStack() as stack:
        pid = await server.start(stack)
        for calls in (1, BATCH):
            for name, drive, seconds in (
                ("steady", steady, STEADY_SECONDS),
                ("fast", as_fast_as_possible, FAST_SECONDS),
            ):
                async with http() as session:
                    sender = Sender(session, server.address, f"{name}-{calls}")
                    before = processor_seconds(pid)
                    figure = await drive(sender, calls, seconds)
                    spent = processor_seconds(pid) - before
                    an_event = 1000 * spent / figure.acknowledged
                    figures.append(replace(figure, processor_ms_an_event=an_event))
                stored = server.stored()
                missing = [message_id for message_id in sender.acknowledged if stored[message_id] != 1]
                if missing:
                    raise RuntimeError(f"{len(missing)} acknowledged events are not stored once")
    return figures


async def measure_kill(folder: Path) -> KillFigures:
    """SIGKILL in the middle of the sending; what was acknowledged by then has to be there afterwards."""
    server = Server(folder)
    with ExitStack() as stack:
        pid = await server.start(stack)
        async with http() as session:
            single, batches = Sender(session, server.address, "one"), Sender(session, server.address, "many")
            work = asyncio.gather(steady_quietly(single, 1), steady_quietly(batches, BATCH))
            await asyncio.sleep(KILL_SECONDS / 2)
            os.kill(pid, signal.SIGKILL)
            acknowledged = single.acknowledged | batches.acknowledged
            await work
            acknowledged |= single.acknowledged | batches.acknowledged
    with ExitStack() as stack:
        await server.start(stack)
        stored = server.stored()
        lost = sum(stored[message_id] == 0 for message_id in acknowledged)
        async with http() as session:
            for before, calls in ((single, 1), (batches, BATCH)):
                again = Sender(session, server.address, before.name)
                for number in sorted(before.sent, key=int):
                    await again.send(int(number), calls, perf_counter())
        after = server.stored()
    return KillFigures(
        sent=sum(len(ids) for sender in (single, batches) for ids in sender.sent.values()),
        acknowledged_before_the_kill=len(acknowledged),
        stored_after_the_restart=len(stored),
        lost=lost,
        doubled=sum(count > 1 for count in after.values()),
        stored_after_sending_again=len(after),
    )


async def steady_quietly(sender: Sender, calls: int) -> None:
    await steady(sender, calls, KILL_SECONDS)


async def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        rates = await measure_rates(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        kill = await measure_kill(Path(folder))
    return {
        "hardware": hardware(),
        "load_average": os.getloadavg()[0],
        "rates": [asdict(figure) for figure in rates],
        "kill": asdict(kill),
    }


def main() -> dict[str, object]:
    """The figures as one JSON object on stdout."""
    result = asyncio.run(measure())
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
