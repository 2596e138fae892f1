"""How do the processes stay up together? Starts them, prefixes their output, restarts with back-off, stops
them cleanly."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

_LONGEST_WAIT_SECONDS = 30.0
_STABLE_SECONDS = 60.0
_LAST_LINES_SECONDS = 1.0
# The exit code is looked at, not waited for: waiting also waits for a pipe that a grandchild may hold open.
_LOOK_SECONDS = 0.1
_LINE_LIMIT = 1 << 20


class PortBusy(RuntimeError):
    """Another program listens where one of ours should."""


class CannotStart(RuntimeError):
    """A process ended again and again before the whole was ready."""


@dataclass(frozen=True)
class Program:
    """One process: its name in the log, its command line, its environment.

    Lines that match ``noise`` are left out of the log.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    noise: re.Pattern[str] | None = None


def check_port(host: str, port: int, setting: str) -> None:
    """Raises PortBusy, naming the setting that moves us elsewhere."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortBusy(
                f"port {port} on {host} cannot be used ({error.strerror}): "
                f"stop the program that has it, or set {setting}"
            ) from error


class Supervisor:
    """Runs programs until ``stop`` is called, or until one cannot be started."""

    def __init__(
        self,
        programs: Sequence[Program],
        say: Callable[[str, str], None],
        tries_before_ready: int = 3,
        first_wait_seconds: float = 1.0,
        stop_seconds: float = 10.0,
    ) -> None:
        """``say(name, line)`` gets every line of output; ``tries_before_ready`` starts are made at most.

        A program that ended is started again after ``first_wait_seconds``, doubled each time up to 30; one
        that does not end ``stop_seconds`` after it was asked to is killed.
        """
        self._programs = programs
        self._say = say
        self._tries = tries_before_ready
        self._first_wait_seconds = first_wait_seconds
        self._stop_seconds = stop_seconds
        self._stopping = asyncio.Event()
        self._failed: str | None = None
        self._is_ready = False

    def stop(self) -> None:
        """Asks everything to end; ``run`` returns when it has."""
        self._stopping.set()

    def mark_ready(self) -> None:
        """From now on a program that ends is restarted without limit."""
        self._is_ready = True

    async def run(self) -> None:
        """Returns after ``stop``.

        Raises CannotStart if a program ended ``tries_before_ready`` times before all was ready, or cannot be
        run at all.
        """
        async with asyncio.TaskGroup() as keepers:
            for program in self._programs:
                keepers.create_task(self._keep(program))
        if self._failed is not None:
            raise CannotStart(self._failed)

    async def _keep(self, program: Program) -> None:
        wait, tries = self._first_wait_seconds, 0
        while not self._stopping.is_set():
            started = monotonic()
            try:
                code = await self._run_once(program)
            except OSError as error:
                return self._give_up(
                    f"{program.name} cannot be started: {program.command[0]}: {error.strerror}"
                )
            if self._stopping.is_set():
                return None
            tries += 1
            if not self._is_ready and tries >= self._tries:
                return self._give_up(
                    f"{program.name} ended with code {code} {tries} times before it was ready; "
                    "see its lines above"
                )
            wait = self._first_wait_seconds if monotonic() - started > _STABLE_SECONDS else wait
            self._say("up", f"{program.name} ended with code {code}; starting it again in {wait:.0f} s")
            await self._stopped_within(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
        return None

    def _give_up(self, reason: str) -> None:
        """The first reason is the one that is told: others may only follow from it."""
        if self._failed is None and not self._stopping.is_set():
            self._failed = reason
        self._stopping.set()

    async def _stopped_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _run_once(self, program: Program) -> int | None:
        """Until the program ends or everything is to stop; nothing of its process group is left then.

        The exit code, None if the program was stopped by us. Raises OSError if it cannot be started.
        """
        process = await asyncio.create_subprocess_exec(
            *program.command,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LINE_LIMIT,
            start_new_session=True,
        )
        output = asyncio.create_task(self._pass_on(program, process.stdout))
        try:
            while process.returncode is None and not self._stopping.is_set():
                await self._stopped_within(_LOOK_SECONDS)
            return process.returncode
        finally:
            await self._end(process)
            await asyncio.wait([output], timeout=_LAST_LINES_SECONDS)
            output.cancel()

    async def _pass_on(self, program: Program, output: asyncio.StreamReader | None) -> None:
        while output is not None:
            try:
                line = await output.readline()
            except ValueError:
                self._say(program.name, f"(a line over {_LINE_LIMIT} characters was left out)")
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            if program.noise is None or program.noise.search(text) is None:
                self._say(program.name, text)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Asks the process to end and waits; then kills what is left of its group, so no port stays taken."""
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            asked = monotonic()
            while process.returncode is None and monotonic() - asked < self._stop_seconds:
                await asyncio.sleep(_LOOK_SECONDS)
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
