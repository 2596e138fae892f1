"""Are many requests written together, and does each hear only when it is stored?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import OperationalError

from bot.shoppers.event_calls import Call
from bot.shoppers.event_intake import Arrival, Outcome
from bot.web.errors import RefusedRequest
from bot.web.event_writer import EventWriter
from bot.web.metrics import Metrics


class FakeIntake:
    """Waits at the gate, then notes the group; `broken` messages make a whole group fail."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.groups: list[list[str]] = []
        self.broken: dict[str, Exception] = {}

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        self.gate.wait(5)
        ids = [call.message_id for arrival in arrivals for _, call in arrival.calls]
        for message_id in ids:
            if message_id in self.broken:
                raise self.broken[message_id]
        self.groups.append(ids)
        return [Outcome(accepted=len(arrival.calls)) for arrival in arrivals]


def request(*message_ids: str) -> Arrival:
    calls = [Call("track", message_id, *[None] * 6) for message_id in message_ids]  # type: ignore[arg-type]
    return Arrival(list(enumerate(calls)), "site")


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


async def test_what_comes_while_a_transaction_runs_goes_together_into_the_next(intake: FakeIntake) -> None:
    writer = EventWriter(intake, Metrics())
    tasks = [asyncio.create_task(writer.write(request("a")))]
    await asyncio.sleep(0.05)
    tasks += [asyncio.create_task(writer.write(request(name, name + "2"))) for name in "bcd"]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in tasks)
    intake.gate.set()
    assert [outcome.accepted for outcome in await asyncio.gather(*tasks)] == [1, 2, 2, 2]
    assert intake.groups == [["a"], ["b", "b2", "c", "c2", "d", "d2"]]
    await writer.close()


async def test_more_than_may_wait_is_refused_for_a_moment(intake: FakeIntake) -> None:
    writer = EventWriter(intake, Metrics(), most_waiting=2)
    waiting = asyncio.create_task(writer.write(request("a", "b")))
    await asyncio.sleep(0.01)
    with pytest.raises(RefusedRequest) as refusal:
        await writer.write(request("c"))
    assert (refusal.value.status, refusal.value.retry_after) == (503, 2.0)
    intake.gate.set()
    await waiting
    assert (await writer.write(request("c"))).accepted == 1
    await writer.close()


async def test_a_request_that_breaks_the_transaction_breaks_no_others(intake: FakeIntake) -> None:
    intake.broken["bad"] = ValueError("who knows")
    writer = EventWriter(intake, Metrics())
    tasks = [asyncio.create_task(writer.write(request(name))) for name in ("first", "good", "bad", "well")]
    intake.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [getattr(result, "status", None) for result in results] == [None, None, 503, None]
    await writer.close()


async def test_a_database_that_is_away_is_tried_once_a_group(intake: FakeIntake) -> None:
    intake.broken["a"] = OperationalError("secret words", None, Exception("gone"))
    writer = EventWriter(intake, Metrics())
    intake.gate.set()
    with pytest.raises(RefusedRequest, match="could not be stored"):
        await writer.write(request("a"))
    intake.broken.clear()
    assert (await writer.write(request("a"))).accepted == 1
    await writer.close()


async def test_closing_writes_what_waits(intake: FakeIntake) -> None:
    writer = EventWriter(intake, Metrics())
    waiting = asyncio.create_task(writer.write(request("a")))
    await asyncio.sleep(0)
    closing = asyncio.create_task(writer.close())
    intake.gate.set()
    await closing
    assert (await waiting).accepted == 1
