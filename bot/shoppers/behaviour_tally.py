"""How do events become behaviour? One after another, in any order, and later ones on top of what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.shoppers.behaviour import Behaviour, Encounter, Liking, Rated, Words
from bot.shoppers.event_weights import lines_of, skus_of, weight, words_of
from bot.shoppers.events import Event
from bot.shoppers.product_places import ProductPlaces

CHANNELS = ("web", "chat")
OTHER_CHANNEL = "other"
PASSIVE = ("Recommendations Shown",)
"""Done to the shopper, not by them: counted, and nothing more."""

SEEN = ("Product Viewed", "Product Clicked", "Product Added")
MOST_WORDS, MOST_SEEN, MOST_BOUGHT, MOST_DISMISSED, MOST_RATINGS = 20, 30, 60, 100, 60
LONGEST_WORDS = 300
MOST_CENTS = 10**12
"""An order or a quantity beyond this is a sender's error and left out."""


def fold_behaviour(behaviour: Behaviour, events: Iterable[Event], places: ProductPlaces) -> Behaviour:
    """The behaviour with these events added, each of which must not be in it yet.

    The same for any order of the events and any division into calls, up to the rounding of floats. A
    product's category and price level are those of `places`; an event of a product that is not there counts
    in everything else.
    """
    tally = _Tally(behaviour, places)
    for event in events:
        tally.add(event)
    return tally.behaviour()


class _Tally:
    """Behaviour that can still change."""

    def __init__(self, start: Behaviour, places: ProductPlaces) -> None:
        self._places = places
        self._counts = Counter(start.counts)
        self._first, self._last, self._last_order = start.first_seen, start.last_seen, start.last_order_at
        self._items = start.items_bought
        self._spend = Counter(start.spend_cents)
        self._categories = {name: [each.weight, each.events] for name, each in start.categories.items()}
        self._brands = {name: [each.weight, each.events] for name, each in start.brands.items()}
        self._price_sum, self._price_weight = start.price_sum, start.price_weight
        self._hours, self._weekdays = list(start.hours), list(start.weekdays)
        self._channels = Counter(start.channels)
        self._words = {(each.kind, each.text): each.at for each in start.words}
        self._seen = {each.sku: each.at for each in start.seen}
        self._bought = {each.sku: each.at for each in start.bought}
        self._dismissed = {each.sku: each.at for each in start.dismissed}
        self._ratings = {each.sku: (each.at, each.rating) for each in start.ratings}

    def add(self, event: Event) -> None:
        self._counts[event.name] += 1
        if event.name in PASSIVE:
            return
        at = event.at.astimezone(UTC)
        self._first = at if self._first is None else min(self._first, at)
        self._last = at if self._last is None else max(self._last, at)
        self._hours[at.hour] += 1
        self._weekdays[at.weekday()] += 1
        channel = event.properties.get("channel", CHANNELS[0])
        self._channels[channel if channel in CHANNELS else OTHER_CHANNEL] += 1
        self._add_liking(event)
        self._add_recent(event, at)
        if event.name == "Order Completed":
            self._add_order(event, at)

    def behaviour(self) -> Behaviour:
        return Behaviour(
            counts=dict(self._counts),
            first_seen=self._first,
            last_seen=self._last,
            last_order_at=self._last_order,
            items_bought=self._items,
            spend_cents=dict(self._spend),
            categories={name: Liking(each[0], int(each[1])) for name, each in self._categories.items()},
            brands={name: Liking(each[0], int(each[1])) for name, each in self._brands.items()},
            price_sum=self._price_sum,
            price_weight=self._price_weight,
            hours=tuple(self._hours),
            weekdays=tuple(self._weekdays),
            channels=dict(self._channels),
            words=tuple(Words(kind, text, at) for (kind, text), at in _newest(self._words, MOST_WORDS)),
            seen=tuple(Encounter(sku, at) for sku, at in _newest(self._seen, MOST_SEEN)),
            bought=tuple(Encounter(sku, at) for sku, at in _newest(self._bought, MOST_BOUGHT)),
            dismissed=tuple(Encounter(sku, at) for sku, at in _newest(self._dismissed, MOST_DISMISSED)),
            ratings=tuple(
                Rated(sku, rating, at) for sku, (at, rating) in _newest(self._ratings, MOST_RATINGS)
            ),
        )

    def _add_liking(self, event: Event) -> None:
        """Categories, brands and price level by what the event says about taste."""
        says = weight(event)
        if says <= 0:
            return
        if event.name == "Product List Viewed":
            self._add_category(event.properties.get("category"), says)
        for sku in skus_of(event):
            place = self._places.of(sku)
            if place is None:
                # The product left the shop; its category may still be there.
                self._add_category(event.properties.get("category"), says)
                continue
            self._add_category(place.product.category, says)
            _add_weight(self._brands, place.product.brand, says)
            self._price_sum += says * place.price_level
            self._price_weight += says

    def _add_category(self, category: Any, says: float) -> None:
        # A name from outside counts only if the shop has such a category.
        if isinstance(category, str) and category in self._places.categories:
            _add_weight(self._categories, category, says)

    def _add_recent(self, event: Event, at: datetime) -> None:
        words = words_of(event)
        if words is not None and event.name != "Product Reviewed":
            kind = "searched" if event.name == "Products Searched" else "asked"
            _keep_later(self._words, (kind, words[:LONGEST_WORDS]), at)
        if event.sku is not None and event.name in SEEN:
            _keep_later(self._seen, event.sku, at)
        if event.sku is not None and event.name == "Recommendation Dismissed":
            _keep_later(self._dismissed, event.sku, at)
        rating = event.properties.get("rating")
        if event.sku is not None and event.name == "Product Reviewed" and rating in (1, 2, 3, 4, 5):
            _keep_later(self._ratings, event.sku, (at, int(rating)))

    def _add_order(self, event: Event, at: datetime) -> None:
        self._last_order = at if self._last_order is None else max(self._last_order, at)
        for line in lines_of(event):
            _keep_later(self._bought, line["sku"], at)
            self._items += _whole_number(line.get("quantity"), otherwise=1)
        currency = event.properties.get("currency")
        if isinstance(currency, str) and len(currency) == 3:
            self._spend[currency] += _whole_number(event.properties.get("total_cents"), otherwise=0)


def _whole_number(value: Any, otherwise: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_CENTS:
        return value
    return otherwise


def _add_weight(likings: dict[str, list[float]], name: str, says: float) -> None:
    liking = likings.setdefault(name, [0.0, 0])
    liking[0] += says
    liking[1] += 1


def _keep_later(recent: dict[Any, Any], key: Any, when: Any) -> None:
    if key not in recent or recent[key] < when:
        recent[key] = when


def _newest(recent: dict[Any, Any], most: int) -> list[tuple[Any, Any]]:
    """By falling time, ties by key. What falls out can come back only with a later time, so nothing that is
    dropped is missed."""
    return sorted(recent.items(), key=lambda each: (each[1], each[0]), reverse=True)[:most]
