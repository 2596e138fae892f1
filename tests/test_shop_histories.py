"""Are a shop's events turned into histories, and kept without names while a training goes on?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.recommendations.interactions import BOUGHT, VIEWED
from bot.recommendations.shop_histories import open_interactions, save_interactions, shop_histories
from bot.shoppers.events import Event

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def event(minute: int, name: str, customer: str | None, sku: str | None, **properties: object) -> Event:
    at = NOON + timedelta(minutes=minute)
    return Event(f"m{minute}", name, at, customer, "browser", sku, properties)


EVENTS = [
    event(3, "Product Viewed", "C00001", "B"),
    event(1, "Product Viewed", "C00001", "A"),
    event(2, "Product Viewed", None, "B"),
    event(4, "Order Completed", "C00001", None, products=[{"sku": "A"}, {"sku": "B"}, {"sku": "gone"}]),
]


def test_each_shopper_has_a_history_in_the_order_of_time() -> None:
    made = shop_histories(EVENTS, ["A", "B"])
    assert [(one.user, one.items.tolist(), one.kinds.tolist()) for one in made.interactions.histories] == [
        ("customer:C00001", [0, 1], [BOUGHT, BOUGHT]),
        ("visitor:browser", [1], [VIEWED]),
    ]
    assert made.purchases == (((0, NOON + timedelta(minutes=4)), (1, NOON + timedelta(minutes=4))),)


def test_what_is_kept_on_disk_names_nobody(tmp_path: Path) -> None:
    made = shop_histories(EVENTS, ["A", "B"]).interactions
    save_interactions(made, tmp_path / "data.npz")
    back = open_interactions(tmp_path / "data.npz")
    assert back.items == ("A", "B")
    assert [history.items.tolist() for history in back.histories] == [[0, 1], [1]]
    assert [history.user for history in back.histories] == ["0", "1"]
    assert b"C00001" not in (tmp_path / "data.npz").read_bytes()
