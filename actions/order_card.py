"""How is an order shown in the chat? As a card with its steps, and in a sentence with its state and day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.orders import Order
from knowledge_base.shop_documents import price_text

OPEN_STATES = ("placed", "paid", "packed", "shipped")
WAY = ("placed", "paid", "packed", "shipped", "delivered")
BRANCHES = {
    "cancelled": ("placed", "cancelled"),
    "returned": ("placed", "shipped", "delivered", "returned"),
    "refunded": ("placed", "shipped", "delivered", "returned", "refunded"),
}


def order_card(order: Order) -> dict[str, Any]:
    return {
        "kind": "order",
        "number": order.number,
        "state": order.state,
        "title": f"Order {order.number}",
        "steps": _steps(order),
        "lines": [f"{line.quantity} x {line.name}" for line in order.lines],
        "total": price_text(order.total_cents, order.currency),
    }


def order_response(order: Order, now: datetime) -> str:
    """The name of the sentence for the state: `_undated` if a day is missing, `_late` if it is past."""
    name = f"utter_track_order_{order.state}"
    if order.state in OPEN_STATES:
        if order.expected_at is None:
            return f"{name}_undated"
        is_late = order.state == "shipped" and order.expected_at.date() < now.date()
        return "utter_track_order_late" if is_late else name
    if order.state == "delivered" and order.delivered_at is None:
        return f"{name}_undated"
    return name


def order_facts(order: Order) -> dict[str, str]:
    """What the sentences put into {number}, {placed}, {expected}, {delivered} and {carrier}."""
    return {
        "number": order.number,
        "placed": day_text(order.placed_at),
        "expected": "" if order.expected_at is None else day_text(order.expected_at),
        "delivered": "" if order.delivered_at is None else day_text(order.delivered_at),
        "carrier": "the carrier" if order.carrier is None else order.carrier,
    }


def day_text(at: datetime) -> str:
    """``Tuesday, 3 November 2026``, in UTC."""
    return f"{at:%A}, {at.day} {at:%B %Y}"


def _steps(order: Order) -> list[dict[str, Any]]:
    days = {"placed": order.placed_at, "shipped": order.shipped_at, "delivered": order.delivered_at}
    way = BRANCHES.get(order.state, WAY)
    reached = way.index(order.state)
    steps = []
    for position, state in enumerate(way):
        day = days.get(state)
        done = position <= reached
        steps.append(
            {
                "label": state.capitalize(),
                "at": day.isoformat() if done and day is not None else None,
                "done": done,
            }
        )
    return steps
