"""Does the chat become behaviour of who agreed, and of nobody else, without ever getting in its way?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running_gateway import ANNA, CUSTOMER_SECRET, Gateway, running_gateway

from bot.conversations import Conversations
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.shoppers.chat_events import ChatEvents
from bot.shoppers.consent import Consents
from bot.shoppers.events import Event, Events
from bot.shoppers.shopper import Shopper
from bot.web.tokens import CustomerTokens

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
BROWSER = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
BEN = Customer("C00002", "b@mail.example", "Ben", "DE", NOON)
AGREEING = Customer("C00003", "c@mail.example", "Cleo", "DE", NOON, profiling_consent=True)


class Chat:
    """Conversations and their events."""

    def __init__(self, database: Database) -> None:
        Customers(database).add([BEN, AGREEING])
        self.conversations = Conversations(database, lambda: NOON)
        self.events = ChatEvents(database, lambda: NOON)
        self._stored = Events(database)

    def stored(self) -> tuple[Event, ...]:
        self.events.finish()
        return self._stored.events()


@pytest.fixture
def chat(database: Database) -> Iterator[Chat]:
    chat = Chat(database)
    yield chat
    chat.events.finish()


def test_a_question_of_an_agreeing_customer_is_kept_once_and_masked(chat: Chat) -> None:
    talk = chat.conversations.start(AGREEING.id, BROWSER)
    for _ in range(2):
        chat.events.question_asked(talk.id, "q1", "Is it red? I am a@mail.example", True, "L-1")
    [event] = chat.stored()
    assert (event.name, event.customer_id, event.anonymous_id) == ("Question Asked", AGREEING.id, BROWSER)
    assert (event.sku, event.at) == ("L-1", NOON)
    assert event.properties == {"channel": "chat", "text": "Is it red? I am [email]", "answered": True}


def test_a_message_of_a_browser_that_agreed_is_kept_without_its_words(chat: Chat) -> None:
    talk = chat.conversations.start(None, BROWSER)
    chat.events.message_sent(talk.id, "m1")
    [event] = chat.stored()
    assert (event.name, event.anonymous_id, event.properties) == (
        "Message Sent",
        BROWSER,
        {"channel": "chat"},
    )


def test_of_who_did_not_agree_nothing_is_kept(chat: Chat) -> None:
    for talk in (chat.conversations.start(None), chat.conversations.start(BEN.id, BROWSER)):
        chat.events.message_sent(talk.id, "m1")
        chat.events.question_asked(talk.id, "q1", "Is it red?", False, None)
    chat.events.message_sent("no such conversation", "m1")
    assert chat.stored() == ()


def test_a_database_that_is_away_costs_a_log_line_that_tells_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = ChatEvents(Database(f"sqlite:///{tmp_path}/none/storekeep.db"), lambda: NOON)
    away.question_asked("talk", "q1", "a very private question", True, None)
    away.finish()
    assert "a chat event was not stored" in caplog.text
    assert "private" not in caplog.text


def test_more_than_can_wait_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    full = ChatEvents(Database(f"sqlite:///{tmp_path}/storekeep.db"), lambda: NOON, most_waiting=0)
    full.message_sent("talk", "m1")
    full.finish()
    assert "one was left out" in caplog.text


async def test_a_turn_of_a_browser_that_agreed_becomes_an_event(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session(anonymous_id=BROWSER)
        await gateway.send(token, "hello")
        await gateway.send(await gateway.session(), "hello from nobody")
        gateway.shop.chat_events.finish()
        names = [e.name for e in gateway.shop.events.of_shopper(Shopper(anonymous_id=BROWSER))]
        assert (names, gateway.shop.events.count()) == (["Message Sent"], 1)


async def test_a_session_with_token_and_browser_signs_the_browser_in(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        Consents(gateway.shop.database, gateway.clock).decide(ANNA.id, True, "test")
        gateway.shop.events.record([Event("m1", "Product Viewed", NOON, None, BROWSER, "L-1")])
        await gateway.session(customer_token=signed(gateway), anonymous_id=BROWSER)
        assert [event.message_id for event in gateway.shop.events.of_customer(ANNA.id)] == ["m1"]
        assert gateway.shop.browsers.customer_of(BROWSER) == ANNA.id


async def test_a_browser_that_wants_no_tracking_stays_unknown(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        body = {"customer_token": signed(gateway), "anonymous_id": BROWSER}
        status, _ = await gateway.post("/api/chat/sessions", json=body, headers={"Sec-GPC": "1"})
        assert status == 201
        assert gateway.shop.browsers.customer_of(BROWSER) is None


async def test_an_id_that_no_browser_gives_itself_is_refused(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        status, answer = await gateway.post("/api/chat/sessions", json={"anonymous_id": "x' OR 1=1"})
        assert (status, answer["error"]["code"]) == (422, "bad_anonymous_id")
        assert "8 to 80 letters, digits or -" in answer["error"]["detail"]


def signed(gateway: Gateway) -> str:
    return CustomerTokens(CUSTOMER_SECRET, gateway.clock).sign(ANNA.id, timedelta(hours=1))
