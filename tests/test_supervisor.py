"""Do the processes stay up together, and does nothing of them stay behind?"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from bot.supervisor import CannotStart, PortBusy, Program, Supervisor, check_port

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
IGNORES_TERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
WITH_CHILD = (
    "import subprocess, sys, time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print('child', child.pid, flush=True); "
)


def python(code: str, name: str = "one") -> Program:
    return Program(name, (sys.executable, "-c", code), dict(os.environ))


class Log:
    """Keeps what was said and lets a test wait for a line."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def say(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for said_by, line in self.lines if said_by == name]

    async def until(self, is_there: Callable[[], bool]) -> None:
        started = monotonic()
        while not is_there():
            assert monotonic() - started < 20, self.lines
            await asyncio.sleep(0.02)


def supervisor(log: Log, *programs: Program) -> Supervisor:
    return Supervisor(programs, log.say, first_wait_seconds=0.05, stop_seconds=2.0)


@asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[Awaitable[None]]:
    """The task of ``run``, stopped and waited for at the end."""
    task = asyncio.create_task(supervisor.run())
    try:
        yield task
    finally:
        supervisor.stop()
        await asyncio.wait([task])


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_every_line_is_passed_on_under_its_name() -> None:
    log = Log()
    code = "import sys; print('a'); print('b', file=sys.stderr, flush=True); sys.stdout.flush(); " + SLEEPS
    async with running(supervisor(log, python(code, "one"), python(SLEEPS, "two"))):
        await log.until(lambda: len(log.lines) == 4)
    assert sorted(log.of("one")) == ["a", "b", "up"]
    assert log.of("two") == ["up"]


async def test_a_line_of_any_length_and_odd_bytes_do_not_stop_the_log() -> None:
    log = Log()
    code = "import sys; sys.stdout.buffer.write(b'x' * 3_000_000 + b'\\n\\xff\\n'); " + SLEEPS
    async with running(supervisor(log, python(code))):
        await log.until(lambda: "up" in log.of("one"))
    assert "\ufffd" in log.of("one")


async def test_a_program_that_ends_is_started_again_with_a_growing_wait() -> None:
    log = Log()
    runner = supervisor(log, python("print('hello'); raise SystemExit(3)"))
    runner.mark_ready()
    async with running(runner):
        await log.until(lambda: len(log.of("one")) == 4)
    assert log.of("one")[:4] == ["hello"] * 4
    assert log.of("up")[0] == "one ended with code 3; starting it again in 0 s"


async def test_a_program_that_never_gets_ready_is_given_up() -> None:
    log = Log()
    runner = supervisor(log, python("raise SystemExit(4)"), python(SLEEPS, "two"))
    with pytest.raises(CannotStart, match=r"^one ended with code 4 3 times before it was ready"):
        await asyncio.wait_for(runner.run(), 20)


async def test_a_program_that_does_not_exist_is_told() -> None:
    runner = supervisor(Log(), Program("rasa", ("/nowhere/rasa",), {}), python(SLEEPS, "two"))
    with pytest.raises(
        CannotStart, match=r"^rasa cannot be started: /nowhere/rasa: No such file or directory$"
    ):
        await asyncio.wait_for(runner.run(), 20)


async def test_stopping_ends_the_whole_group() -> None:
    log = Log()
    async with running(supervisor(log, python(WITH_CHILD + SLEEPS))):
        await log.until(lambda: "up" in log.of("one"))
        child = int(log.of("one")[0].split()[1])
        assert lives(child)
    assert not lives(child)


async def test_who_does_not_listen_is_killed() -> None:
    log = Log()
    runner = Supervisor([python(IGNORES_TERM)], log.say, stop_seconds=0.2)
    started = monotonic()
    async with running(runner):
        await log.until(lambda: "up" in log.of("one"))
        started = monotonic()
    assert 0.2 <= monotonic() - started < 5


async def test_what_a_crashed_program_leaves_behind_is_ended_before_the_next_start() -> None:
    log = Log()
    runner = supervisor(log, python(WITH_CHILD + "raise SystemExit(1)"))
    runner.mark_ready()
    async with running(runner):
        await log.until(lambda: len(log.of("one")) >= 2)
        first_child = int(log.of("one")[0].split()[1])
        assert not lives(first_child)


async def test_stop_during_the_wait_before_a_restart_returns_at_once() -> None:
    log = Log()
    runner = Supervisor([python("raise SystemExit(1)")], log.say, first_wait_seconds=30.0)
    async with running(runner):
        await log.until(lambda: log.of("up") != [])
        started = monotonic()
    assert monotonic() - started < 5


async def test_a_stop_that_comes_before_the_start_starts_nothing() -> None:
    log = Log()
    runner = supervisor(log, python("print('started')"))
    runner.stop()
    await asyncio.wait_for(runner.run(), 5)
    assert log.lines == []


async def test_a_cancelled_run_leaves_nothing_behind() -> None:
    log = Log()
    task = asyncio.create_task(supervisor(log, python(WITH_CHILD + SLEEPS)).run())
    await log.until(lambda: "up" in log.of("one"))
    child = int(log.of("one")[0].split()[1])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not lives(child)


def test_a_taken_port_is_told_with_the_setting_to_change() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            PortBusy, match=rf"port {port} on 127\.0\.0\.1 cannot be used .* or set STOREKEEP_X$"
        ):
            check_port("127.0.0.1", port, "STOREKEEP_X")
    check_port("127.0.0.1", port, "STOREKEEP_X")
