"""Do facts come into a text word for word, so that it reads well, and is nothing filled that is no fact?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from promotion_fakes import AMOUNT, BUNDLE, EARBUDS, PERCENT, SHIPPING, STOVE, TEAPOT, facts_of

from bot.promotions.facts import Reader
from bot.promotions.filling import MOST_STOCK_TOLD, NothingToSay, day_text, fill, fills_of
from bot.promotions.offer import Offer

PLAIN = {
    "product": "Brackwater Ember One Gas Stove",
    "kind": "stove",
    "category": "Hiking & Camping",
    "shop": "Larkfield Supply",
    "price": "49.90 EUR",
    "weight": "262 g",
    "warranty": "3 years",
    "stock": "4",
}
DAY = {"until": "30 November"}


@pytest.mark.parametrize(
    ("offer", "changed"),
    [
        (None, {}),
        (
            PERCENT,
            {**DAY, "percent": "20%", "price": "39.92 EUR", "old_price": "49.90 EUR", "saving": "9.98 EUR"},
        ),
        (AMOUNT, {**DAY, "price": "39.90 EUR", "old_price": "49.90 EUR", "saving": "10.00 EUR"}),
        (SHIPPING, {**DAY, "free_shipping": "free shipping"}),
        (BUNDLE, {**DAY, "bundle": "Mirette Pebble Stoneware Teapot 0.9 l"}),
        (replace(SHIPPING, code="POST-1"), {**DAY, "free_shipping": "free shipping", "code": "POST-1"}),
    ],
)
def test_an_offer_fills_its_places_and_changes_the_price(
    offer: Offer | None, changed: dict[str, str]
) -> None:
    assert fills_of(facts_of(offer=offer)) == PLAIN | changed


def test_a_minimum_that_one_piece_reaches_makes_the_piece_cheaper() -> None:
    fills = fills_of(facts_of(offer=replace(AMOUNT, minimum_cents=4990)))
    assert fills == PLAIN | DAY | {
        "minimum": "49.90 EUR",
        "saving": "10.00 EUR",
        "old_price": "49.90 EUR",
        "price": "39.90 EUR",
    }


@pytest.mark.parametrize(
    ("offer", "told"), [(AMOUNT, {"saving": "10.00 EUR"}), (PERCENT, {"percent": "20%"})]
)
def test_with_a_minimum_above_the_price_no_price_is_told(offer: Offer, told: dict[str, str]) -> None:
    fills = fills_of(facts_of(offer=replace(offer, minimum_cents=4991)))
    without_price = {place: words for place, words in PLAIN.items() if place != "price"}
    assert fills == without_price | DAY | {"minimum": "49.91 EUR"} | told


def test_free_shipping_with_a_minimum_leaves_the_price_as_it_is() -> None:
    fills = fills_of(facts_of(offer=replace(SHIPPING, minimum_cents=9000)))
    assert (fills["price"], fills["minimum"]) == ("49.90 EUR", "90.00 EUR")


@pytest.mark.parametrize(("percent", "price", "saving"), [(33, 3343, 1647), (15, 4241, 749), (90, 499, 4491)])
def test_cents_are_rounded_so_that_price_and_saving_make_the_old_price(
    percent: int, price: int, saving: int
) -> None:
    fills = fills_of(facts_of(offer=replace(PERCENT, percent=percent)))
    assert fills["price"] == f"{price / 100:.2f} EUR"
    assert fills["saving"] == f"{saving / 100:.2f} EUR"


@pytest.mark.parametrize(("stock", "told"), [(0, None), (1, "1"), (MOST_STOCK_TOLD, "12"), (13, None)])
def test_stock_is_told_while_it_is_small(stock: int, told: str | None) -> None:
    assert fills_of(facts_of(replace(STOVE, stock=stock))).get("stock") == told


def test_a_reader_fills_what_is_known_of_them() -> None:
    reader = Reader("Anna", "Coffee & Tea", "Pellmark Storage Set, 4 Boxes")
    assert fills_of(facts_of(EARBUDS, reader=reader)).items() >= {
        ("name", "Anna"),
        ("interest", "Coffee & Tea"),
        ("seen", "Pellmark Storage Set"),
    }
    assert not fills_of(facts_of(reader=Reader("", None, " "))).keys() & {"name", "interest", "seen"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Stacklet Glass Storage Set, 4 Boxes", "Here is the Stacklet Glass Storage Set."),
        ("The Fjell Lamp", "Here is the Fjell Lamp."),
        ("Teapot 0.9 l", "Here is the Teapot 0.9 l."),
        ("Skillet 26 cm", "Here is the Skillet 26 cm."),
        ("Crumbs! Card Game", "Here is the Crumbs! Card Game."),
    ],
)
def test_names_read_well_in_a_sentence(name: str, said: str) -> None:
    assert fill("Here is the <product>.", fills_of(facts_of(replace(STOVE, name=name)))) == said


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("ends_at", "day"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), "28 March"),
        (datetime(2026, 3, 30, tzinfo=BERLIN), "29 March"),
        (datetime(2026, 3, 29, 3, tzinfo=BERLIN), "29 March"),
        (datetime(2026, 10, 25, tzinfo=BERLIN), "24 October"),
        (datetime(2026, 10, 26, tzinfo=BERLIN), "25 October"),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), "28 March"),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), "29 March"),
        (datetime(2026, 3, 29, 22, 0, 1, tzinfo=UTC), "30 March"),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "24 October"),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), "25 October"),
        (datetime(2027, 1, 1, tzinfo=BERLIN), "31 December"),
    ],
)
def test_an_offer_that_ends_at_midnight_ends_the_day_before_also_when_clocks_change(
    ends_at: datetime, day: str
) -> None:
    offer = replace(PERCENT, starts_at=datetime(2026, 1, 1, tzinfo=UTC), ends_at=ends_at)
    facts = facts_of(offer=offer, timezone_name="Europe/Berlin")
    assert day_text(facts) == day
    assert fills_of(facts)["until"] == day


def test_without_an_offer_there_is_no_last_day() -> None:
    with pytest.raises(NothingToSay):
        day_text(facts_of())


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("8 hours", "an"),
        ("80 g", "an"),
        ("11 hours", "an"),
        ("11.8 kg", "an"),
        ("18 h", "an"),
        ("110 g", "a"),
        ("180 g", "a"),
        ("1.8 l", "a"),
        ("262 g", "a"),
        ("organiser", "an"),
        ("umbrella", "an"),
        ("Urban Helmet", "an"),
        ("unicycle", "a"),
        ("USB lamp", "a"),
        ("LED Lamp", "an"),
        ("SPF 50", "an"),
        ("M8 bolt", "an"),
        ("Lamp", "a"),
        ("hourglass", "an"),
        ("house", "a"),
        ("European plug", "a"),
        ("one-pot set", "a"),
        ("oven", "an"),
    ],
)
def test_articles_follow_the_sound_of_what_comes(words: str, article: str) -> None:
    assert fill("Here is a <spec>, or an <spec>.", {"spec": words}) == (
        f"Here is {article} {words}, or {article} {words}."
    )
    assert fill("A <spec>.", {"spec": words}) == f"{article.capitalize()} {words}."


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("<kind> and more. <kind>!\n<kind>", "Lamp and more. Lamp!\nLamp"),
        ("Look: <kind>.", "Look: lamp."),
        ("Now 0.9 <kind>? yes", "Now 0.9 lamp? Yes"),
        ("<statement>. Next.", "So it is. Next."),
        ("Wait... <kind>.", "Wait... Lamp."),
    ],
)
def test_sentences_begin_with_a_capital_and_end_once(text: str, filled: str) -> None:
    assert fill(text, {"kind": "lamp", "statement": "So it is."}) == filled


def test_a_place_without_a_fact_is_not_passed_over() -> None:
    with pytest.raises(NothingToSay, match="percent"):
        fill("The <product> is <percent> off.", fills_of(facts_of(TEAPOT)))


def test_words_that_look_like_a_place_are_not_filled_again() -> None:
    assert fill("<name> and <shop>.", {"name": "<shop>", "shop": "Lark"}) == "<shop> and Lark."
