"""Are an event's properties ours by name, kind and size, and is everything else left out?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.shoppers.event_properties import properties_of
from knowledge_base.row_values import UnusableValue


def test_segments_names_become_ours_and_others_are_left_out() -> None:
    raw = {
        "product_id": "RUN-001",
        "price": Decimal("129.9"),
        "currency": "eur",
        "category": "Running",
        "name": "Ridge Trail",
        "email": "anna@mail.example",
        "quantity": 2,
        "url": "https://shop.example/?token=1",
    }
    assert properties_of("Product Added", raw) == (
        "RUN-001",
        {"price_cents": 12990, "currency": "EUR", "category": "Running", "quantity": 2},
    )


def test_the_shops_own_sku_counts_before_the_databases_product_id() -> None:
    assert properties_of("Product Viewed", {"product_id": "507f1", "sku": "RUN-001"})[0] == "RUN-001"
    assert properties_of("Product Viewed", {"product_id": 4711, "sku": ""})[0] == "4711"


def test_an_order_has_its_products_and_a_total() -> None:
    products = [{"product_id": "A", "price": 10, "quantity": 2}, {"sku": "B", "price": "4.995", "brand": "x"}]
    assert properties_of("Order Completed", {"order_id": "LK-1", "products": products}) == (
        None,
        {
            "order_id": "LK-1",
            "products": [
                {"sku": "A", "quantity": 2, "price_cents": 1000},
                {"sku": "B", "quantity": 1, "price_cents": 500},
            ],
            "total_cents": 2500,
        },
    )


def test_total_counts_before_revenue_and_before_the_sum() -> None:
    raw = {"order_id": "LK-1", "products": [{"sku": "A", "price": 9}], "revenue": 20, "total": 25}
    assert properties_of("Order Completed", raw)[1]["total_cents"] == 2500
    del raw["total"]
    assert properties_of("Order Completed", raw)[1]["total_cents"] == 2000
    raw["products"], raw["revenue"] = [{"sku": "A"}], None
    assert "total_cents" not in properties_of("Order Completed", raw)[1]


def test_free_text_is_masked_and_cut() -> None:
    searched = properties_of("Products Searched", {"query": "gift for anna@mail.example\0 " + "x" * 900})[1]
    assert searched["query"].startswith("gift for [email]")
    assert len(searched["query"]) == 300
    on_the_edge = properties_of("Products Searched", {"query": "y" * 290 + " anna.keller@mail.example"})[1]
    assert "anna" not in on_the_edge["query"]
    reviewed = {"sku": "A", "rating": 4, "review_body": "Call me: 0151 23456789"}
    assert properties_of("Product Reviewed", reviewed)[1] == {"rating": 4, "text": "Call me: [number]"}


def test_of_an_address_only_the_path_is_kept() -> None:
    assert properties_of("Page Viewed", {"path": "/account?token=secret#me"})[1] == {"path": "/account"}


@pytest.mark.parametrize(
    ("name", "raw", "field", "allowed"),
    [
        ("Product Viewed", {}, "product_id", "there for Product Viewed, or sku"),
        ("Product Viewed", {"sku": "a b"}, "sku", "1 to 80 letters"),
        ("Product Viewed", {"sku": "A", "price": "free"}, "price", "an amount like 129.90"),
        ("Product Viewed", {"sku": "A", "price": -1}, "price", "an amount like 129.90"),
        ("Product Viewed", {"sku": "A", "price": 1e12}, "price", "an amount like 129.90"),
        ("Product Viewed", {"sku": "A", "price": True}, "price", "an amount like 129.90"),
        ("Product Viewed", {"sku": "A", "channel": "fax"}, "channel", "one of web, chat"),
        ("Product Added", {"sku": "A", "quantity": 0}, "quantity", "a whole number from 1"),
        ("Products Searched", {}, "query", "there for Products Searched"),
        ("Products Searched", {"query": 5}, "query", "text"),
        ("Products Searched", {"query": "\0"}, "query", "text of 1 to 300 characters"),
        ("Order Completed", {"products": [{"sku": "A"}]}, "order_id", "there for Order Completed"),
        ("Order Completed", {"order_id": "1", "products": []}, "products", "a list of 1 to 100 products"),
        ("Order Completed", {"order_id": "1", "products": [{"sku": "A"}, 7]}, "products.1", "an object"),
        (
            "Order Completed",
            {"order_id": "1", "products": [{"sku": "A", "quantity": "x"}]},
            "products.0.quantity",
            "a whole number",
        ),
        ("Product Reviewed", {"sku": "A", "rating": 6}, "rating", "a whole number from 1 to 5"),
        ("Question Asked", {"text": "hi", "answered": "no"}, "answered", "true or false"),
    ],
)
def test_what_cannot_be_used_says_where_and_what_was_allowed(
    name: str, raw: dict[str, Any], field: str, allowed: str
) -> None:
    with pytest.raises(UnusableValue) as error:
        properties_of(name, raw)
    assert error.value.field == field
    assert error.value.allowed.startswith(allowed)
