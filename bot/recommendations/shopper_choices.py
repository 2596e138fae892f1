"""Which products did a shopper choose, by their events? Read alike for training and for recommending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.recommendations.interactions import ADDED, BOUGHT, VIEWED, Choice
from bot.shoppers.events import Event

KIND_OF_EVENT = {
    "Product Viewed": VIEWED,
    "Product Clicked": VIEWED,
    "Question Asked": VIEWED,
    "Product Added": ADDED,
    "Product Reviewed": BOUGHT,
}
LOWEST_GOOD_RATING = 3


@dataclass(frozen=True)
class Doings:
    """What a shopper's events say: `choices` oldest first, each product once,
    `dismissed` what was "not for me", `bought` what an order holds.
    """

    choices: tuple[Choice, ...]
    dismissed: frozenset[str]
    bought: frozenset[str]


def choices_in(events: Iterable[Event]) -> list[Choice]:
    """Every choice of these events in their order; a bad review and a dismissal are none."""
    found = []
    for event in events:
        if event.name == "Order Completed":
            found += [Choice(sku, BOUGHT, event.at) for sku in ordered_skus(event)]
        elif event.sku is not None and event.name in KIND_OF_EVENT and not _is_bad_review(event):
            found.append(Choice(event.sku, KIND_OF_EVENT[event.name], event.at))
    return found


def ordered_skus(event: Event) -> list[str]:
    """The products of an Order Completed."""
    products = event.properties.get("products")
    lines = products if isinstance(products, list) else []
    return [line["sku"] for line in lines if isinstance(line, dict) and isinstance(line.get("sku"), str)]


def each_once(choices: Iterable[Choice], at_last: bool) -> list[Choice]:
    """Each item once with the strongest kind that it had, where it stood last or first."""
    kept: dict[str, Choice] = {}
    for choice in choices:
        earlier = kept.get(choice.item)
        if earlier is None:
            kept[choice.item] = choice
            continue
        kind = max(earlier.kind, choice.kind)
        if at_last:
            del kept[choice.item]
            kept[choice.item] = Choice(choice.item, kind, choice.at)
        else:
            kept[choice.item] = Choice(choice.item, kind, earlier.at)
    return list(kept.values())


def doings_of(events: Iterable[Event], seen: Iterable[str] = ()) -> Doings:
    """`seen` are products that were looked at after the events, oldest first."""
    events = tuple(events)
    choices = [*choices_in(events), *(Choice(sku, VIEWED) for sku in seen)]
    dismissed = frozenset(
        event.sku for event in events if event.name == "Recommendation Dismissed" and event.sku is not None
    )
    bought = frozenset(choice.item for choice in choices if choice.kind == BOUGHT)
    kept = [choice for choice in each_once(choices, at_last=True) if choice.item not in dismissed]
    return Doings(tuple(kept), dismissed, bought)


def _is_bad_review(event: Event) -> bool:
    rating = event.properties.get("rating")
    return event.name == "Product Reviewed" and isinstance(rating, int) and rating < LOWEST_GOOD_RATING
