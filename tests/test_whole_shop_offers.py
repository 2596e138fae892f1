"""Offers in the chat of the whole shop: real gateway, Rasa, writer and database."""

from __future__ import annotations

import os
from typing import Any

import pytest
from running_shop import Chat, Reply, RunningShop

from bot.promotions.writer import SHIPPED_WRITER

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not SHIPPED_WRITER.exists() and "STOREKEEP_WRITER_MODEL" not in os.environ,
        reason=f"no writer in {SHIPPED_WRITER}; name one in STOREKEEP_WRITER_MODEL",
    ),
]

ANNA = "C00001"
OF_CUSTOMERS_ONLY = {"WELCOME10", "SEEYOU5", "FIETS10"}


def skus(reply: Reply) -> list[str]:
    return [str(card["sku"]) for card in reply.cards]


def told(reply: Reply) -> list[tuple[str, dict[str, Any]]]:
    """Each text with its card."""
    return [(str(m["text"]), card) for m in reply.messages for card in m.get("cards", [])]


def press(chat: Chat, buttons: list[dict[str, Any]], title: str) -> Reply:
    """What a shopper's click sends."""
    return chat.say(next(button["payload"] for button in buttons if button["title"] == title))


def test_a_signed_in_customer_is_told_offers_with_text_code_and_card(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address, ANNA)
    offers = told(chat.say("Any offers for me?"))
    with_code = told(chat.say("is there a code?"))

    assert 1 <= len(offers) <= 2
    assert [
        len(text) > 20 and card["image"] != "" and "until" in card["reason"].lower() for text, card in offers
    ] == [True] * len(offers)
    assert with_code != []
    for text, card in with_code:
        assert card["code"] in text
        assert card["reason"].startswith(f"Code: {card['code']}\n")


def test_what_is_of_no_interest_does_not_come_back_in_this_or_another_conversation(
    whole_shop: RunningShop,
) -> None:
    chat = Chat(whole_shop.address, ANNA)
    shown = skus(chat.say("Any offers for me?"))
    noted = chat.say("not interested")
    again = skus(chat.say("Any offers for me?"))
    elsewhere = skus(Chat(whole_shop.address, ANNA).say("do you have discounts?"))

    assert shown != []
    assert "no more offers" in noted.text
    assert again != []
    assert set(shown) & {*again, *elsewhere} == set()


def test_the_buttons_of_a_card_do_what_they_say(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address, "C00003")
    card = chat.say("Any offers for me?").cards[0]
    others = press(chat, card["buttons"], "More offers")
    more = press(chat, card["buttons"], "Tell me more")
    refused = press(chat, card["buttons"], "Not interested")

    assert card["sku"] not in skus(others)
    assert others.cards != []
    assert [one["kind"] for one in more.cards][:1] == ["source"]
    assert refused.text == f"All right, no more offers for {card['title']}."


def test_who_refused_all_offers_is_asked_before_they_come_again(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    chat.say("stop showing me offers")
    asked = chat.say("Any offers for me?")
    shown = chat.say("yes please")

    assert (asked.cards, "again?" in asked.text) == ([], True)
    assert shown.cards != []


def test_a_visitor_never_hears_of_offers_for_customers(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    replies = [chat.say(text) for text in ("is there a code?", *["Show me other offers"] * 4)]

    codes = {card["code"] for reply in replies for card in reply.cards if "code" in card}
    assert codes != set()
    assert codes & OF_CUSTOMERS_ONLY == set()
    assert [text for reply in replies for text in OF_CUSTOMERS_ONLY if text in reply.text] == []


def test_what_is_on_sale_keeps_to_kind_and_price(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    audio = chat.say("do you have discounts on headphones?")
    cheap = chat.say("what's on sale under 50?")

    assert [sku for sku in skus(audio) if not sku.startswith("AUD-")] == []
    assert audio.cards != []
    assert cheap.cards != []
    assert [card["price"] for card in cheap.cards if float(str(card["price"]).split()[0]) > 50] == []


def test_offers_can_be_asked_for_while_an_order_is_looked_for(whole_shop: RunningShop) -> None:
    chat = Chat(whole_shop.address)
    chat.say("where is my order?")
    reply = chat.say("any offers for me?")

    assert reply.cards != []
    assert "order number" in reply.text.lower()
