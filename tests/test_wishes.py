"""Does a wish in a shopper's own words become the right conditions, and nothing that was not said?"""

from __future__ import annotations

from typing import Any

import pytest
from sample_shop import sample_products

from bot.recommendations.recommendation import Wish
from bot.recommendations.wishes import Wanted, WishReader

READER = WishReader(sample_products())
SHOES = frozenset({"RUN-001", "RUN-002", "RUN-003"})
TEAS = frozenset({"COF-009", "COF-010"})


def wanted(
    topic: str | None = None,
    categories: tuple[str, ...] = (),
    lowest: int | None = None,
    highest: int | None = None,
    text: str | None = None,
    out: frozenset[str] = frozenset(),
    out_skus: frozenset[str] = frozenset(),
    other: bool = False,
) -> Wanted:
    """Prices in whole units; `text` only where it is more than the topic."""
    cents = tuple(None if price is None else 100 * price for price in (lowest, highest))
    return Wanted(
        cents[0], cents[1], categories, out, out_skus, topic if text is None else text, topic, other
    )


NOTHING_SAID = (
    "recommend me something",
    "Surprise me!",
    "what should I buy",
    "Hi there, do you have any suggestions for me please?",
    "i dont know what to get",
    "show me something nice",
)

SENTENCES: dict[str, Wanted] = {
    # What it should be about
    "headphones": wanted("headphones", ("Audio",)),
    "could you please recommend a good tent": wanted("tent"),
    "wireles headphons please": wanted("wireless headphone", ("Audio",)),
    "something for the kitchen": wanted("kitchen", ("Kitchen",)),
    "kichen things": wanted("kitchen", ("Kitchen",)),
    "Any ideas for camping?": wanted("camping", ("Hiking & Camping",)),
    "i am a keen cyclist": wanted("cyclist", ("Cycling",)),
    "stuff for my home office": wanted("home office", ("Home Office",)),
    "a kitchen radio would be great": wanted("kitchen radio"),
    "i love listening to vinyl": wanted("listening to vinyl", ("Audio",)),
    "something against dry skin": wanted("against dry skin"),
    "a book about bees": wanted("book bees"),
    "toys or board games": wanted("toys or board games", ("Toys & Games",)),
    "what have you got for gardeners": wanted("gardeners"),
    # Budgets
    "under 50": wanted(highest=50),
    "between 20 and 40": wanted(lowest=20, highest=40),
    "20-40€ please": wanted(lowest=20, highest=40),
    "max 30€": wanted(highest=30),
    "less than fifty": wanted(highest=50),
    "no more than $25": wanted(highest=25),
    "I'd rather not spend more than 45 on it": wanted(highest=45),
    "my budget is about 80 euros": wanted(highest=80),
    "around 100 euros": wanted(lowest=75, highest=125),
    "a watch over 200 euros": wanted("watch", ("Watches & Wearables",), lowest=200),
    "at least 30 but under 60 euros": wanted(lowest=30, highest=60),
    "two hundred and fifty euros at most": wanted(highest=250),
    "a tent for 1.200 euros": wanted("tent", highest=1200),
    "speakers for €99 or less": wanted("speakers", ("Audio",), highest=99),
    "nothing above 40": wanted(highest=40),
    "i have 35 bucks": wanted(highest=35),
    "headphones under 100": wanted("headphones", ("Audio",), highest=100),
    "something under 15 for the desk": wanted("desk", ("Home Office",), highest=15),
    # Numbers that are no budget
    "shoes in size 42": wanted("shoes in size 42", ("Running",)),
    "a sleeve for a 15 inch laptop": wanted("sleeve for a 15 inch laptop", ("Home Office",)),
    "a tent for 2 people": wanted("tent for 2 people"),
    "board game for up to 6 players": wanted("board game 6 players", ("Toys & Games",)),
    "a backpack under 2 kg": wanted("backpack 2 kg"),
    "a puzzle with more than 500 pieces": wanted("puzzle 500 pieces", ("Toys & Games",)),
    "a watch strap around 20 mm": wanted("watch strap 20 mm", ("Watches & Wearables",)),
    "sizes 42-43": wanted("sizes 42-43".replace("-", " ")),
    # What to leave out
    "but no coffee": wanted(out=frozenset({"Coffee & Tea"})),
    "everything except toys": wanted(out=frozenset({"Toys & Games"})),
    "nothing for the kitchen, thanks": wanted(out=frozenset({"Kitchen"})),
    "not running shoes": wanted(out_skus=SHOES),
    "something for running without shoes": wanted("running", ("Running",), out_skus=SHOES),
    "no toys and no skin care": wanted(out=frozenset({"Toys & Games", "Skin Care"})),
    "coffee but no tea": wanted("coffee", ("Coffee & Tea",), out_skus=TEAS),
    "not toys, something for cycling": wanted("cycling", ("Cycling",), out=frozenset({"Toys & Games"})),
    "she already has a teapot": wanted(out_skus=frozenset({"COF-008"})),
    "anything but a tent": wanted(out_skus=frozenset({"HIK-002"})),
    "no preference": wanted(),
    # Gifts, and people of whom nothing is concluded
    "a gift for my father who likes hiking, under 50": wanted(
        "hiking", ("Hiking & Camping",), highest=50, other=True
    ),
    "something for her": wanted(other=True),
    "my wife loves coffee": wanted("coffee", ("Coffee & Tea",), other=True),
    "birthday present for my brother, he is into vinyl and cycling, max. 60": wanted(
        "vinyl and cycling", ("Audio", "Cycling"), highest=60, other=True
    ),
    "gift for a 10 year old": wanted(None, text="10 year old", other=True),
    "toy for a six-year-old girl under 25 euros": wanted(
        "toy", ("Toys & Games",), highest=25, text="toy six-year-old", other=True
    ),
    "something for the kids": wanted(None, text="kids"),
    "a present": wanted(None, text="gift", other=True),
    "a present for a man over 60": wanted(None, text="gift", other=True),
    "women's tights for cold days": wanted("women's tights for cold"),
    "gift for my grandma. nothing for the kitchen please, 30 to 40 euros": wanted(
        None, lowest=30, highest=40, text="gift", out=frozenset({"Kitchen"}), other=True
    ),
}


