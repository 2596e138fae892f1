"""Does the second reading find each claim that is not in the facts, and let true texts through?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.promotions.facts import Facts, Reader
from bot.promotions.offer import Audience, Offer
from bot.promotions.second_reading import read_again
from knowledge_base.products import Product

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BACKPACK = Product(
    sku="FJE-28",
    name="Fjell 28 Backpack",
    brand="Tindra",
    category="Hiking & Camping",
    price_cents=9900,
    currency="EUR",
    stock=7,
    attributes={
        "Volume": "28 litres",
        "Weight": "980 g",
        "Material": "recycled nylon",
        "Waterproof": "No",
        "Colours": "black or green",
        "Warranty": "3 years",
        "Packed size": "44 x 15 cm",
    },
    tags=("backpack", "day trips", "padded"),
    description=(
        "The Fjell 28 holds 28 litres and weighs 980 g. Its straps are padded, and the hip belt can be "
        "removed. The lid is the best place for a map. A rain cover is included. It is not made of leather."
        "\n\n"
        "Tindra repairs torn seams for three years."
    ),
)
MUG = replace(
    BACKPACK,
    sku="MUG-1",
    name="Kettra Steel Mug",
    brand="Kettra",
    price_cents=1200,
    attributes={},
    tags=(),
    description="",
)
BASIC: dict[str, Any] = {
    "id": "winter",
    "starts_at": datetime(2026, 11, 20, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
    "currency": "EUR",
}
PERCENT = Offer(kind="percentage", percent=20, **BASIC)
CODE = Offer(kind="percentage", percent=20, code="WINTER20", minimum_cents=5000, **BASIC)
AMOUNT = Offer(kind="amount", amount_cents=1000, **BASIC)
BUNDLE = Offer(kind="bundle", bundle_sku="MUG-1", **BASIC)
SHIPPING = Offer(kind="free_shipping", minimum_cents=5000, **BASIC)
FIRST = Offer(
    kind="percentage", percent=20, audience=Audience(customers="first_order"), skus=("FJE-28",), **BASIC
)
READER = Reader(first_name="Anna", seen="Ember One Gas Stove", interest="Kitchen")


def facts_with(offer: Offer | None) -> Facts:
    return Facts(
        product=BACKPACK,
        shop_name="Nordlys Outdoor",
        at=AT,
        offer=offer,
        bundle=MUG if offer is BUNDLE else None,
        reader=READER,
        timezone_name="Europe/Oslo",
    )


TRUE = [
    (PERCENT, "The Fjell 28 Backpack is now 79.20 EUR instead of 99.00 EUR until 30 November."),
    (PERCENT, "You looked at the Ember One Gas Stove; meet the Fjell 28 Backpack. Take your time."),
    (PERCENT, "20% off the Fjell 28 Backpack, through Monday, 30 November 2026. You save 19.80 EUR."),
    (PERCENT, "Hi Anna, the Fjell 28 is down from 99.00 EUR to 79.20 EUR. No hurry: it ends on 30 November."),
    (PERCENT, "Until 30 November the Tindra Fjell 28 Backpack costs 79.20 EUR, which is 19.80 EUR less."),
    (PERCENT, "Twenty percent off until Monday. Feel free to look."),
    (PERCENT, "Take the day off and set off with the Fjell 28 Backpack: 20% cheaper until 30 November."),
    (PERCENT, "The price drops from 99.00 EUR to 79.20 EUR. 30 November is the last day."),
    (PERCENT, "Only 6 days left: 20% off the Fjell 28 Backpack."),
    (PERCENT, "No code needed: the price is already 20% lower."),
    (CODE, "Enter the code WINTER20 at the checkout for 20% off orders from 50.00 EUR."),
    (
        CODE,
        "With code WINTER20 the Fjell 28 Backpack is 79.20 EUR, on orders over 50.00 EUR.",
    ),
    (AMOUNT, "10.00 EUR off the Fjell 28 Backpack: now 89.00 EUR, was 99.00 EUR."),
    (AMOUNT, "Save 10.00 EUR on the Fjell 28 Backpack by 30 November."),
    (AMOUNT, "A saving of 10.00 EUR on one of our packs."),
    (
        BUNDLE,
        "The Kettra Steel Mug comes along with the Fjell 28 Backpack at no extra cost until 30 November.",
    ),
    (BUNDLE, "Buy the Fjell 28 Backpack and the Kettra Steel Mug, worth 12.00 EUR, is free."),
    (SHIPPING, "Free shipping on orders from 50.00 EUR until 30 November."),
    (SHIPPING, "The Fjell 28 Backpack is 99.00 EUR, and the delivery is free."),
    (FIRST, "20% off your first order of the Fjell 28 Backpack."),
    (None, "The Fjell 28 Backpack costs 99.00 EUR and holds 28 litres."),
    (None, "It weighs 980 g, is made of recycled nylon and comes in black or green."),
    (None, "A rain cover is included. Take your time."),
    (None, "The lid is the best place for a map. More or less all you need for a day out."),
    (None, "There are 7 left in stock. Tindra gives a warranty of 3 years."),
    (None, "The hip belt can be removed and the straps are padded. It is not waterproof."),
    (None, "You were looking at kitchen things. This one is for the trail: the Fjell 28 Backpack by Tindra."),
    (None, "Hello Anna, Sunday walks need a pack. The Fjell 28 packs down to 44 x 15 cm."),
    (None, "In stock at Nordlys Outdoor: the Fjell 28 Backpack, no leather, no fuss."),
    (None, "A gift for someone who walks? The Fjell 28 Backpack holds 28 litres."),
    (None, "Think twice, then look at the Fjell 28 Backpack. It comes with a rain cover."),
    (None, "Seams that tear are repaired for three years."),
    (None, "Have you seen the Fjell 28 Backpack yet?"),
    (SHIPPING, "Orders over 50.00 EUR travel to you free of shipping costs."),
    (None, "See it at https://shop.example/p/FJE-28?v=3 whenever you like."),
]
FALSE = [
    (PERCENT, "The Fjell 28 Backpack is now 74.20 EUR.", "74.20 EUR"),
    (PERCENT, "The Fjell 28 Backpack is 79.20 EUR instead of 109.00 EUR.", "109.00 EUR"),
    (PERCENT, "Save 79.20 EUR on the Fjell 28 Backpack.", "79.20 EUR"),
    (PERCENT, "Now 99.00 EUR instead of 79.20 EUR.", "99.00 EUR"),
    (PERCENT, "The price drops from 79.20 EUR to 99.00 EUR.", "79.20 EUR"),
    (PERCENT, "25% off the Fjell 28 Backpack.", "25%"),
    (PERCENT, "28% off the Fjell 28 Backpack.", "28%"),
    (PERCENT, "Thirty percent off until 30 November.", "30 percent"),
    (PERCENT, "20% off until 29 November.", "29 November"),
    (PERCENT, "20% off until Sunday, 30 November.", "Sunday"),
    (PERCENT, "20% off until tomorrow.", "tomorrow"),
    (PERCENT, "20% off, only 3 days left.", "3 days left"),
    (PERCENT, "Half price until 30 November.", "half"),
    (PERCENT, "20% off with code SPRING5.", "SPRING5"),
    (PERCENT, "20% off and free shipping.", "shipping"),
    (PERCENT, "20% off all orders over 40.00 EUR.", "40.00 EUR"),
    (PERCENT, "The Kettra Steel Mug comes along.", "comes along"),
    (PERCENT, "Hurry, 20% off the Fjell 28 Backpack.", "Hurry"),
    (PERCENT, "20% off while stocks last.", "while stocks last"),
    (PERCENT, "Last chance: 20% off.", "Last chance"),
    (CODE, "No code needed for 20% off.", "No code"),
    (CODE, "20% off any order with code WINTER20.", "any order"),
    (AMOUNT, "20.00 EUR off the Fjell 28 Backpack.", "20.00 EUR"),
    (BUNDLE, "The Fjell 28 Backpack is reduced to 79.20 EUR.", "reduced"),
    (BUNDLE, "A Kettra Steel Mug and a torch are included.", "torch"),
    (SHIPPING, "Next day delivery, free from 50.00 EUR.", "Next day"),
    (SHIPPING, "Free shipping from 30.00 EUR.", "30.00 EUR"),
    (None, "The Fjell 28 Backpack was 129.00 EUR, now 99.00 EUR.", "129.00 EUR"),
    (None, "The Fjell 28 Backpack is on sale.", "on sale"),
    (None, "It costs 99.00 USD.", "USD"),
    (None, "It holds 38 litres.", "38 litres"),
    (None, "It weighs 28 g.", "28 g"),
    (None, "Only 3 left in stock.", "3 left"),
    (None, "A waterproof pack for wet days.", "waterproof"),
    (None, "Made of leather that lasts.", "leather"),
    (None, "Also in red.", "red"),
    (None, "It has twelve pockets.", "12"),
    (None, "The best backpack there is.", "best"),
    (None, "The lightest pack for the hills.", "lightest"),
    (None, "Our bestseller is here.", "bestseller"),
    (None, "The new Fjell 28 Backpack.", "new"),
    (None, "It is better than other packs.", "better than"),
    (None, "An award-winning pack.", "award"),
    (None, "Good for your back on long days.", "Good for your back"),
    (None, "With a warranty of 10 years.", "10 years"),
    (None, "Not right? Send it back within 30 days.", "Send it back"),
    (None, "Hello Peter, look at the Fjell 28 Backpack.", "Peter"),
    (None, "You bought the Ember One Gas Stove.", "You bought"),
    (None, "You looked at the Fjell 28 Backpack.", "at the Fjell 28 Backpack"),
    (None, "It goes well with the Ortus Pro from our shop.", "Ortus"),
    (None, "A pack for a busy mum.", "mum"),
    (None, "Made for walks around your city.", "your city"),
    (None, "The <product> is here.", "<product>"),
    (None, "The Fjell 28 {pack|bag} is here.", "{pack|bag}"),
    (None, "[short] The Fjell 28 Backpack is here.", "[short]"),
    (None, "Customers love the Fjell 28 Backpack.", "Customers love"),
    (None, "Have a look, Julia.", "Julia"),
    (None, "Windproof and warm.", "Windproof"),
    (None, "Ends at midnight.", "midnight"),
    (None, "Lighter than all you know.", "Lighter than"),
    (PERCENT, "20% off the Ember One Gas Stove.", "Ember One Gas Stove"),
    (SHIPPING, "Free shipping, no minimum.", "no minimum"),
    (None, "  ", "empty"),
]


@pytest.mark.parametrize(("offer", "text"), TRUE)
def test_a_true_text_passes(offer: Offer | None, text: str) -> None:
    assert read_again("chat", None, text, facts_with(offer)) == ()


@pytest.mark.parametrize(("offer", "text", "named"), FALSE)
def test_a_false_claim_is_named(offer: Offer | None, text: str, named: str) -> None:
    assert named.lower() in " ".join(read_again("chat", None, text, facts_with(offer))).lower()


def test_an_offer_that_is_over_supports_nothing() -> None:
    facts = replace(facts_with(PERCENT), at=datetime(2026, 12, 2, tzinfo=UTC))
    assert read_again("chat", None, "20% off the Fjell 28 Backpack.", facts) != ()


def test_the_last_day_is_that_of_the_shops_timezone() -> None:
    facts = replace(facts_with(PERCENT), timezone_name="Asia/Tokyo")
    assert read_again("chat", None, "20% off until 1 December.", facts) == ()
    assert len(read_again("chat", None, "20% off until 30 November.", facts)) == 1


def test_the_subject_is_read_as_well() -> None:
    body = "Look at the Fjell 28 Backpack. To unsubscribe, follow https://shop.example/u/1."
    assert read_again("email", "A pack of 28 litres", body, facts_with(None)) == ()
    assert read_again("email", "A pack of 30 litres", body, facts_with(None)) == (
        "'30 litres' is not in the facts",
    )


def test_an_email_says_how_to_unsubscribe() -> None:
    assert read_again("email", "A pack", "Look at the Fjell 28 Backpack.", facts_with(None)) == (
        "the e-mail does not say how to unsubscribe",
    )


def test_an_sms_fits_and_says_stop() -> None:
    text = "Nordlys Outdoor: Fjell 28 Backpack, 20% off until 30 November. Reply STOP to opt out"
    assert read_again("sms", None, text, facts_with(PERCENT)) == ()
    assert read_again("sms", None, "Take your time.", facts_with(None)) == ("the SMS does not say STOP",)
    assert "cannot hold" in read_again("sms", None, f"{text} ✓", facts_with(PERCENT))[0]
    assert "septets" in read_again("sms", None, f"{text}{' and look' * 10}", facts_with(PERCENT))[0]


def test_another_products_name_is_found_at_the_start_of_a_sentence() -> None:
    assert read_again("chat", None, "Ortus is here.", facts_with(None), frozenset({"Ortus"})) == (
        "'Ortus' is another product or brand",
    )
