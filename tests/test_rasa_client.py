"""What reaches Rasa, and what comes back from it?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from running_gateway import FakeRasa, after, always, free_port

from bot.web.rasa_client import RasaClient, RasaFailure, plain_words
from bot.web.replies import reply_id, reply_messages

ID = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
PROJECT = Path(__file__).parent.parent
RASA_PYTHON = PROJECT / ".venv-rasa" / "bin" / "python"

COMMANDS = [
    "/restart",
    " /restart",
    "//restart",
    "/ /restart",
    "\u2003/\u00a0/restart",
    "\x1c/restart",
    '/track_order{"order_number": "LK-000001"}',
    "/affirm@1.0",
    "/session_start",
    "\n/back",
    "/",
    "///",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_reaches_rasa_as_a_command(text: str) -> None:
    said = plain_words(text)
    assert said.strip() != ""
    assert not said.strip().startswith("/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/restart", "restart"),
        ("///", "?"),
        ("and/or", "and/or"),
        ("EXTERNAL: affirm", "EXTERNAL: affirm"),
        ("is it 5/8 wide?", "is it 5/8 wide?"),
    ],
)
def test_words_stay_as_they_are(text: str, said: str) -> None:
    assert plain_words(text) == said


UNPACK = """
import json, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message
domain = Domain.from_dict({"intents": ["track_order", "affirm"], "entities": ["order_number"]})
def intent(text):
    message = YAMLStoryReader.unpack_regex_message(Message({"text": text.strip()}), domain)
    return (message.get("intent") or {}).get("name")
print(json.dumps([intent(text) for text in json.load(sys.stdin)]))
"""


@pytest.mark.full
def test_rasas_own_reader_finds_no_intent_in_what_we_send() -> None:
    def intents(texts: list[str]) -> Any:
        done = subprocess.run(
            [RASA_PYTHON, "-W", "ignore", "-c", UNPACK],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return json.loads(done.stdout.splitlines()[-1])

    assert "restart" in intents(COMMANDS)
    assert intents([plain_words(text) for text in COMMANDS]) == [None] * len(COMMANDS)


async def asked(answer: Any, timeout_seconds: float = 5.0) -> tuple[FakeRasa, Any]:
    rasa = FakeRasa()
    rasa.answer = answer
    async with TestServer(rasa.application()) as server:
        client = RasaClient(server.port or 0, timeout_seconds)
        try:
            return rasa, await client.ask("abc", "/hello", "LK-1")
        finally:
            await client.close()


async def test_rasa_gets_sender_words_and_product() -> None:
    said = [{"recipient_id": "abc", "text": "hi"}]
    rasa, messages = await asked(always(lambda: web.json_response(said)))
    assert rasa.heard == [{"sender": "abc", "message": "hello", "metadata": {"product": "LK-1"}}]
    assert messages == said


@pytest.mark.parametrize(
    ("answer", "outcome", "cause"),
    [
        (after(5), "late", "Rasa did not answer within 0.2 s"),
        (always(lambda: web.Response(status=503)), "refused", "Rasa answered with status 503"),
        (always(lambda: web.Response(text="[")), "malformed", "Rasa's reply is not JSON"),
        (always(lambda: web.json_response({})), "malformed", "Rasa's reply is not a list of messages"),
        (
            always(lambda: web.Response(body=b" " * 1_100_000)),
            "malformed",
            "Rasa's reply is longer than 1048576 bytes",
        ),
    ],
)
async def test_a_useless_answer_is_a_named_failure(answer: Any, outcome: str, cause: str) -> None:
    with pytest.raises(RasaFailure) as failure:
        await asked(answer, timeout_seconds=0.2)
    assert (failure.value.outcome, str(failure.value)) == (outcome, cause)


async def test_nobody_at_the_port_is_a_named_failure() -> None:
    client = RasaClient(free_port(), 1.0)
    with pytest.raises(RasaFailure) as failure:
        await client.ask("abc", "hello", None)
    assert failure.value.outcome == "unreachable"
    await client.close()


CARD = {
    "kind": "source",
    "title": "Returns",
    "url": "/pages/returns",
    "passage": "30 days",
    "start": 0,
    "end": 7,
}
OTHER_CARD = {"kind": "product", "sku": "LK-1", "title": "Lamp"}
BUTTON = {"title": "Yes", "payload": "yes"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ([], []),
        ([{"text": "a"}, {"text": "b"}], [{"text": "a"}, {"text": "b"}]),
        ([{"text": "a", "buttons": [BUTTON]}], [{"text": "a", "buttons": [BUTTON]}]),
        ([{"text": "a"}, {"custom": {"cards": [CARD]}}], [{"text": "a", "cards": [CARD]}]),
        (
            [{"text": "a"}, {"custom": {"cards": [CARD]}}, {"custom": {"cards": [OTHER_CARD]}}],
            [{"text": "a", "cards": [CARD, OTHER_CARD]}],
        ),
        ([{"custom": {"cards": [CARD]}}], [{"text": "", "cards": [CARD]}]),
        ([{"text": "a"}, {"image": "/i.svg"}], [{"text": "a", "image": "/i.svg"}]),
        (
            [{"text": "a"}, {"image": "/i.svg"}, {"image": "/j.svg"}],
            [{"text": "a", "image": "/i.svg"}, {"text": "", "image": "/j.svg"}],
        ),
        (
            [{"text": 5}, {"buttons": "x"}, {"custom": [1]}, {"custom": {"cards": ["x", {"kind": "page"}]}}],
            [],
        ),
        (
            [{"text": "a", "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": 1}, BUTTON]}],
            [{"text": "a", "buttons": [BUTTON]}],
        ),
    ],
)
def test_rasas_messages_become_what_the_widget_shows(raw: Any, shown: list[dict[str, Any]]) -> None:
    expected = [{"id": reply_id(ID, place), **message} for place, message in enumerate(shown)]
    assert reply_messages(ID, raw) == expected


def test_reply_ids_follow_from_message_and_place() -> None:
    assert reply_id(ID, 0) == reply_id(ID.upper(), 0)
    assert len({reply_id(ID, 0), reply_id(ID, 1), reply_id("0" * 31 + "1", 0)}) == 3
