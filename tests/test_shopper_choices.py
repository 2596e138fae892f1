"""What do a shopper's events say they chose?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.recommendations.interactions import ADDED, BOUGHT, VIEWED, Choice
from bot.recommendations.shopper_choices import choices_in, doings_of, each_once
from bot.shoppers.events import Event

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def event(minute: int, name: str, sku: str | None = None, **properties: object) -> Event:
    at = NOON + timedelta(minutes=minute)
    return Event(f"m{minute}", name, at, "C00001", None, sku, properties)


def test_views_baskets_and_orders_are_choices_in_their_order() -> None:
    events = [
        event(1, "Product Viewed", "A"),
        event(2, "Products Searched", query="lamp"),
        event(3, "Product Added", "B"),
        event(4, "Order Completed", products=[{"sku": "B"}, {"sku": "C"}, "broken", {"sku": 7}]),
    ]
    assert [(c.item, c.kind) for c in choices_in(events)] == [
        ("A", VIEWED),
        ("B", ADDED),
        ("B", BOUGHT),
        ("C", BOUGHT),
    ]


def test_a_bad_review_is_no_choice() -> None:
    events = [event(1, "Product Reviewed", "A", rating=2), event(2, "Product Reviewed", "B", rating=5)]
    assert [choice.item for choice in choices_in(events)] == ["B"]


def test_each_item_counts_once_with_its_strongest_kind() -> None:
    choices = [Choice("A", BOUGHT), Choice("B", VIEWED), Choice("A", VIEWED)]
    assert each_once(choices, at_last=True) == [Choice("B", VIEWED), Choice("A", BOUGHT)]
    assert each_once(choices, at_last=False) == [Choice("A", BOUGHT), Choice("B", VIEWED)]


def test_doings_tell_what_was_bought_and_not_wanted() -> None:
    doings = doings_of(
        [
            event(1, "Product Viewed", "A"),
            event(2, "Products Searched", query="lamp"),
            event(3, "Recommendation Dismissed", "A"),
            event(4, "Order Completed", products=[{"sku": "B"}]),
        ],
        seen=("C", "C"),
    )
    assert [choice.item for choice in doings.choices] == ["B", "C"]
    assert doings.dismissed == {"A"}
    assert doings.bought == {"B"}