@pytest.mark.parametrize("message", NOTHING_SAID)
def test_a_plain_request_holds_no_condition(message: str) -> None:
    assert READER.read(message) == Wanted()


@pytest.mark.parametrize(("message", "expected"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_says_what_it_says(message: str, expected: Wanted) -> None:
    assert READER.read(message) == expected


def test_cheap_is_the_lower_third_of_what_is_looked_for_and_precious_the_upper() -> None:
    prices = sorted(p.price_cents for p in sample_products() if p.category == "Watches & Wearables")
    cheap, precious = READER.read("a cheap watch"), READER.read("a luxury watch")
    assert (cheap.lowest_cents, cheap.highest_cents) == (None, prices[4])
    assert (precious.lowest_cents, precious.highest_cents) == (prices[8], None)


def test_a_number_is_more_telling_than_cheap() -> None:
    assert READER.read("something cheap, under 20").highest_cents == 2000


def test_what_is_remembered_names_no_person() -> None:
    for message in (
        "a toy for my 4 year old son",
        "gift for my toddler",
        "something for my grandmother's garden",
    ):
        topic = READER.read(message).topic or ""
        assert not any(word in topic for word in ("son", "toddler", "grandmother", "4", "year"))


def test_what_was_wanted_becomes_the_wish() -> None:
    assert READER.read("headphones under 100, no vinyl").as_wish() == Wish(
        text="headphones",
        highest_cents=10000,
        categories=("Audio",),
        excluded_skus=frozenset({"AUD-003", "AUD-012"}),
    )


def test_an_empty_catalogue_knows_no_kinds_and_no_cheap() -> None:
    found: Any = WishReader(()).read("cheap headphones, no coffee, under 20 euros")
    assert found == wanted("headphones", highest=20)
