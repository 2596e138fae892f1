"""How do many requests with events become few transactions, each answered only when it is on the disk?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Protocol

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.shoppers.event_intake import Arrival, Outcome
from bot.web.errors import RefusedRequest
from bot.web.metrics import Metrics

MOST_WAITING_CALLS = 20_000
MOST_CALLS_AT_ONCE = 5000
RETRY_SECONDS = 2.0

logger = logging.getLogger(__name__)

Waiting = tuple[Arrival, "asyncio.Future[Outcome]"]


class TakesCalls(Protocol):
    """What stores calls: `bot.shoppers.event_intake.EventIntake` in a running shop."""

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]: ...


class EventWriter:
    """Group commit: what arrives while a transaction runs is written together in the next one.

    One thread writes. `most_waiting` calls may wait for it.
    """

    def __init__(self, intake: TakesCalls, metrics: Metrics, most_waiting: int = MOST_WAITING_CALLS) -> None:
        self._intake = intake
        self._metrics = metrics
        self._most_waiting = most_waiting
        self._queue: list[Waiting] = []
        self._waiting_calls = 0
        self._worker = ThreadPoolExecutor(1, "events")
        self._writing: asyncio.Task[None] | None = None

    async def write(self, arrival: Arrival) -> Outcome:
        """Store one request's calls; returns when they are committed. Raises RefusedRequest 503."""
        if self._waiting_calls + len(arrival.calls) > self._most_waiting:
            raise RefusedRequest(
                503, "busy", "Too many events wait. Send them again in a moment.", RETRY_SECONDS
            )
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.append((arrival, future))
        self._waiting_calls += len(arrival.calls)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await future

    async def close(self) -> None:
        """Write what waits, and end."""
        while self._writing is not None:
            await self._writing
        self._worker.shutdown(wait=True)

    async def _write_all(self) -> None:
        try:
            while self._queue:
                await self._write_group(self._next_group())
        finally:
            self._writing = None

    def _next_group(self) -> list[Waiting]:
        """The requests that waited longest, with so many calls together at most, and at least one."""
        calls, size = 0, 0
        for arrival, _ in self._queue:
            if size > 0 and calls + len(arrival.calls) > MOST_CALLS_AT_ONCE:
                break
            calls += len(arrival.calls)
            size += 1
        group, self._queue = self._queue[:size], self._queue[size:]
        return group

    async def _write_group(self, group: list[Waiting]) -> None:
        started = perf_counter()
        loop = asyncio.get_running_loop()
        try:
            arrivals = [arrival for arrival, _ in group]
            outcomes = await loop.run_in_executor(self._worker, self._intake.take, arrivals)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, OperationalError):
                # One request may be to blame; the others shall not suffer for it.
                for waiting in group:
                    await self._write_group([waiting])
                return
            _log(error)
            self._answer(group, [_not_stored()] * len(group))
        else:
            self._answer(group, outcomes)
        self._metrics.event_commit_seconds.observe(perf_counter() - started)

    def _answer(self, group: list[Waiting], outcomes: Sequence[Outcome | RefusedRequest]) -> None:
        for (arrival, future), outcome in zip(group, outcomes, strict=True):
            self._waiting_calls -= len(arrival.calls)
            if future.done():
                continue
            if isinstance(outcome, RefusedRequest):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _not_stored() -> RefusedRequest:
    return RefusedRequest(
        503, "not_stored", "The events could not be stored. Send them again in a moment.", RETRY_SECONDS
    )


def _log(error: Exception) -> None:
    """The database's own words; SQLAlchemy's would repeat what shoppers did."""
    if isinstance(error, SQLAlchemyError):
        logger.error(
            "events not stored cause=%s: %s", type(error).__name__, type(getattr(error, "orig", None))
        )
    else:
        logger.exception("events not stored")
