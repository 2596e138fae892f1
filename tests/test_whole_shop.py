"""Conversations through the real gateway, Rasa, actions and database, with the shipped weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from running_shop import PROJECT, Chat, Refused, Reply, RunningShop, call, customer_token

pytestmark = pytest.mark.full


def description_of(sku: str) -> str:
    for path in sorted((PROJECT / "knowledge_base" / "sample" / "products").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            product = json.loads(line)
            if product["sku"] == sku:
                return str(product["description"])
    raise LookupError(sku)


def test_a_product_question_is_answered_in_the_exact_words_of_the_page_with_its_source(
    whole_shop: RunningShop,
) -> None:
    reply = Chat(whole_shop.address).say("How much does the Tarnwick Ridge trail shoe weigh?")

    source = next(card for card in reply.cards if card["kind"] == "source")
    assert "268 g" in source["passage"][source["start"] : source["end"]]
    assert source["url"].startswith("/products/RUN-001")
    assert source["title"] == "Tarnwick Ridge Trail Shoe"
    assert "268 g" in reply.text


def test_on_a_product_page_it_means_that_product(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address).say_on_page("is it waterproof?", "RUN-001")

    source = next(card for card in reply.cards if card["kind"] == "source")
    assert source["url"].startswith("/products/RUN-001")
    assert source["passage"] in description_of("RUN-001") or "Waterproof: no" in source["passage"]


def test_a_policy_question_is_answered_from_the_policy_page(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address).say("What does standard shipping to Germany cost?")

    assert "4.90 EUR" in reply.text


def test_what_the_pages_do_not_say_is_not_answered(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address).say("Who won the football world cup in 1998?")

    assert [card for card in reply.cards if card["kind"] == "source"] == []
    assert reply.text != ""
    assert "France" not in reply.text


def test_a_signed_in_customer_sees_the_order_as_the_database_has_it(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address, "C00001").say("where is my order LK-100001?")

    order = next(card for card in reply.cards if card["kind"] == "order")
    assert (order["number"], order["state"]) == ("LK-100001", "shipped")


def test_a_guest_is_asked_for_number_and_e_mail_and_then_sees_the_order(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    chat.say("where is my order?")
    chat.say("LK-100001")
    reply = chat.say("anna.keller@mail.example")

    assert [card["number"] for card in reply.cards if card["kind"] == "order"] == ["LK-100001"]


def test_a_wrong_e_mail_and_an_unknown_order_get_the_same_words(whole_shop: RunningShop) -> None:
    replies = []
    for number, email in (("LK-100001", "somebody@else.example"), ("LK-999999", "anna.keller@mail.example")):
        chat = Chat(whole_shop.address)
        chat.say("where is my order?")
        chat.say(number)
        replies.append(chat.say(email))

    assert replies[0].text.replace("LK-100001", "#") == replies[1].text.replace("LK-999999", "#")
    assert [card for reply in replies for card in reply.cards] == []


def test_a_signed_in_customer_never_sees_the_order_of_another(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address, "C00002").say("where is my order LK-100001?")

    assert [
        card["number"] for card in reply.cards if card["kind"] == "order" and card["number"] == "LK-100001"
    ] == []


def test_there_is_a_way_out_of_the_order_form(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    asked = chat.say("where is my order?")
    left = chat.say("never mind")
    greeted = chat.say("hello")

    assert left.text != asked.text
    assert "order number" not in greeted.text.lower() or "help" in greeted.text.lower()


def cents(card: dict[str, Any]) -> int:
    return round(100 * float(str(card["price"]).split()[0]))


def press(chat: Chat, card: dict[str, Any], title: str) -> Reply:
    """What a shopper's click on a card's button sends."""
    return chat.say(next(button["payload"] for button in card["buttons"] if button["title"] == title))


def test_a_signed_in_customer_is_recommended_products_with_reasons_and_buttons(
    whole_shop: RunningShop,
) -> None:
    reply = Chat(whole_shop.address, "C00001").say("recommend me something")

    assert 1 <= len(reply.cards) <= 4
    for card in reply.cards:
        assert card["kind"] == "product"
        assert card["reason"].endswith(".")
        assert [button["title"] for button in card["buttons"]] == ["More like this", "Cheaper", "Not for me"]


def test_a_gift_keeps_to_the_budget_and_the_hobby(whole_shop: RunningShop) -> None:
    reply = Chat(whole_shop.address).say("a gift for my father who likes hiking, under 50")

    assert reply.cards != []
    assert [card for card in reply.cards if cents(card) > 5000 or not card["sku"].startswith("HIK-")] == []


def test_cheaper_is_cheaper_also_by_the_button_of_a_card(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address, "C00001")
    shown = chat.say("recommend headphones").cards
    cheaper = chat.say("something cheaper").cards
    dearest = max(shown, key=cents)

    assert max(cents(card) for card in cheaper) < cents(dearest)
    assert max(cents(card) for card in press(chat, dearest, "Cheaper").cards) < cents(dearest)


def test_what_is_not_for_them_does_not_come_back(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address, "C00003")
    first = chat.say("recommend me something").cards[0]
    replies = [
        press(chat, first, "Not for me"),
        chat.say("recommend me something"),
        chat.say("show me other ideas"),
        chat.say("what is popular now?"),
    ]

    assert first["title"] in replies[0].text
    assert [card["sku"] for reply in replies for card in reply.cards if card["sku"] == first["sku"]] == []
    assert len(replies[0].cards) == 1


def test_more_like_this_is_about_the_product_of_the_card(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    first = chat.say("what is popular now?").cards[0]
    alike = press(chat, first, "More like this")

    assert first["title"] in alike.text
    assert alike.cards != []
    assert first["sku"] not in [card["sku"] for card in alike.cards]


def test_on_a_product_page_this_goes_with_that_product(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    going = chat.say_on_page("what goes with this?", "RUN-001")
    similar = chat.say_on_page("something similar but cheaper", "RUN-001")

    assert "Tarnwick Ridge Trail Shoe" in going.text
    assert "RUN-001" not in [card["sku"] for card in going.cards]
    assert similar.cards != []
    assert max(cents(card) for card in similar.cards) < 12900


def test_where_nothing_fits_the_narrow_condition_is_named_and_can_be_loosened(
    whole_shop: RunningShop,
) -> None:
    chat = Chat(whole_shop.address)
    reply = chat.say("can you recommend headphones under 1 euro")
    loosen = next(b["payload"] for b in reply.messages[0]["buttons"] if b["title"] == "Any price is fine")

    assert reply.cards == []
    assert "1.00 EUR" in reply.text
    assert chat.say(loosen).cards != []


def test_something_can_be_recommended_while_an_order_is_looked_for(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    chat.say("where is my order?")
    reply = chat.say("can you recommend me something meanwhile")

    assert reply.cards != []
    assert "order number" in reply.text.lower()


def test_the_site_gets_recommendations_by_the_same_token(whole_shop: RunningShop) -> None:
    address = f"{whole_shop.address}/api/recommendations?count=3"

    assert call(address, None, customer_token("C00001"))["kind"] == "for_you"
    assert call(address, None)["kind"] == "popular"


def test_the_same_message_id_is_answered_once(whole_shop: RunningShop) -> None:
    chat, message_id = Chat(whole_shop.address), str(uuid.uuid4())

    first, second = chat.say("hello", message_id), chat.say("hello", message_id)

    assert first.messages == second.messages
    assert len(chat.history()) == 1


def test_someone_elses_token_shows_nothing_of_a_conversation(whole_shop: RunningShop) -> None:
    mine, other = Chat(whole_shop.address), Chat(whole_shop.address)
    mine.say("hello")

    assert other.history() == []


@pytest.mark.parametrize("token", ["", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJDMDAwMDEifQ."])
def test_an_unknown_or_forged_token_is_refused(whole_shop: RunningShop, token: str) -> None:
    with pytest.raises(Refused) as refused:
        call(
            f"{whole_shop.address}/api/chat/messages",
            {"id": str(uuid.uuid4()), "text": "hello"},
            token or "-",
        )

    assert refused.value.status == 401


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_000, 5, None])
def test_empty_endless_and_non_text_messages_are_refused_and_nothing_is_stored(
    whole_shop: RunningShop, text: object
) -> None:
    chat = Chat(whole_shop.address)

    with pytest.raises(Refused) as refused:
        call(f"{whole_shop.address}/api/chat/messages", {"id": str(uuid.uuid4()), "text": text}, chat.token)

    assert refused.value.status == 422
    assert chat.history() == []


@pytest.mark.parametrize(
    "text", ["/restart", "/track_order", "<script>alert(1)</script>", "'; drop table orders; --"]
)
def test_commands_and_code_are_only_words(whole_shop: RunningShop, text: str) -> None:
    chat = Chat(whole_shop.address)

    reply = chat.say(text)

    assert reply.text != ""
    assert "<script>" not in reply.text
    assert chat.history()[0]["text"] == text


def test_without_the_action_server_the_shopper_still_gets_a_sentence_and_it_comes_back(
    whole_shop: RunningShop,
) -> None:
    chat = Chat(whole_shop.address)
    whole_shop.kill("actions")

    reply = chat.say("How much does the Tarnwick Ridge trail shoe weigh?")

    assert reply.text.strip() != ""
    assert "268 g" in said_in_the_end(chat, "How much does the Tarnwick Ridge trail shoe weigh?", "268 g")


def said_in_the_end(chat: Chat, text: str, awaited: str) -> str:
    """What the shop replies once it is itself again, asked every second for a minute."""
    deadline = time.monotonic() + 60
    while True:
        reply = chat.say(text).text
        if awaited in reply or time.monotonic() > deadline:
            return reply
        time.sleep(1)


def test_without_rasa_the_shopper_still_gets_a_sentence_and_it_comes_back(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    whole_shop.kill("rasa")

    reply = chat.say("hello")

    assert reply.text.strip() != ""
    assert "Hello!" in said_in_the_end(chat, "hello", "Hello!")


def test_a_busy_port_is_said_and_ends_with_a_code(whole_shop: RunningShop, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "STOREKEEP_DATA_DIR": str(tmp_path),
        "STOREKEEP_WEB_PORT": str(whole_shop.ports["WEB"]),
    }
    result = subprocess.run(
        [sys.executable, "-m", "bot.cli", "up"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert f"port {whole_shop.ports['WEB']}" in result.stderr
    assert "STOREKEEP_WEB_PORT" in result.stderr
