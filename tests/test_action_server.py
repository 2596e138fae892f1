"""Does the webhook run what Rasa asks for, and keep silent towards everybody else?"""

from __future__ import annotations

import asyncio
import io
import json
import logging
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from conversation_fakes import NO_ANSWER, FakeAnswerer
from pydantic import SecretStr
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.loading_answerer import LoadingAnswerer
from actions.loading_model import ModelNotReady
from actions.server import LARGEST_CALL_BYTES, ActionServer

FAILED = {
    "events": [{"event": "followup", "name": "action_listen"}],
    "responses": [{"response": "utter_action_failed"}],
}


class Echo(Action):
    def name(self) -> str:
        return "action_echo"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Any]:
        await asyncio.sleep(0)
        dispatcher.utter_message(text=tracker.sender_id)
        return []


class Broken(Action):
    def name(self) -> str:
        return "action_broken"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Any]:
        raise RuntimeError("the password is hunter2")


class Endless(Action):
    def name(self) -> str:
        return "action_endless"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Any]:
        await asyncio.sleep(60)
        return []


class State:
    def __init__(self, state: str) -> None:
        self._state = state

    def state(self) -> str:
        return self._state


def call(action: str, sender: str = "talk-1") -> dict[str, Any]:
    return {
        "next_action": action,
        "sender_id": sender,
        "tracker": {"sender_id": sender, "slots": {}, "events": []},
    }


def client(secret: str | None = None, state: str = "ready") -> TestClient[Any, Any]:
    kept = None if secret is None else SecretStr(secret)
    server = ActionServer((Echo(), Broken(), Endless()), State(state), kept, action_seconds=0.2)
    return TestClient(TestServer(server.application()))


async def test_an_action_runs_for_the_conversation_that_it_is_called_for() -> None:
    async with client() as http:
        replies = await asyncio.gather(
            *(http.post("/webhook", json=call("action_echo", f"talk-{n}")) for n in range(20))
        )
        texts = [(await reply.json())["responses"][0]["text"] for reply in replies]
    assert texts == [f"talk-{n}" for n in range(20)]


async def test_a_broken_action_gives_a_sentence_to_the_shopper_and_the_cause_to_the_log_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with client() as http:
        with caplog.at_level(logging.ERROR):
            reply = await http.post("/webhook", json=call("action_broken"))
        assert (reply.status, await reply.json()) == (200, FAILED)
    assert "hunter2" in caplog.text


async def test_an_action_that_takes_too_long_gives_the_same_sentence() -> None:
    async with client() as http:
        reply = await http.post("/webhook", json=call("action_endless"))
        assert (reply.status, await reply.json()) == (200, FAILED)


async def test_an_unknown_action_is_named_and_nothing_else_is_said() -> None:
    async with client() as http:
        reply = await http.post("/webhook", json=call("action_nowhere"))
        body = {"error": "there is no such action", "action_name": "action_nowhere"}
        assert (reply.status, await reply.json()) == (404, body)


async def test_with_a_secret_only_who_knows_it_is_answered() -> None:
    async with client("sesame-sesame") as http:
        statuses = [
            (await http.post(f"/webhook{query}", json=call("action_echo"))).status
            for query in ("", "?token=", "?token=sesame", "?token=s%C3%A9same", "?token=sesame-sesame")
        ]
    assert statuses == [401, 401, 401, 401, 200]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"next_action": "action_echo"}',
        b'{"next_action": 7, "tracker": {"sender_id": "a"}}',
        b'{"next_action": "action_echo", "tracker": {"sender_id": null}}',
        b'{"next_action": "action_echo", "tracker": {"sender_id": "a", "slots": [], "events": []}}',
    ],
)
async def test_what_no_rasa_sends_is_refused(body: bytes) -> None:
    async with client() as http:
        assert (await http.post("/webhook", data=body)).status == 422


async def test_a_call_beyond_the_limit_is_refused() -> None:
    async with client() as http:
        too_long = json.dumps({**call("action_echo"), "more": "x" * LARGEST_CALL_BYTES})
        assert (await http.post("/webhook", data=io.BytesIO(too_long.encode()))).status == 413


async def test_health_says_ready_only_once_the_models_are_loaded() -> None:
    seen = []
    for state in ("loading", "failed", "ready"):
        async with client(state=state) as http:
            reply = await http.get("/health")
            seen.append((reply.status, await reply.json()))
    assert seen == [(503, {"status": "loading"}), (503, {"status": "failed"}), (200, {"status": "ready"})]


def test_a_question_waits_for_the_models() -> None:
    answerer = LoadingAnswerer(FakeAnswerer, seconds_waited=5)
    assert answerer.state() == "loading"
    answerer.start()
    assert answerer.answer("how heavy?") == NO_ANSWER
    assert answerer.state() == "ready"


def test_a_question_does_not_wait_for_ever() -> None:
    with pytest.raises(ModelNotReady, match=r"within 0\.01 s"):
        LoadingAnswerer(FakeAnswerer, seconds_waited=0.01).answer("how heavy?")


def test_models_that_cannot_be_loaded_are_told_at_each_question() -> None:
    def load() -> FakeAnswerer:
        raise OSError("no weights")

    answerer = LoadingAnswerer(load, seconds_waited=5)
    answerer.start()
    with pytest.raises(ModelNotReady, match="no weights"):
        answerer.answer("how heavy?")
    assert answerer.state() == "failed"
