"""Does ``storekeep import`` bring in a whole file, or say what is wrong and bring in nothing?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.catalogue import Catalogue
from bot.cli.imports import command
from bot.customers import Customers
from bot.database.connection import Database
from bot.orders import Orders
from bot.promotions.offers import Offers
from bot.shoppers.consent import Consents
from bot.shoppers.events import Events

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LAMP = {
    "id": "L-1",
    "title": "Lamp",
    "category": "Lamps",
    "price": "49.90",
    "inventory": 3,
    "description": "Shines.",
}


class Shop:
    """A shop's command line and what its database holds."""

    def __init__(self, url: str, folder: Path, database: Database) -> None:
        self._runner = CliRunner(env={"STOREKEEP_DATABASE_URL": url, "STOREKEEP_DATA_DIR": str(folder)})
        self.folder = folder
        self.catalogue = Catalogue(database)
        self.customers = Customers(database)
        self.offers = Offers(database, lambda: NOW)
        self.orders = Orders(database, lambda: NOW)
        self.events = Events(database)
        self.consents = Consents(database, lambda: NOW)

    def bring_in(
        self, kind: str, *rows: object, options: tuple[str, ...] = (), knowledge_dir: Path | None = None
    ) -> Result:
        path = self.folder / "rows.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        elsewhere = {} if knowledge_dir is None else {"STOREKEEP_KNOWLEDGE_DIR": str(knowledge_dir)}
        return self._runner.invoke(command, [kind, str(path), *options], env=elsewhere)

    def run(self, kind: str, path: Path, *options: str) -> Result:
        return self._runner.invoke(command, [kind, str(path), *options])


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    database = Database(database_url)
    database.upgrade()
    yield Shop(database_url, tmp_path, database)
    database.close()


def test_products_come_in_and_a_second_time_nothing_changes(shop: Shop) -> None:
    first = shop.bring_in("products", LAMP, options=("--json", "--currency", "USD"))
    assert json.loads(first.stdout) == {"added": 1, "changed": 0, "unchanged": 0}
    second = shop.bring_in("products", LAMP, options=("--currency", "USD"))
    assert second.stdout.startswith("products: 0 added, 0 changed, 1 unchanged.")
    product = shop.catalogue.product("L-1")
    assert product is not None
    assert (product.price_cents, product.currency, product.stock) == (4990, "USD", 3)


def test_reviews_come_in_for_products_that_are_there(shop: Shop) -> None:
    review = {
        "sku": "L-1",
        "rating": 4,
        "date": "2026-03-14",
        "author": "Ida",
        "title": "Good",
        "text": "Bright.",
    }
    missing = shop.bring_in("reviews", review)
    assert missing.exit_code == 2
    assert "rows.jsonl, line 1, sku: should be a product in the catalogue; came 'L-1'" in missing.stderr
    shop.bring_in("products", LAMP)
    assert json.loads(shop.bring_in("reviews", review, options=("--json",)).stdout)["added"] == 1


