"""Does a shopper get the offers that run, count for the product, and are theirs?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from shopper_fakes import product
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.catalogue import Catalogue, ImportSummary
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.promotion_tables import KINDS
from bot.order_files import ImportedOrder
from bot.order_import import put_orders
from bot.orders import Order, OrderLine
from bot.promotions.audiences import VISITOR, AudienceFacts, Audiences, is_in
from bot.promotions.offer import OFFER_KINDS, Audience, Offer
from bot.promotions.offers import Offers
from knowledge_base.products import Product

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LAMP, BULB, TENT = product("L-1"), product("L-2", price_cents=300), product("T-1", "Tents", 9000)
OFFER = Offer("A", "percentage", NOON - timedelta(days=1), NOON + timedelta(days=1), "EUR", percent=20)
ANNA = AudienceFacts("C00001", "DE", "Onlookers", 2)
EVERY_FIELD = replace(
    OFFER,
    id="FULL",
    code="FULL-20",
    minimum_cents=500,
    skus=("L-1", "T-1"),
    categories=("Lamps",),
    audience=Audience(("DE", "AT"), ("Lamps lovers, mostly evenings",), "returning"),
)


def an_offer(id_: str, **values: object) -> Offer:
    """Two days around noon; a percentage of 20 if not said otherwise."""
    kind = values.get("kind", "percentage")
    wanted = {"percent": 20 if kind == "percentage" else None}
    return replace(OFFER, id=id_, **{**wanted, **values})  # type: ignore[arg-type]


@pytest.fixture
def offers(database: Database) -> Offers:
    Catalogue(database).put_products([LAMP, BULB, TENT])
    return Offers(database, lambda: NOON)


def ids(found: tuple[Offer, ...]) -> list[str]:
    return [offer.id for offer in found]


def for_lamp(offers: Offers, shopper: AudienceFacts = VISITOR, lamp: Product = LAMP) -> list[str]:
    return ids(offers.for_product(lamp, shopper))


def test_offers_come_back_whole(offers: Offers) -> None:
    bundle = an_offer("GIFT", kind="bundle", bundle_sku="L-2")
    offers.put([EVERY_FIELD, bundle])
    assert offers.offers() == (EVERY_FIELD, bundle)
    assert offers.offer("FULL") == EVERY_FIELD
    assert offers.offer("NONE\0") is None


def test_only_what_is_new_or_different_is_written_and_nothing_is_deleted(offers: Offers) -> None:
    other = an_offer("B", kind="free_shipping")
    assert offers.put([OFFER, other]) == ImportSummary(2, 0, 0)
    cest = timezone(timedelta(hours=2))
    same = replace(OFFER, starts_at=OFFER.starts_at.astimezone(cest))
    assert offers.put([same, replace(other, code="POST"), EVERY_FIELD]) == ImportSummary(1, 1, 1)
    assert offers.put([]) == ImportSummary(0, 0, 0)
    assert ids(offers.offers()) == ["A", "B", "FULL"]


def test_one_that_cannot_be_stored_keeps_all_out(offers: Offers) -> None:
    bad = replace(OFFER, id="B", starts_at=NOON.replace(tzinfo=None), ends_at=datetime(2027, 1, 1))
    with pytest.raises(StatementError, match="needs its tzinfo"):
        offers.put([OFFER, bad])
    assert offers.offers() == ()


def test_an_offer_runs_from_its_start_to_just_before_its_end(offers: Offers) -> None:
    offers.put([OFFER])
    moments = [OFFER.starts_at - timedelta(seconds=1), OFFER.starts_at, NOON, OFFER.ends_at]
    assert [ids(offers.running(at)) for at in moments] == [[], ["A"], ["A"], []]
    assert ids(offers.running()) == ["A"]
    assert ids(offers.for_product(LAMP, VISITOR, OFFER.ends_at)) == []


def test_a_bundle_is_given_out_while_its_product_is_sold_and_there(
    database: Database, offers: Offers
) -> None:
    offers.put(
        [an_offer("GIFT", kind="bundle", bundle_sku="L-2"), an_offer("GONE", kind="bundle", bundle_sku="X")]
    )
    assert ids(offers.running()) == for_lamp(offers) == ["GIFT"]
    Catalogue(database).put_products([replace(BULB, stock=0)])
    assert ids(offers.running()) == for_lamp(offers) == []


def test_the_largest_saving_on_one_piece_comes_first_and_ties_go_by_id(offers: Offers) -> None:
    offers.put(
        [
            an_offer("SHIP", kind="free_shipping"),
            an_offer("BIG-ORDERS", kind="amount", amount_cents=900, minimum_cents=1001),
            an_offer("GIFT", kind="bundle", bundle_sku="L-2"),
            an_offer("20-B"),
            an_offer("20-A"),
            an_offer("AMOUNT", kind="amount", amount_cents=500),
            an_offer("DOLLARS", kind="amount", amount_cents=500, currency="USD"),
        ]
    )
    assert for_lamp(offers) == ["AMOUNT", "GIFT", "20-A", "20-B", "SHIP", "BIG-ORDERS"]


def test_an_offer_counts_for_its_products_and_categories(offers: Offers) -> None:
    offers.put([an_offer("BULBS", skus=("L-2",)), an_offer("TENTS", categories=("Tents",)), an_offer("ALL")])
    assert [for_lamp(offers, lamp=one) for one in (LAMP, BULB, TENT)] == [
        ["ALL"],
        ["ALL", "BULBS"],
        ["ALL", "TENTS"],
    ]


def test_a_shopper_sees_each_offer_of_theirs_with_what_it_counts_for(offers: Offers) -> None:
    offers.put(
        [
            an_offer("TENTS", categories=("Tents",), percent=10),
            an_offer("LAMPS", categories=("Lamps",)),
            an_offer("SWISS", audience=Audience(countries=("CH",))),
            an_offer("NOTHING", skus=("L-9",)),
        ]
    )
    assert [(offer.id, skus) for offer, skus in offers.for_shopper(ANNA, [TENT, BULB, LAMP])] == [
        ("TENTS", (TENT,)),
        ("LAMPS", (BULB, LAMP)),
    ]
    assert offers.for_shopper(ANNA, []) == ()


def test_a_visitor_gets_only_what_is_for_everybody(offers: Offers) -> None:
    offers.put([OFFER, an_offer("DE", audience=Audience(countries=("DE",)))])
    assert for_lamp(offers) == ["A"]
    assert for_lamp(offers, ANNA) == ["A", "DE"]


@pytest.mark.parametrize(
    ("audience", "is_hers"),
    [
        (Audience(), True),
        (Audience(countries=("AT", "DE")), True),
        (Audience(countries=("AT",)), False),
        (Audience(segments=("Onlookers",)), True),
        (Audience(segments=("Regular buyers",)), False),
        (Audience(customers="returning"), True),
        (Audience(customers="first_order"), False),
        (Audience(("DE",), ("Onlookers",), "returning"), True),
        (Audience(("DE",), ("Regular buyers",), "returning"), False),
    ],
)
def test_an_audience_is_met_in_every_field_that_it_has(audience: Audience, is_hers: bool) -> None:
    assert is_in(audience, ANNA) is is_hers
    assert is_in(audience, VISITOR) is audience.is_everybody


def test_who_ordered_nothing_yet_is_not_returning_and_who_is_unknown_is_neither() -> None:
    first, returning = Audience(customers="first_order"), Audience(customers="returning")
    new, unknown = replace(ANNA, orders=0), replace(ANNA, orders=None)
    assert (is_in(first, new), is_in(returning, new)) == (True, False)
    assert (is_in(first, unknown), is_in(returning, unknown)) == (False, False)


def test_what_decides_is_read_of_customers_only(database: Database, offers: Offers) -> None:
    asked: list[str] = []

    def segment_of(customer_id: str) -> str | None:
        asked.append(customer_id)
        return {"C00001": "Onlookers"}.get(customer_id)

    people = [Customer(f"C0000{n}", f"{n}@mail.example", "", "DE", NOON) for n in (1, 2)]
    Customers(database).add(people)
    lines = (OrderLine("L-1", "Lamp", 1, 1000),)
    put_orders(
        database,
        [
            ImportedOrder(Order(f"LK-{number}", state, NOON, "EUR", 1000, lines), "C00001", 0)
            for number, state in enumerate(("delivered", "placed", "cancelled"))
        ],
    )
    audiences = Audiences(database, segment_of)
    assert audiences.audience_facts("C00001") == ANNA
    assert audiences.audience_facts("C00002") == AudienceFacts("C00002", "DE", None, 0)
    assert audiences.audience_facts(None) == audiences.audience_facts("C09999") == VISITOR
    assert asked == ["C00001", "C00002"]


def test_the_table_takes_the_kinds_that_there_are_and_no_others(database: Database, offers: Offers) -> None:
    assert KINDS == OFFER_KINDS
    offers.put([OFFER])
    for change in ("kind = 'gift'", "percent = 91", "ends_at = starts_at", "amount_cents = 0"):
        with pytest.raises(IntegrityError), database.session() as session:
            session.execute(text(f"UPDATE offers SET {change}"))
