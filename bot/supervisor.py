"""How do the processes stay up together? Starts them, prefixes their output, restarts with back-off, stops them cleanly."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
_STABLE_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LINE_LIMIT = 1 << 20


class PortBusy(RuntimeError):
    """Another program listens where one of ours should."""


class CannotStart(RuntimeError):
    """A process ended again and again before the whole was ready."""


@dataclass(frozen=True)
class Program:
    """One process: its name in the log, its command line, its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


def check_port(host: str, port: int, setting: str) -> None:
    """Raises PortBusy, naming the setting that moves us elsewhere."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortBusy(
                f"port {port} on {host} cannot be used ({error.strerror}): stop the program that has it, or set {setting}"
            ) from error


class Supervisor:
    """Runs programs until ``stop`` is called, or until one cannot be started."""

    def __init__(self, programs: Sequence[Program], say: Callable[[str, str], None], tries_before_ready: int = 3) -> None:
        """``say(name, line)`` gets every line of output; ``tries_before_ready`` starts are made before giving up."""
        self._programs = programs
        self._say = say
        self._tries = tries_before_ready
        self._stopping = asyncio.Event()
        self._failed: str | None = None
        self._is_ready = False
        self._running: dict[str, asyncio.subprocess.Process] = {}

    def stop(self) -> None:
        """Asks everything to end; ``run`` returns when it has."""
        self._stopping.set()

    def mark_ready(self) -> None:
        """From now on a program that ends is restarted without limit."""
        self._is_ready = True

    async def run(self) -> None:
        """Returns after ``stop``. Raises CannotStart if a program ended ``tries_before_ready`` times before all was ready."""
        keepers = [asyncio.create_task(self._keep(program)) for program in self._programs]
        await self._stopping.wait()
        await asyncio.gather(*(self._end(process) for process in self._running.values()))
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        if self._failed is not None:
            raise CannotStart(self._failed)

    async def _keep(self, program: Program) -> None:
        wait, tries = _FIRST_WAIT_SECONDS, 0
        while not self._stopping.is_set():
            started = monotonic()
            code = await self._run_once(program)
            if self._stopping.is_set():
                return
            tries += 1
            if not self._is_ready and tries >= self._tries:
                self._failed = f"{program.name} ended with code {code} {tries} times before it was ready; see its lines above"
                self._stopping.set()
                return
            wait = _FIRST_WAIT_SECONDS if monotonic() - started > _STABLE_SECONDS else wait
            self._say("up", f"{program.name} ended with code {code}; starting it again in {wait:.0f} s")
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)

    async def _run_once(self, program: Program) -> int:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LINE_LIMIT,
            start_new_session=True,
        )
        self._running[program.name] = process
        await self._pass_on(program.name, process.stdout)
        return await process.wait()

    async def _pass_on(self, name: str, output: asyncio.StreamReader | None) -> None:
        while output is not None:
            try:
                line = await output.readline()
            except ValueError:
                self._say(name, f"(a line over {_LINE_LIMIT} characters was left out)")
                continue
            if not line:
                return
            self._say(name, line.decode("utf-8", "replace").rstrip())

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def say_on_stdout(name: str, line: str) -> None:
    """One log for all: ``name | line``."""
    sys.stdout.write(f"{name:<8}| {line}\n")
    sys.stdout.flush()