def test_one_broken_row_keeps_all_rows_out(shop: Shop) -> None:
    result = shop.bring_in("products", LAMP, {**LAMP, "id": "L-2", "inventory": "many"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: rows.jsonl, line 2, stock: should be a whole number from 0 to 2147483647; came 'many'\n"
    )
    assert shop.catalogue.products() == ()


OFFER = {
    "id": "LAMPS-20",
    "kind": "percentage",
    "percent": 20,
    "starts": "2026-11-20",
    "ends": "2026-11-30",
    "skus": ["L-1"],
}


def test_offers_come_in_for_what_the_shop_sells_in_its_own_time(shop: Shop) -> None:
    missing = shop.bring_in("offers", OFFER)
    assert missing.exit_code == 2
    assert "line 1, skus: should be products in the catalogue; came 'L-1'" in missing.stderr
    shop.bring_in("products", LAMP)
    assert shop.bring_in("offers", OFFER).stdout == "offers: 1 added, 0 changed, 0 unchanged.\n"
    assert json.loads(shop.bring_in("offers", OFFER, options=("--json",)).stdout)["unchanged"] == 1
    [offer] = shop.offers.offers()
    assert (offer.starts_at, offer.ends_at, offer.currency) == (
        datetime(2026, 11, 19, 23, tzinfo=UTC),
        datetime(2026, 11, 30, 23, tzinfo=UTC),
        "EUR",
    )


def test_offers_need_the_shops_details_and_say_so(shop: Shop) -> None:
    result = shop.bring_in("offers", OFFER, knowledge_dir=shop.folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "shop.toml: expected a TOML file" in result.stderr


@pytest.mark.parametrize("format_", ["shopify", "google"])
def test_what_cannot_be_imported_says_what_can(shop: Shop, format_: str) -> None:
    result = shop.bring_in("products", LAMP, options=("--format", format_))
    assert result.exit_code == 2
    assert (
        "supported are products, reviews, offers, customers, orders, events as jsonl and csv" in result.stderr
    )


ANNA = {
    "id": "C00001",
    "email": "Anna@mail.example",
    "name": "Anna",
    "country": "de",
    "created_at": "2025-01-02T03:04:05Z",
    "profiling_consent": True,
}
BEN = {**ANNA, "id": "C00002", "email": "ben@mail.example", "name": "Ben", "profiling_consent": None}
ORDER = {
    "number": "LK-100001",
    "customer_id": "C00001",
    "state": "delivered",
    "placed_at": "2026-03-14",
    "lines": [{"sku": "L-1", "quantity": 2, "price": "49.90"}],
    "shipping_cents": 490,
}


def counted(result: Result) -> tuple[int, int, int, int | None]:
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    return found["added"], found["changed"], found["unchanged"], found.get("without_consent")


def bring_in(shop: Shop, kind: str, *rows: object) -> tuple[int, int, int, int | None]:
    return counted(shop.bring_in(kind, *rows, options=("--json",)))


def test_customers_come_in_and_agree_to_nothing_that_the_file_does_not_say(shop: Shop) -> None:
    assert bring_in(shop, "customers", ANNA, BEN) == (2, 0, 0, None)
    anna, ben = shop.customers.customers()
    assert (anna.email, anna.country, anna.profiling_consent) == ("anna@mail.example", "DE", True)
    assert not ben.profiling_consent
    assert bring_in(shop, "customers", ANNA, {**BEN, "name": "Benjamin"}) == (0, 1, 1, None)


def test_a_consent_that_the_file_takes_back_deletes_what_was_kept(shop: Shop) -> None:
    shop.bring_in("products", LAMP)
    bring_in(shop, "customers", ANNA)
    bring_in(shop, "orders", ORDER)
    assert shop.events.count() == 1
    assert bring_in(shop, "customers", {**ANNA, "profiling_consent": None}) == (0, 0, 1, None)
    assert shop.events.count() == 1
    assert bring_in(shop, "customers", {**ANNA, "profiling_consent": False}) == (0, 1, 0, None)
    assert shop.events.count() == 0


def test_a_file_does_not_overrule_what_a_customer_refused_here(shop: Shop) -> None:
    bring_in(shop, "customers", ANNA)
    shop.consents.decide("C00001", False, "site")
    assert bring_in(shop, "customers", ANNA) == (0, 0, 1, None)
    assert not shop.consents.may_profile("C00001")


def test_two_customers_with_one_address_are_refused(shop: Shop) -> None:
    bring_in(shop, "customers", ANNA)
    result = shop.bring_in("customers", {**BEN, "email": "anna@mail.example "})
    assert result.exit_code == 2
    assert "should be one customer's; C00001 and C00002 have the same" in result.stderr
    assert len(shop.customers.customers()) == 1


def test_orders_come_in_and_become_what_agreeing_customers_bought(shop: Shop) -> None:
    shop.bring_in("products", LAMP)
    bring_in(shop, "customers", ANNA, BEN)
    bens = {**ORDER, "number": "LK-100002", "customer_id": "C00002"}
    assert bring_in(shop, "orders", ORDER, bens) == (2, 0, 0, 1)
    [order] = shop.orders.of_customer("C00001")
    assert (order.number, order.total_cents, order.lines[0].name) == ("LK-100001", 10470, "Lamp")
    [event] = shop.events.events()
    assert (event.name, event.customer_id, event.at.isoformat()) == (
        "Order Completed",
        "C00001",
        "2026-03-14T00:00:00+00:00",
    )
    assert event.properties == {
        "order_id": "LK-100001",
        "total_cents": 10470,
        "currency": "EUR",
        "products": [{"sku": "L-1", "quantity": 2, "price_cents": 4990}],
    }
    result = shop.bring_in("orders", ORDER, {**bens, "state": "returned"})
    assert result.stdout == (
        "orders: 0 added, 1 changed, 1 unchanged. 1 of them made no event: no consent to profiling.\n"
    )
    assert shop.events.events() == (event,)


def test_an_order_that_changed_changes_what_was_bought(shop: Shop) -> None:
    shop.bring_in("products", LAMP)
    bring_in(shop, "customers", ANNA)
    bring_in(shop, "orders", ORDER)
    less = {**ORDER, "lines": [{"sku": "L-1", "quantity": 1, "price_cents": 4990}]}
    assert bring_in(shop, "orders", less) == (0, 1, 0, 0)
    [event] = shop.events.events()
    assert event.properties["total_cents"] == 5480
    assert len(shop.orders.of_customer("C00001")[0].lines) == 1


def test_an_orders_owner_does_not_change(shop: Shop) -> None:
    shop.bring_in("products", LAMP)
    bring_in(shop, "customers", ANNA, BEN)
    bring_in(shop, "orders", ORDER)
    result = shop.bring_in("orders", {**ORDER, "customer_id": "C00002"})
    assert (result.exit_code, result.stderr) == (2, "Error: Order LK-100001 is another customer's already.\n")


def test_in_csv_an_order_is_a_row_a_line(shop: Shop) -> None:
    shop.bring_in("products", LAMP, {**LAMP, "id": "L-2"})
    bring_in(shop, "customers", ANNA)
    path = shop.folder / "orders.csv"
    head = "number,customer_id,state,placed_at,sku,quantity,price,shipping\n"
    first = "LK-100001,C00001,paid,2026-03-14,"
    path.write_text(f"{head}{first}L-1,1,49.90,4.90\n{first}L-2,2,10,4.90\n")
    assert counted(shop.run("orders", path, "--json")) == (1, 0, 0, 0)
    [order] = shop.orders.of_customer("C00001")
    assert ([line.sku for line in order.lines], order.total_cents) == (["L-1", "L-2"], 7480)
    path.write_text(f"{head}{first}L-1,1,49.90,4.90\n{first.replace('paid', 'lost')}L-9,0,x,4.90\n")
    result = shop.run("orders", path)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Error: orders.csv, line 3, state: should be one of placed, paid, packed, shipped, delivered, "
        "cancelled, returned, refunded; came 'lost'",
        "orders.csv, line 3, sku: should be a product in the catalogue; came 'L-9'",
    ]
    path.write_text(f"{head}{first}L-1,1,49.90,4.90\n{first.replace('paid', 'packed')}L-2,1,5,4.90\n")
    assert "line 3, number: should be the same customer, state" in shop.run("orders", path).stderr


def test_events_come_in_once_and_only_with_consent(shop: Shop) -> None:
    bring_in(shop, "customers", ANNA, BEN)
    view = {"event": "Product Viewed", "timestamp": "2020-01-01T10:00:00Z", "sku": "L-1", "price": "9.90"}
    rows = (
        {**view, "customer_id": "C00001"},
        {**view, "customer_id": "C00002"},
        {**view, "anonymous_id": "browser-1", "consent": "yes", "message_id": "their-own-id"},
        {**view, "anonymous_id": "browser-2"},
    )
    assert bring_in(shop, "events", *rows) == (2, 0, 0, 2)
    result = shop.bring_in("events", *rows)
    assert result.stdout == (
        "events: 0 added, 0 changed, 2 unchanged. 2 left out: no consent to profiling.\n"
    )
    annas, visitors = sorted(shop.events.events(), key=lambda event: event.message_id)
    assert (annas.customer_id, annas.properties) == ("C00001", {"price_cents": 990})
    assert (visitors.message_id, visitors.anonymous_id) == ("their-own-id", "browser-1")


def test_events_in_csv_have_their_properties_in_columns_or_in_json(shop: Shop) -> None:
    bring_in(shop, "customers", ANNA)
    path = shop.folder / "events.csv"
    path.write_text(
        "event;timestamp;customer_id;query;properties\n"
        "Products Searched;2026-01-01T10:00:00+01:00;C00001;lamps for a@mail.example;\n"
        'Question Asked;2026-01-01T11:00:00Z;C00001;;"{""text"": ""Is it red?"", ""answered"": true}"\n'
    )
    assert counted(shop.run("events", path, "--json")) == (2, 0, 0, 0)
    searched, asked = shop.events.events()
    assert searched.properties == {"query": "lamps for [email]"}
    assert asked.properties == {"text": "Is it red?", "answered": True}


def test_broken_events_are_named_by_line_and_field_and_none_comes_in(shop: Shop) -> None:
    bring_in(shop, "customers", ANNA)
    good = {"event": "Product Viewed", "timestamp": "2026-01-01", "sku": "L-1", "customer_id": "C00001"}
    result = shop.bring_in(
        "events",
        good,
        {**good, "customer_id": "C09999"},
        {**good, "event": "Clicked"},
        {**good, "sku": None},
        {**good, "timestamp": "2999-01-01"},
        {**good, "customer_id": None},
        {**good, "message_id": "storekeep:order:1"},
    )
    assert result.exit_code == 2
    where = [line.split(": should be")[0].removeprefix("Error: ") for line in result.stderr.splitlines()]
    assert where == [
        "rows.jsonl, line 2, customer_id",
        "rows.jsonl, line 3, event",
        "rows.jsonl, line 4, product_id",
        "rows.jsonl, line 5, timestamp",
        "rows.jsonl, line 6, customer_id",
        "rows.jsonl, line 7, message_id",
    ]
    assert shop.events.count() == 0


def test_reviews_of_agreeing_customers_become_events_and_change_with_them(shop: Shop) -> None:
    shop.bring_in("products", LAMP)
    bring_in(shop, "customers", ANNA, BEN)
    review = {"sku": "L-1", "rating": 4, "date": "2026-03-14", "author": "Anna K.", "text": "Bright."}
    annas, bens = {**review, "customer_id": "C00001"}, {**review, "author": "Ben", "customer_id": "C00002"}
    nobodys = {**review, "author": "Ida"}
    assert bring_in(shop, "reviews", annas, bens, nobodys) == (3, 0, 0, 1)
    assert bring_in(shop, "reviews", {**annas, "rating": 2}, nobodys) == (0, 1, 1, 0)
    [event] = shop.events.events()
    assert (event.name, event.sku, event.customer_id) == ("Product Reviewed", "L-1", "C00001")
    assert event.properties == {"rating": 2, "text": "Bright."}
    result = shop.bring_in("reviews", {**review, "customer_id": "C09999"})
    assert "customer_id: should be a customer of this shop, or missing; came 'C09999'" in result.stderr


def test_a_big_file_shows_its_progress_on_stderr(shop: Shop) -> None:
    rows = [{**LAMP, "id": f"L-{number}", "description": "x" * 9000} for number in range(300)]
    result = shop.bring_in("products", *rows, options=("--json",))
    assert json.loads(result.stdout)["added"] == 300
    assert "rows.jsonl" in result.stderr


def test_a_currency_that_is_none_is_refused(shop: Shop) -> None:
    result = shop.bring_in("products", LAMP, options=("--currency", "euro"))
    assert result.exit_code == 2
    assert "--currency should be three capitals like EUR" in result.stderr
