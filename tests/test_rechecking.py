"""Is a promotion checked as it would be sent, with the facts of now?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from agent_fakes import CHAT, EMAIL, FOOTER, LAMP, SHOP_NAME, SMS, TEXT, FakeDesk
from running_gateway import NOON

from bot.promotions.check import Message
from bot.promotions.layout import STOP
from bot.promotions.promotion import Draft, Promotion
from bot.promotions.rechecking import GONE, findings_now, footer_of, message_of


def promotion(draft: Draft) -> Promotion:
    return Promotion(1, NOON, draft, "waiting")


@pytest.mark.parametrize("draft", [EMAIL, CHAT, SMS])
def test_what_is_still_true_passes(draft: Draft) -> None:
    assert findings_now(promotion(draft), FakeDesk().facts_of) == ()


def test_what_was_written_is_read_with_the_offer_and_the_price_of_now() -> None:
    desk = FakeDesk()
    desk.offer = None
    assert any("LAMP20" in finding for finding in findings_now(promotion(CHAT), desk.facts_of))


def test_a_new_text_and_a_new_subject_are_read_in_place_of_the_old() -> None:
    facts_of = FakeDesk().facts_of
    found = findings_now(promotion(EMAIL), facts_of, subject="The best lamp", text=TEXT + FOOTER)
    assert [finding for finding in found if "best" in finding] == list(found) != []
    assert findings_now(promotion(EMAIL), facts_of, text=f"{TEXT} It holds 99 W.{FOOTER}") != ()


def test_a_product_that_is_no_longer_sold_is_the_finding() -> None:
    desk = FakeDesk()
    desk.gone = True
    assert findings_now(promotion(CHAT), desk.facts_of) == (GONE,)


@pytest.mark.parametrize(
    ("channel", "text", "footer"),
    [
        ("email", TEXT + FOOTER, FOOTER),
        ("email", f"{TEXT}{FOOTER} More.", ""),
        ("email", TEXT, ""),
        ("email", TEXT + FOOTER.replace("https://", "javascript:"), ""),
        ("sms", f"Text.{STOP}", STOP),
        ("sms", "Text.", ""),
        ("chat", f"Text.{STOP}", ""),
        ("push", "Text.", ""),
    ],
)
def test_the_footer_is_the_end_that_the_shop_put_there(channel: str, text: str, footer: str) -> None:
    assert footer_of(channel, text, SHOP_NAME) == footer


def test_a_new_text_has_the_footer_only_if_it_ends_with_it() -> None:
    assert message_of(promotion(EMAIL), SHOP_NAME, text="New.") == Message("email", EMAIL.subject, "New.", "")
    assert message_of(promotion(EMAIL), SHOP_NAME, text="New." + FOOTER).footer == FOOTER
    elsewhere = "New." + FOOTER.replace("shop.example", "elsewhere.example")
    assert message_of(promotion(EMAIL), SHOP_NAME, text=elsewhere).footer == ""


def test_a_draft_without_a_footer_has_none_to_keep() -> None:
    bare = promotion(replace(EMAIL, text=TEXT, sku=LAMP.sku))
    assert message_of(bare, SHOP_NAME) == Message("email", EMAIL.subject, TEXT, "")
