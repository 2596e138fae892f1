"""How much does each kind of event say about a shopper, and how fast does what it says fade?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.shoppers.events import Event

HALF_LIFE = timedelta(days=60)
"""After this time an event counts half as much as a new one."""

WEIGHTS: Mapping[str, float] = {
    "Order Completed": 5.0,
    "Product Added": 3.0,
    "Product Reviewed": 2.0,
    "Question Asked": 1.5,
    "Products Searched": 1.5,
    "Product Clicked": 1.0,
    "Product Viewed": 1.0,
    "Product List Viewed": 0.5,
}
"""What one event of a kind says about taste, above 0. A kind that is not here says nothing."""

LOWEST_LIKED_RATING = 3
"""A review with fewer stars than this says nothing about what the shopper likes."""

REFERENCE = datetime(2025, 1, 1, tzinfo=UTC)
"""Sums are kept in units of an event at this time, so that adding to them needs no look at the clock."""

_MOST_HALF_LIVES = 300


def weight(event: Event) -> float:
    """What the event says in units of an event at REFERENCE, 0 or more; later events say more."""
    if event.name == "Product Reviewed":
        rating = event.properties.get("rating")
        if not isinstance(rating, int) or rating < LOWEST_LIKED_RATING:
            return 0.0
    return WEIGHTS.get(event.name, 0.0) * freshness(event.at)


def freshness(at: datetime) -> float:
    """2 to the number of half-lives from REFERENCE to `at`; within the range of floats for any time."""
    half_lives = (at - REFERENCE) / HALF_LIFE
    return float(2.0 ** max(-_MOST_HALF_LIVES, min(_MOST_HALF_LIVES, half_lives)))


def lines_of(event: Event) -> Iterator[Mapping[str, Any]]:
    """The lines of an "Order Completed" that name a SKU; what is not such a line is left out."""
    lines = event.properties.get("products")
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and isinstance(line.get("sku"), str):
            yield line


def skus_of(event: Event) -> tuple[str, ...]:
    """The products that the event is about, in its order, maybe none."""
    if event.name == "Order Completed":
        return tuple(line["sku"] for line in lines_of(event))
    return () if event.sku is None else (event.sku,)


def words_of(event: Event) -> str | None:
    """What the shopper searched, asked or wrote in the event, without outer blanks; None for no words."""
    name = {"Products Searched": "query", "Question Asked": "text", "Product Reviewed": "text"}.get(
        event.name
    )
    words = None if name is None else event.properties.get(name)
    return words.strip() if isinstance(words, str) and words.strip() else None
