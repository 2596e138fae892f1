"""Is the demo shop complete, consistent, the same every time, and careful with what is not its own?"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import correlation, mean

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.catalogue import Catalogue
from bot.cli.demo import command
from bot.conversations import Conversations
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import STATES, BrowserRow, OrderRow, ProfileRow
from bot.demo import (
    DemoSize,
    DemoSummary,
    ForeignData,
    MissingSample,
    create_demo,
    read_sample,
    read_sample_offers,
)
from bot.demo.anna import anna_keller
from bot.demo.demo_customers import make_customers
from bot.demo.demo_offers import read_demo_offers
from bot.demo.demo_orders import SHIPPING
from bot.demo.history import Historian, History
from bot.demo.tastes import Shelves
from bot.orders import OrderLine, Orders
from bot.promotions.marketing_consent import MarketingConsents
from bot.promotions.offer import OFFER_KINDS
from bot.promotions.offer_files import OfferingShop
from bot.promotions.offers import Offers
from bot.shoppers.consent import Consents
from bot.shoppers.events import Event, Events
from bot.shoppers.shopper import Shopper
from bot.shoppers.traits import Traits, put_traits
from knowledge_base.products import Product
from knowledge_base.row_files import BrokenRows

SAMPLE = Path("knowledge_base/sample")
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SMALL = DemoSize(customers=30, orders=60, events=1500)
SMALL_SUMMARY = DemoSummary(products=130, reviews=360, customers=30, orders=60, events=1500, offers=17)


@pytest.fixture(scope="module")
def products() -> tuple[Product, ...]:
    return read_sample(SAMPLE)[0]


def tell(products: tuple[Product, ...], seed: int) -> tuple[tuple[Customer, ...], History]:
    random = Random(seed)
    customers = (anna_keller(TODAY), *make_customers(300, TODAY, random))
    return customers, Historian(Shelves(products, random), TODAY, random).tell(customers, 1000, 20_000)


@pytest.fixture(scope="module")
def told(products: tuple[Product, ...]) -> tuple[tuple[Customer, ...], History]:
    return tell(products, seed=20)


@pytest.fixture(scope="module")
def history(told: tuple[tuple[Customer, ...], History]) -> History:
    return told[1]


def test_a_seed_tells_the_same_story_again_and_another_another(
    products: tuple[Product, ...], told: tuple[tuple[Customer, ...], History]
) -> None:
    assert tell(products, seed=20) == told
    assert tell(products, seed=21) != told


def test_there_are_exactly_so_many_orders_and_events_over_eighteen_months(history: History) -> None:
    assert (len(history.orders), len(history.events)) == (1000, 20_000)
    times = [event.at for event in history.events]
    assert times == sorted(times)
    assert timedelta(days=530) < times[-1] - times[0] < timedelta(days=549)
    assert times[-1] <= TODAY


def test_every_state_occurs(history: History) -> None:
    assert {made.order.state for made in history.orders} == set(STATES)


def test_what_has_happened_to_an_order_fits_its_state(history: History) -> None:
    for made in history.orders:
        order = made.order
        moments = [order.placed_at, order.shipped_at, order.delivered_at]
        happened = [moment for moment in moments if moment is not None]
        assert happened == sorted(happened)
        assert happened[-1] <= TODAY
        assert (order.carrier is None) == (order.tracking_number is None) == (order.shipped_at is None)
        if order.state in ("placed", "paid", "packed", "cancelled"):
            assert order.shipped_at is None
        if order.state in ("shipped", "delivered", "returned"):
            assert order.shipped_at is not None
            assert (order.delivered_at is None) == (order.state == "shipped")
        assert (order.expected_at is None) == (
            order.state == "cancelled" or (order.state == "refunded" and order.shipped_at is None)
        )
        if order.state in ("placed", "paid", "packed", "shipped"):
            assert order.expected_at is not None
            assert order.expected_at > TODAY


def test_totals_are_lines_at_catalogue_prices_plus_shipping(
    products: tuple[Product, ...], told: tuple[tuple[Customer, ...], History]
) -> None:
    customers, history = told
    price = {product.sku: product.price_cents for product in products}
    country = {customer.id: customer.country for customer in customers}
    for made in history.orders:
        assert [line.price_cents for line in made.order.lines] == [
            price[line.sku] for line in made.order.lines
        ]
        goods_cents = sum(line.quantity * line.price_cents for line in made.order.lines)
        assert made.order.total_cents == goods_cents + made.shipping_cents
        cost, free_from, _ = SHIPPING[country[made.customer_id]]
        assert made.shipping_cents == (0 if free_from is not None and goods_cents >= free_from else cost)


def test_every_order_of_who_agrees_has_its_event_and_nobody_acts_before_the_account(
    told: tuple[tuple[Customer, ...], History],
) -> None:
    customers, history = told
    since = {customer.id: customer.created_at for customer in customers}
    completed = {e.properties["order_id"]: e for e in history.events if e.name == "Order Completed"}
    agreeing = {customer.id for customer in customers if customer.profiling_consent}
    made_by_agreeing = [made for made in history.orders if made.customer_id in agreeing]
    assert completed.keys() == {made.order.number for made in made_by_agreeing}
    for made in made_by_agreeing:
        assert completed[made.order.number].at == made.order.placed_at
        assert completed[made.order.number].customer_id == made.customer_id
    assert all(
        event.at >= since[event.customer_id] for event in history.events if event.customer_id is not None
    )


def test_of_who_does_not_agree_there_are_orders_but_no_events(
    told: tuple[tuple[Customer, ...], History],
) -> None:
    customers, history = told
    refusing = {customer.id for customer in customers if not customer.profiling_consent}
    assert len(refusing) > 60
    assert sum(made.customer_id in refusing for made in history.orders) > 100
    assert refusing & {event.customer_id for event in history.events} == set()
    assert refusing & {browser.customer_id for browser in history.browsers} == set()


def test_what_a_browser_did_before_its_last_sign_in_is_the_customers(history: History) -> None:
    signed_in = {browser.anonymous_id: browser for browser in history.browsers}
    own = [event for event in history.events if event.anonymous_id in signed_in]
    for event in own:
        browser = signed_in[str(event.anonymous_id)]
        assert event.customer_id in (None, browser.customer_id)
        if event.at <= browser.at:
            assert event.customer_id == browser.customer_id
    assert sum(event.customer_id is None for event in own) > 50
    assert len(signed_in) > 150


def test_some_shoppers_are_never_signed_in(history: History) -> None:
    signed_in = {event.anonymous_id for event in history.events if event.customer_id is not None}
    strangers = {event.anonymous_id for event in history.events} - signed_in
    assert len(strangers) > 200


def test_who_buys_running_things_looks_at_watches_more_than_others(
    products: tuple[Product, ...], history: History
) -> None:
    watches = share_of_views(
        products, history.events, "Watches & Wearables", buyers(products, history, "Running")
    )
    everyone = share_of_views(products, history.events, "Watches & Wearables", None)
    assert watches > 1.3 * everyone


def test_who_buys_hiking_things_looks_at_cycling_more_than_others(
    products: tuple[Product, ...], history: History
) -> None:
    cycling = share_of_views(
        products, history.events, "Cycling", buyers(products, history, "Hiking & Camping")
    )
    assert cycling > 1.3 * share_of_views(products, history.events, "Cycling", None)


def test_soon_after_buying_coffee_shoppers_look_at_kitchen_things_more_than_before(
    products: tuple[Product, ...], history: History
) -> None:
    category = {product.sku: product.category for product in products}
    last_bought: dict[str, tuple[str, datetime]] = {}
    soon, before = list[bool](), list[bool]()
    fans = buyers(products, history, "Coffee & Tea")
    for event in history.events:
        if event.customer_id not in fans:
            continue
        if event.name == "Order Completed":
            last_bought[event.customer_id] = (category[event.properties["products"][0]["sku"]], event.at)
        elif event.name == "Product Viewed" and event.sku is not None:
            what, at = last_bought.get(event.customer_id, ("", event.at))
            is_soon = what == "Coffee & Tea" and event.at - at < timedelta(days=45)
            (soon if is_soon else before).append(category[event.sku] == "Kitchen")
    assert mean(soon) > 1.4 * mean(before)


def test_a_shopper_keeps_to_a_level_of_price(products: tuple[Product, ...], history: History) -> None:
    place = price_places(products)
    views = [[place[sku] for sku in skus] for skus in views_by_browser(history).values() if len(skus) >= 6]
    assert correlation([mean(some[::2]) for some in views], [mean(some[1::2]) for some in views]) > 0.6


def test_a_shopper_keeps_to_brands(products: tuple[Product, ...], history: History) -> None:
    shelf = {product.sku: (product.category, product.brand) for product in products}
    random, own, others = Random(1), list[bool](), list[bool]()
    seen = defaultdict(list)
    for event in history.events:
        if event.name == "Product Viewed" and event.sku is not None:
            seen[shelf[event.sku][0]].append(event.sku)
    for skus in views_by_browser(history).values():
        for first, second in combinations(skus, 2):
            category, brand = shelf[first]
            if category == shelf[second][0] and first != second:
                own.append(shelf[second][1] == brand)
                anyones = random.choice(seen[category])
                others += [] if anyones == first else [shelf[anyones][1] == brand]
    assert mean(own) > 1.25 * mean(others)


def price_places(products: tuple[Product, ...]) -> dict[str, float]:
    """0 for the cheapest of its category, 1 for the dearest."""
    places: dict[str, float] = {}
    for category in {product.category for product in products}:
        shelf = sorted((p.price_cents, p.sku) for p in products if p.category == category)
        places |= {sku: place / (len(shelf) - 1) for place, (_, sku) in enumerate(shelf)}
    return places


def views_by_browser(history: History) -> dict[str | None, list[str]]:
    views = defaultdict(list)
    for event in history.events:
        if event.name == "Product Viewed" and event.sku is not None:
            views[event.anonymous_id].append(event.sku)
    return views


def share_of_views(
    products: tuple[Product, ...], events: tuple[Event, ...], category: str, by: set[str] | None
) -> float:
    skus = {product.sku for product in products if product.category == category}
    views = [e.sku for e in events if e.name == "Product Viewed" and (by is None or e.customer_id in by)]
    return sum(sku in skus for sku in views) / len(views)


def buyers(products: tuple[Product, ...], history: History, category: str) -> set[str]:
    skus = {product.sku for product in products if product.category == category}
    return {made.customer_id for made in history.orders if any(line.sku in skus for line in made.order.lines)}


def test_the_demo_can_be_made_again_and_again(database: Database) -> None:
    assert create_demo(database, SAMPLE, TODAY, size=SMALL) == SMALL_SUMMARY
    orders = Orders(database, lambda: TODAY)
    first = orders.of_customer("C00017")
    talk = Conversations(database, lambda: TODAY).start("C00001")
    for _ in range(9):
        orders.by_number_and_email("LK-100001", "guess@mail.example", talk.id + str(_))
    assert create_demo(database, SAMPLE, TODAY, size=SMALL) == SMALL_SUMMARY
    assert orders.of_customer("C00017") == first
    assert Events(database).count() == 1500
    assert len(Customers(database).customers()) == 30
    assert Conversations(database, lambda: TODAY).find(talk.id) is None
    annas = orders.of_customer("C00001")
    assert [(order.number, order.state) for order in annas] == [
        ("LK-100003", "placed"),
        ("LK-100001", "shipped"),
        ("LK-100002", "delivered"),
    ]
    shown = orders.by_number_and_email("LK-100001", "anna.keller@mail.example", "talk")
    assert shown == annas[1]
    assert (annas[1].carrier, annas[1].tracking_number, annas[1].total_cents) == (
        "Nordpost",
        "NP420771819346",
        19800,
    )
    assert annas[1].lines == (
        OrderLine("RUN-001", "Tarnwick Ridge Trail Shoe", 1, 12900),
        OrderLine("WEA-004", "Pulsewick Tether Heart Rate Chest Strap", 1, 6900),
    )


@pytest.mark.parametrize("today", [TODAY, datetime(2027, 3, 27, 23, 30, tzinfo=UTC)])
def test_the_demos_offers_run_today_and_are_of_every_category_and_kind(
    products: tuple[Product, ...], today: datetime
) -> None:
    offers = read_sample_offers(SAMPLE, products, today)
    assert all(offer.runs(today) for offer in offers)
    assert {offer.kind for offer in offers} == set(OFFER_KINDS)
    assert {offer.audience.customers for offer in offers} == {"all", "first_order", "returning"}
    aimed = [offer for offer in offers if offer.skus or offer.categories]
    covered = {product.category for product in products if any(offer.covers(product) for offer in aimed)}
    assert covered == {product.category for product in products}
    assert [offer.id for offer in offers if not any(offer.covers(product) for product in products)] == []
    in_stock = {product.sku for product in products if product.stock > 0}
    assert {offer.bundle_sku for offer in offers} - {None} <= in_stock


def test_more_than_half_of_the_demos_customers_want_offers(database: Database) -> None:
    size = DemoSize(customers=200, orders=60, events=5000)
    create_demo(database, SAMPLE, TODAY, size=size)
    consents = MarketingConsents(database, lambda: TODAY)
    ids = Customers(database).ids()
    shares = {c: mean(consents.may_send(id_, c) for id_ in ids) for c in ("email", "sms", "push")}
    assert 0.5 < shares["email"] < 0.7
    assert 0.1 < shares["sms"] < shares["push"] < shares["email"]
    [annas] = consents.decisions("C00001", "email")
    assert (annas.is_given, annas.source) == (True, "site")
    assert annas.wording is not None
    decided = {id_: consents.decisions(id_, "email") for id_ in ids}
    assert {len(some) for some in decided.values()} == {0, 1}
    create_demo(database, SAMPLE, TODAY, size=size)
    assert {id_: consents.decisions(id_, "email") for id_ in ids} == decided
    assert len(Offers(database, lambda: TODAY).running()) == 17


def test_a_demo_offer_says_its_days_in_numbers(tmp_path: Path) -> None:
    path = tmp_path / "offers.jsonl"
    path.write_text(json.dumps({"id": "X", "kind": "free_shipping", "ends_in_days": "soon"}))
    with pytest.raises(BrokenRows) as error:
        read_demo_offers(path, OfferingShop((), ()), TODAY)
    assert [(problem.field, problem.came) for problem in error.value.problems] == [
        ("starts_in_days", None),
        ("ends_in_days", "soon"),
    ]


def test_what_was_learnt_of_demo_people_goes_with_them(database: Database) -> None:
    create_demo(database, SAMPLE, TODAY, size=SMALL)
    visitor = next(event for event in Events(database).events() if event.customer_id is None)
    real = Shopper(anonymous_id="a-real-visitor")
    Consents(database, lambda: TODAY).decide("C00001", True, "site")
    with database.session() as session:
        put_traits(session, "C00001", {"gender": "other"}, TODAY)
        for shopper in (Shopper("C00001"), Shopper(anonymous_id=visitor.anonymous_id), real):
            session.add(
                ProfileRow(
                    shopper=shopper.key,
                    customer_id=shopper.customer_id,
                    folded_through=1,
                    behaviour={},
                    embedding=None,
                    updated_at=TODAY,
                )
            )
    create_demo(database, SAMPLE, TODAY, size=SMALL)
    assert Consents(database, lambda: TODAY).decisions("C00001") == ()
    assert Traits(database).of_customer("C00001") == {}
    with database.reading() as session:
        assert session.scalars(select(ProfileRow.shopper)).all() == [real.key]
        assert len(session.scalars(select(BrowserRow)).all()) > 10


def test_what_is_not_the_demos_is_refused_and_kept(database: Database) -> None:
    own = Product("L-1", "Lamp", "", "Lamps", 4990, "EUR", 3, {}, (), "")
    Catalogue(database).put_products([own])
    Customers(database).add([Customer("K1", "real@shop.test", "Real", "DE", TODAY)])
    with pytest.raises(ForeignData, match="1 products, 1 customers and 0 orders that are not the demo's"):
        create_demo(database, SAMPLE, TODAY, size=SMALL)
    assert Catalogue(database).products() == (own,)
    assert create_demo(database, SAMPLE, TODAY, force=True, size=SMALL) == SMALL_SUMMARY
    assert Catalogue(database).product("L-1") == own
    assert Customers(database).customer("K1") is not None


def test_even_by_force_no_id_of_others_is_taken(database: Database) -> None:
    Customers(database).add([Customer("C00002", "real@shop.test", "Real", "DE", TODAY)])
    with pytest.raises(ForeignData, match="C00002"):
        create_demo(database, SAMPLE, TODAY, force=True, size=SMALL)
    with database.reading() as session:
        assert session.scalars(select(OrderRow)).all() == []


def test_another_shops_knowledge_is_no_sample(tmp_path: Path) -> None:
    with pytest.raises(MissingSample, match="does not have them"):
        read_sample(tmp_path)


def test_the_command_prints_what_there_is_now(tmp_path: Path) -> None:
    runner = CliRunner(env={"STOREKEEP_DATA_DIR": str(tmp_path), "STOREKEEP_KNOWLEDGE_DIR": str(SAMPLE)})
    result = runner.invoke(command, ["--json", "--today", "2026-11-20"])
    assert json.loads(result.stdout) == {
        "products": 130,
        "reviews": 360,
        "customers": 300,
        "orders": 1000,
        "events": 20_000,
        "offers": 17,
    }
    database = Database(f"sqlite:///{tmp_path}/storekeep.db")
    Customers(database).add([Customer("K1", "real@shop.test", "Real", "DE", TODAY)])
    refused = runner.invoke(command, [])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "1 customers" in refused.stderr
    database.close()
