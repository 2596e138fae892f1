"""Is every message kept once, in order, with its answer?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversations import Conversation, Conversations, StoredTurn, UnknownConversation, UnknownMessage
from bot.customers import Customer, Customers, UnknownCustomer
from bot.database.connection import Database

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, lambda: NOON)


def test_a_conversation_belongs_to_the_customer_it_was_started_for(
    database: Database, conversations: Conversations
) -> None:
    Customers(database).add([Customer("C00001", "a@mail.example", "Anna", "DE", NOON)])
    hers, nobodys = conversations.start("C00001"), conversations.start(None)
    assert conversations.find(hers.id) == Conversation(hers.id, "C00001")
    assert conversations.find(nobodys.id) == Conversation(nobodys.id, None)
    assert hers.id != nobodys.id
    with pytest.raises(UnknownCustomer):
        conversations.start("C00002")


def test_a_conversation_that_was_never_started_is_not_there(conversations: Conversations) -> None:
    assert conversations.find("\0nothing") is None
    assert conversations.history("nothing") == ()
    with pytest.raises(UnknownConversation):
        conversations.receive("nothing", "a", "Hello")
    with pytest.raises(UnknownConversation):
        conversations.request_person("nothing")


def test_turns_come_back_in_the_order_in_which_they_came(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    for message_id in ("z", "a", "m"):
        conversations.receive(talk, message_id, f"text {message_id}")
    conversations.reply(talk, "a", [{"text": "Hello"}])
    assert conversations.history(talk) == (
        StoredTurn("z", "text z", NOON, None, None, 1),
        StoredTurn("a", "text a", NOON, ({"text": "Hello"},), NOON, 2),
        StoredTurn("m", "text m", NOON, None, None, 3),
    )


def test_the_same_message_again_gives_the_stored_turn_with_its_replies(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    assert conversations.receive(talk, "a", "Hello") == StoredTurn(
        "a", "Hello", NOON, None, None, 1, is_new=True
    )
    conversations.reply(talk, "a", [{"text": "Hi"}])
    again = StoredTurn("a", "Hello", NOON, ({"text": "Hi"},), NOON, 1)
    assert conversations.receive(talk, "a", "something else") == again
    assert conversations.history(talk) == (again,)


def test_the_same_id_in_two_conversations_is_two_messages(conversations: Conversations) -> None:
    one, other = conversations.start(None).id, conversations.start(None).id
    assert conversations.receive(one, "a", "Hello").is_new
    assert conversations.receive(other, "a", "Hello").is_new


def test_of_equal_messages_at_the_same_moment_one_is_new(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    start = threading.Barrier(8)
    turns: list[StoredTurn] = []

    def send(text: str) -> None:
        start.wait()
        turns.append(conversations.receive(talk, "same", text))

    run(send, [f"text {number}" for number in range(8)])
    (kept,) = conversations.history(talk)
    assert sorted(turn.is_new for turn in turns) == [False] * 7 + [True]
    assert {turn.text for turn in turns} == {kept.text}


def test_messages_at_the_same_moment_get_positions_without_gaps(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    run(lambda message_id: conversations.receive(talk, message_id, "Hello"), [f"id {n}" for n in range(12)])
    assert [turn.position for turn in conversations.history(talk)] == list(range(1, 13))


def test_only_the_first_answer_counts(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    conversations.receive(talk, "a", "Hello")
    assert conversations.reply(talk, "a", []).messages == ()
    assert conversations.reply(talk, "a", [{"text": "late"}]).messages == ()


def test_an_answer_needs_its_message(conversations: Conversations) -> None:
    with pytest.raises(UnknownMessage):
        conversations.reply(conversations.start(None).id, "a", [])


def test_any_text_is_kept_and_what_no_database_stores_is_marked(conversations: Conversations) -> None:
    talk = conversations.start(None).id
    conversations.receive(talk, "a", "a\0b\ud800c \U0001f600 '; DROP TABLE messages")
    conversations.receive(talk, "b", "x" * 100_000)
    first, second = conversations.history(talk)
    assert first.text == "a\ufffdb\ufffdc \U0001f600 '; DROP TABLE messages"
    assert len(second.text) == 100_000


def test_a_person_is_asked_for_once(database: Database) -> None:
    times = iter((NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)))
    conversations = Conversations(database, lambda: next(times))
    talk = conversations.start(None).id
    conversations.request_person(talk)
    conversations.request_person(talk)
    assert conversations.find(talk) == Conversation(talk, None, NOON + timedelta(hours=1))


def run(work: Callable[[str], object], arguments: list[str]) -> None:
    threads = [threading.Thread(target=work, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
