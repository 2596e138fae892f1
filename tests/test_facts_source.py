"""Do facts come from the shop's own records, and what a shopper looked at only from those who agreed?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from promotion_fakes import BERLIN, BUNDLE, EARBUDS, NOW, PERCENT, SHOP, STATEMENT, STOVE, TEAPOT

from bot.customers import Customer
from bot.promotions.facts import Reader
from bot.promotions.facts_source import EVENTS_READ, FactsSource, first_name_of
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product
from knowledge_base.shop_details import ShopDetails

MUG, KETTLE = (
    replace(TEAPOT, sku="MUG", name="Brassick Mug, 2 Pack"),
    replace(TEAPOT, sku="KETTLE", name="Swanling Kettle"),
)
PRODUCTS = (STOVE, EARBUDS, TEAPOT, MUG, KETTLE)
ANNA = Customer("C1", "a@mail.example", "Anna Berg", "DE", NOW)
VISITOR = Shopper(anonymous_id="browser")


@dataclass
class Shop:
    """Everything that facts come from; `asked` are the shoppers whose behaviour was read."""

    views: tuple[tuple[str, datetime], ...] = ()
    customers_: tuple[Customer, ...] = (ANNA,)
    agreed: bool = False
    event_name: str = "Product Viewed"
    asked: list[tuple[Shopper, int | None]] = field(default_factory=list)

    def product(self, sku: str) -> Product | None:
        return next((product for product in PRODUCTS if product.sku == sku), None)

    def products(self) -> tuple[Product, ...]:
        return PRODUCTS

    def customer(self, customer_id: str) -> Customer | None:
        return next((one for one in self.customers_ if one.id == customer_id), None)

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]:
        self.asked.append((shopper, limit))
        return tuple(
            Event(f"m{number}", self.event_name, at, shopper.customer_id, shopper.anonymous_id, sku)
            for number, (sku, at) in enumerate(self.views)
        )

    def may_profile(self, customer_id: str) -> bool:
        return self.agreed

    def source(self) -> FactsSource:
        details = ShopDetails(SHOP, "help@shop.example", "1", "9 to 5", "https://shop.example", BERLIN)
        return FactsSource(self, self, self, self, details, lambda: NOW)


def views(*skus: str, at: datetime = NOW) -> tuple[tuple[str, datetime], ...]:
    return tuple((sku, at) for sku in skus)


def test_facts_are_the_products_the_shops_and_the_offers_own() -> None:
    facts = Shop().source().facts(STOVE, BUNDLE, None)
    assert (facts.product, facts.offer, facts.bundle) == (STOVE, BUNDLE, TEAPOT)
    assert (facts.shop_name, facts.timezone_name, facts.at) == (SHOP, BERLIN, NOW)
    assert facts.details == {"weight": "262 g", "warranty": "3 years"}
    assert facts.statements == (STATEMENT,)
    assert facts.reader == Reader()


def test_only_a_bundle_brings_another_product() -> None:
    assert Shop().source().facts(STOVE, PERCENT, None).bundle is None
    assert Shop().source().facts(STOVE, replace(BUNDLE, bundle_sku="GONE"), None).bundle is None


def test_a_name_comes_from_the_account_and_behaviour_of_those_who_did_not_agree_is_not_read() -> None:
    shop = Shop(views("MUG", "KETTLE"))
    assert shop.source().facts(TEAPOT, None, "C1").reader == Reader("Anna")
    assert shop.asked == []


def test_of_who_agreed_the_newest_views_of_late_are_read() -> None:
    shop = Shop(views("MUG", "KETTLE"), agreed=True)
    assert shop.source().reader(TEAPOT, "C1", None) == Reader("Anna", "Coffee & Tea", "Swanling Kettle")
    assert shop.asked == [(Shopper(customer_id="C1"), EVENTS_READ)]


def test_of_a_visitor_only_the_given_browser_is_read() -> None:
    shop = Shop(views("MUG", "KETTLE"))
    assert shop.source().reader(STOVE, None, VISITOR) == Reader(None, "Coffee & Tea", None)
    assert shop.asked == [(VISITOR, EVENTS_READ)]
    assert shop.source().reader(STOVE, None, None) == Reader()


@pytest.mark.parametrize("agreed", [True, False])
def test_an_unknown_customer_is_nobody(agreed: bool) -> None:
    shop = Shop(views("MUG", "KETTLE"), agreed=agreed)
    assert shop.source().reader(TEAPOT, "C9", None) == Reader()
    assert shop.asked == []


@pytest.mark.parametrize(
    ("skus", "interest", "seen"),
    [
        ((), None, None),
        (("MUG",), None, "Brassick Mug, 2 Pack"),
        (("MUG", "MUG", "MUG"), None, "Brassick Mug, 2 Pack"),
        (("KETTLE", "MUG"), "Coffee & Tea", "Brassick Mug, 2 Pack"),
        (("TEAPOT",), None, None),
        (("TEAPOT", "MUG"), "Coffee & Tea", "Brassick Mug, 2 Pack"),
        (("STOVE", "EARBUDS"), None, None),
        (("GONE", "GONE"), None, None),
    ],
)
def test_two_products_make_an_interest_and_another_of_the_same_kind_a_reason(
    skus: tuple[str, ...], interest: str | None, seen: str | None
) -> None:
    assert Shop(views(*skus)).source().reader(TEAPOT, None, VISITOR) == Reader(None, interest, seen)


def test_what_is_long_ago_is_forgotten() -> None:
    just, before = NOW - timedelta(days=60), NOW - timedelta(days=60, seconds=1)
    assert Shop(views("MUG", "KETTLE", at=just)).source().reader(TEAPOT, None, VISITOR).interest is not None
    assert Shop(views("MUG", "KETTLE", at=before)).source().reader(TEAPOT, None, VISITOR) == Reader()


def test_only_views_are_looked_at() -> None:
    shop = Shop(views("MUG", "KETTLE"), event_name="Product Added")
    assert shop.source().reader(TEAPOT, None, VISITOR) == Reader()


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Berg", "Anna"),
        ("  Jean-Luc  Martin", "Jean-Luc"),
        ("O'Neil", "O'Neil"),
        ("Özlem Ak", "Özlem"),
        ("J. Smith", None),
        ("X Y", None),
        ("Berg, Anna", None),
        ("<b>Anna</b>", None),
        ("anna99", None),
        ("a@mail.example", None),
        ("-'", None),
        ("", None),
    ],
)
def test_a_first_name_is_a_word_that_reads_as_one(name: str, first: str | None) -> None:
    assert first_name_of(name) == first
