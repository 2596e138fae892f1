"""Does copy become a message that its channel can send, with greeting and footer, and with no word lost?"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from promotion_fakes import AMOUNT, BUNDLE, EARBUDS, NOW, PERCENT, SHIPPING, SHOP, STOVE, facts_of
from sample_shop import sample_products

from bot.promotions.check import Message, findings
from bot.promotions.facts import Facts, Reader
from bot.promotions.gsm import ONE_SMS, septets
from bot.promotions.layout import Footers, laid_out, plain_message
from bot.promotions.offer import Offer
from bot.promotions.plans import CHANNELS
from bot.promotions.trial_offers import trial_facts

FOOTERS = Footers("https://shop.example/no-more")
FOOTER = (
    f"\n\n{SHOP}\n\nYou get this e-mail because you agreed to news from {SHOP}. "
    "Unsubscribe: https://shop.example/no-more"
)
ANNA = facts_of(reader=Reader("Anna"))


def email(body: str, subject: str = "A stove", tone: str = "warm", facts: Facts = ANNA) -> Message:
    return laid_out("email", facts, (subject, body), tone, FOOTERS)


def test_a_chat_and_a_push_are_one_line_without_greeting_or_footer() -> None:
    for channel in ("chat", "push"):
        message = laid_out(channel, ANNA, ("Meet it.\nIt is here.",), "warm", FOOTERS)
        assert message == Message(channel, None, "Meet it. It is here.", "")


def test_an_sms_ends_with_how_to_stop() -> None:
    message = laid_out("sms", ANNA, ("Meet it.",), "warm", FOOTERS)
    assert message == Message("sms", None, "Meet it. Reply STOP to end.", " Reply STOP to end.")
    assert message.copy == "Meet it."


def test_an_email_greets_and_says_how_to_get_no_more() -> None:
    assert email("Meet it.") == Message("email", "A stove", f"Hello Anna,\n\nMeet it.{FOOTER}", FOOTER)


@pytest.mark.parametrize(
    ("tone", "greeting", "without_name"),
    [
        ("warm", "Hello Anna,", "Hello,"),
        ("playful", "Hi Anna,", "Hello there,"),
        ("plain", "Hello Anna,", "Hello,"),
        ("refined", "Dear Anna,", "Good day,"),
    ],
)
def test_every_tone_has_its_greeting_also_for_nobody(tone: str, greeting: str, without_name: str) -> None:
    assert email("Meet it.", tone=tone).text.startswith(f"{greeting}\n\nMeet")
    assert email("Meet it.", tone=tone, facts=facts_of()).text.startswith(f"{without_name}\n\nMeet")


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("A.", ["A."]),
        ("A.\nB.", ["A.", "B."]),
        ("A.\nB.\nC.", ["A. B.", "C."]),
        ("A.\nB.\nC.\nD.", ["A. B.", "C.", "D."]),
        ("A.\nB.\nC.\nD.\nE.", ["A. B.", "C. D.", "E."]),
    ],
)
def test_parts_stand_two_in_a_paragraph_and_the_last_by_itself(body: str, paragraphs: list[str]) -> None:
    assert email(body).copy.split("\n\n")[1:] == paragraphs


@pytest.mark.parametrize(
    ("subject", "laid"),
    [
        ("Meet it.", "Meet it"),
        ("Meet it...", "Meet it..."),
        ("Meet\nit", "Meet it"),
        ("Meet it?", "Meet it?"),
    ],
)
def test_a_subject_is_one_line_without_a_full_stop(subject: str, laid: str) -> None:
    assert email("Meet it.", subject).subject == laid


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (None, "Brackwater Ember One Gas Stove: 49.90 EUR."),
        (
            PERCENT,
            "Brackwater Ember One Gas Stove: 39.92 EUR instead of 49.90 EUR. Until 30 November.",
        ),
        (
            replace(PERCENT, minimum_cents=9000, code="AUTUMN20"),
            "Brackwater Ember One Gas Stove. 20% off. For orders from 90.00 EUR. Code AUTUMN20. "
            "Until 30 November.",
        ),
        (
            replace(AMOUNT, minimum_cents=9000),
            "Brackwater Ember One Gas Stove. 10.00 EUR off. For orders from 90.00 EUR. Until 30 November.",
        ),
        (
            SHIPPING,
            "Brackwater Ember One Gas Stove: 49.90 EUR. With free shipping. Until 30 November.",
        ),
        (
            BUNDLE,
            "Brackwater Ember One Gas Stove: 49.90 EUR. "
            "The Mirette Pebble Stoneware Teapot 0.9 l comes along at no extra cost. Until 30 November.",
        ),
    ],
)
def test_without_a_writer_the_facts_speak_for_themselves(offer: Offer | None, text: str) -> None:
    facts = facts_of(offer=offer)
    assert plain_message("chat", facts, FOOTERS) == Message("chat", None, text, "")
    for channel in CHANNELS:
        assert findings(plain_message(channel, facts, FOOTERS), facts) == ()


def test_a_plain_email_has_the_product_for_a_subject() -> None:
    message = plain_message("email", facts_of(EARBUDS), FOOTERS)
    assert message.subject == "Kessry Pip True Wireless Earbuds"
    assert message.copy == "Hello,\n\nKessry Pip True Wireless Earbuds: 59.00 EUR."


def test_plain_messages_about_all_sample_products_pass_the_check() -> None:
    draw = random.Random(11)
    products = sample_products()
    for product in products:
        facts = trial_facts(product, products, SHOP, NOW, draw)
        for channel in CHANNELS:
            message = plain_message(channel, facts, FOOTERS)
            too_long = channel == "sms" and septets(message.text) > ONE_SMS
            found = [one for one in findings(message, facts) if not (too_long and "at most" in one)]
            assert found == [], (message, facts.offer)


def test_a_product_without_stock_or_details_can_still_be_told_of() -> None:
    facts = facts_of(replace(STOVE, stock=0), details={}, statements=())
    assert findings(plain_message("push", facts, FOOTERS), facts) == ()
