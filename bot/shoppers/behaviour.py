"""What has a shopper done so far, all in all? Nothing here depends on the order in which events arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True)
class Liking:
    """What speaks for a category or brand: the faded weights of `events` events, in units of
    `event_weights.REFERENCE`, above 0."""

    weight: float
    events: int


@dataclass(frozen=True)
class Encounter:
    """The last time that a product was seen, bought or dismissed."""

    sku: str
    at: datetime


@dataclass(frozen=True)
class Words:
    """What was searched or asked (`kind` is "searched" or "asked"), and when last in these words."""

    kind: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Rated:
    """The last rating of a product, 1 to 5 stars."""

    sku: str
    rating: int
    at: datetime


@dataclass(frozen=True)
class Behaviour:
    """Sums over the events of one shopper; the empty one has seen none.

    `counts` are by name of event and add up to all events. `spend_cents` is by currency. `price_sum` over
    `price_weight` is the mean price level. `hours` (0 to 23) and `weekdays` (Monday first) count events in
    UTC. What is recent is newest first, each product or text once, and only the newest of them.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    last_order_at: datetime | None = None
    items_bought: int = 0
    spend_cents: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, Liking] = field(default_factory=dict)
    brands: Mapping[str, Liking] = field(default_factory=dict)
    price_sum: float = 0.0
    price_weight: float = 0.0
    hours: tuple[int, ...] = (0,) * HOURS
    weekdays: tuple[int, ...] = (0,) * WEEKDAYS
    channels: Mapping[str, int] = field(default_factory=dict)
    words: tuple[Words, ...] = ()
    seen: tuple[Encounter, ...] = ()
    bought: tuple[Encounter, ...] = ()
    dismissed: tuple[Encounter, ...] = ()
    ratings: tuple[Rated, ...] = ()

    @property
    def events(self) -> int:
        """How many events it is made of."""
        return sum(self.counts.values())

    @property
    def orders(self) -> int:
        """How many orders were completed."""
        return self.counts.get("Order Completed", 0)

    @property
    def price_level(self) -> float | None:
        """How dear the products are for their categories, 0 to 1; None without any."""
        return self.price_sum / self.price_weight if self.price_weight > 0 else None

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads; only what JSON can hold."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Behaviour:
        """Raises KeyError or ValueError for what `as_json` does not write."""
        return cls(
            counts=data["counts"],
            first_seen=_time(data["first_seen"]),
            last_seen=_time(data["last_seen"]),
            last_order_at=_time(data["last_order_at"]),
            items_bought=data["items_bought"],
            spend_cents=data["spend_cents"],
            categories={name: Liking(**liking) for name, liking in data["categories"].items()},
            brands={name: Liking(**liking) for name, liking in data["brands"].items()},
            price_sum=data["price_sum"],
            price_weight=data["price_weight"],
            hours=tuple(data["hours"]),
            weekdays=tuple(data["weekdays"]),
            channels=data["channels"],
            words=tuple(Words(**_timed(each)) for each in data["words"]),
            seen=tuple(Encounter(**_timed(each)) for each in data["seen"]),
            bought=tuple(Encounter(**_timed(each)) for each in data["bought"]),
            dismissed=tuple(Encounter(**_timed(each)) for each in data["dismissed"]),
            ratings=tuple(Rated(**_timed(each)) for each in data["ratings"]),
        )


def shares(likings: Mapping[str, Liking]) -> dict[str, float]:
    """Each one's part of all the weight, above 0, together 1; the greatest first, ties by name."""
    total = sum(liking.weight for liking in likings.values())
    ordered = sorted(likings, key=lambda name: (-likings[name].weight, name))
    return {name: likings[name].weight / total for name in ordered} if total > 0 else {}


def _plain(value: Any) -> Any:
    # Not dataclasses.asdict, which copies deeply and takes ten times as long.
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Liking | Encounter | Words | Rated):
        return {name: _plain(part) for name, part in vars(value).items()}
    return value


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _timed(each: Mapping[str, Any]) -> dict[str, Any]:
    return {**each, "at": datetime.fromisoformat(each["at"])}
