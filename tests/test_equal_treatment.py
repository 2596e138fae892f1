"""Do people with other names get other offers or another tone for the same product? They must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from promotion_fakes import AMOUNT, BUNDLE, EARBUDS, NOW, PERCENT, STOVE, TEAPOT, FixedWriter, facts_of

from bot.customers import Customer
from bot.promotions.facts import Facts, Reader
from bot.promotions.facts_source import FactsSource
from bot.promotions.layout import Footers
from bot.promotions.offer import Offer
from bot.promotions.plans import CHANNELS, Channel
from bot.promotions.promoter import Candidate, Promoted, Promoter, Request
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product
from knowledge_base.shop_details import ShopDetails

NAMES = (
    "Anna",
    "Otto",
    "Bo",
    "Maximilian-Alexander",
    "Fatima",
    "Mehmet",
    "Mai",
    "August",
    "Gertrude",
    "Kevin",
)
"""Women and men, old and young names, from here and there, short and long, and one that is a month."""
FOOTERS = Footers("https://shop.example/no-more")
SEED = 20_261_124


def request(name: str, channel: Channel, product: Product, offer: Offer | None) -> Request:
    reader = Reader(name, "Coffee & Tea", "Halvora Daybreak Face Cream")
    vector = np.asarray([1.0, 0.0], dtype=np.float32)
    return Request(facts_of(product, offer, reader=reader), channel, 3, seed=SEED, reader_vector=vector)


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Which way a text points follows from every letter of it."""
    turns = [sum(map(ord, text)) % 97 / 97 for text in texts]
    return np.asarray([(np.cos(turn), np.sin(turn)) for turn in turns], dtype=np.float32)


def promoted(asked: Request) -> tuple[Promoted, FixedWriter]:
    writer = FixedWriter()
    return Promoter(writer, FOOTERS, embed).promote(asked), writer


def without_name(candidate: Candidate, name: str) -> tuple[object, ...]:
    """All that there is of a candidate but its name."""
    told = tuple(one for one in candidate.told if not one.startswith("name: "))
    message = candidate.message
    return (
        message.text.replace(name, "*"),
        (message.subject or "").replace(name, "*"),
        candidate.source,
        candidate.tone,
        told,
        candidate.findings,
        candidate.plans,
        candidate.written,
    )


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("product", "offer"),
    [
        (STOVE, None),
        (STOVE, PERCENT),
        (EARBUDS, AMOUNT),
        (STOVE, BUNDLE),
        (EARBUDS, replace(PERCENT, code="AUTUMN20")),
        (TEAPOT, replace(AMOUNT, minimum_cents=9000)),
    ],
)
def test_other_names_get_the_same_plans_texts_and_order(
    channel: Channel, product: Product, offer: Offer | None
) -> None:
    first, first_writer = promoted(request(NAMES[0], channel, product, offer))
    expected = [without_name(one, NAMES[0]) for one in (*first.messages, *first.refused)]
    assert first.messages
    for name in NAMES[1:]:
        other, writer = promoted(request(name, channel, product, offer))
        assert writer.asked == first_writer.asked
        assert [without_name(one, name) for one in (*other.messages, *other.refused)] == expected


def test_a_text_with_a_month_in_it_passes_for_whoever_is_called_like_it() -> None:
    ends = PERCENT.ends_at.replace(year=2027, month=8, day=31, hour=12)
    asked = request("August", "email", STOVE, replace(PERCENT, ends_at=ends))
    assert promoted(asked)[0].refused == ()


class Accounts:
    """Customers with the same id and behaviour but another name and country."""

    def __init__(self, name: str, country: str) -> None:
        self._customer = Customer("C1", "c1@mail.example", name, country, NOW)

    def customer(self, customer_id: str) -> Customer | None:
        return self._customer

    def product(self, sku: str) -> Product | None:
        return TEAPOT

    def products(self) -> tuple[Product, ...]:
        return (STOVE, TEAPOT)

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]:
        return (Event("m1", "Product Viewed", NOW, shopper.customer_id, None, TEAPOT.sku),)

    def may_profile(self, customer_id: str) -> bool:
        return True

    def facts(self) -> Facts:
        details = ShopDetails("Lark", "help@shop.example", "1", "9 to 5", "https://shop.example")
        return FactsSource(self, self, self, self, details, lambda: NOW).facts(STOVE, PERCENT, "C1")


def test_the_facts_of_two_people_differ_by_their_first_name_only() -> None:
    anna, otto = Accounts("Anna Berg", "DE").facts(), Accounts("Otto Yilmaz", "TR").facts()
    assert (anna.reader.first_name, otto.reader.first_name) == ("Anna", "Otto")
    assert replace(anna, reader=replace(anna.reader, first_name="Otto")) == otto


def test_facts_have_no_place_for_age_or_gender() -> None:
    assert set(Reader.__dataclass_fields__) == {"first_name", "interest", "seen"}
