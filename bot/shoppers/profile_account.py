"""What does the shop know of one shopper, from what, and what follows? As one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.shoppers.behaviour import Behaviour, Encounter, Liking, shares
from bot.shoppers.profiles import Neighbour, Profile
from bot.shoppers.segment_features import EVENING, MORNING, WEEKEND
from bot.shoppers.segments import Membership

MOST_FAVOURITES = 5
MOST_RECENT = 5
PRICE_WORDS = ((0.2, "the cheapest"), (0.4, "rather cheap"), (0.6, "in the middle"), (0.8, "rather dear"))
DEAREST_WORDS = "the dearest"
AFTERNOON, NIGHT = range(11, 17), (*range(23, 24), *range(5))
PARTS_OF_DAY = {"mornings": MORNING, "afternoons": AFTERNOON, "evenings": EVENING, "nights": NIGHT}


def account_of(
    profile: Profile,
    names: Mapping[str, str],
    membership: Membership | None,
    nearest: Sequence[Neighbour],
    at: datetime,
) -> dict[str, Any]:
    """The account of a shopper as of `at`. `names` are those of products by SKU; the times are ISO 8601, in
    UTC. `membership` is None before segments were trained."""
    behaviour = profile.behaviour
    return {
        "given": [
            {"name": each.name, "value": each.value, "given_at": each.given_at.isoformat()}
            for each in profile.traits
        ],
        "recency": {
            "first_seen": _iso(behaviour.first_seen),
            "last_seen": _iso(behaviour.last_seen),
            "days_since_last_seen": None
            if behaviour.last_seen is None
            else round(max(0.0, (at - behaviour.last_seen) / timedelta(days=1)), 1),
            "last_order_at": _iso(behaviour.last_order_at),
        },
        "frequency": {
            "events": behaviour.events,
            "orders": behaviour.orders,
            "by_name": dict(behaviour.counts),
        },
        "spend": {"items_bought": behaviour.items_bought, "cents": dict(behaviour.spend_cents)},
        "categories": _favourites(behaviour.categories),
        "brands": _favourites(behaviour.brands),
        "price_level": _price_level(behaviour),
        "times": _times(behaviour),
        "channels": dict(behaviour.channels),
        "words": [
            {"kind": each.kind, "text": each.text, "at": each.at.isoformat()}
            for each in behaviour.words[:MOST_RECENT]
        ],
        "seen": _products(behaviour.seen, names),
        "bought": _products(behaviour.bought, names),
        "dismissed": _products(behaviour.dismissed, names),
        "ratings": [
            {**asdict(each), "name": names.get(each.sku), "at": each.at.isoformat()}
            for each in behaviour.ratings[:MOST_RECENT]
        ],
        "has_meaning": profile.embedding is not None,
        "segment": None
        if membership is None
        else {"name": membership.segment.name, "why": list(membership.reasons)},
        "nearest": [
            {"shopper": each.shopper.key, "similarity": round(each.similarity, 3)} for each in nearest
        ],
    }


def price_words(level: float) -> str:
    """The price level, 0 to 1, in words."""
    return next((words for up_to, words in PRICE_WORDS if level < up_to), DEAREST_WORDS)


def _favourites(likings: Mapping[str, Liking]) -> list[dict[str, Any]]:
    return [
        {"name": name, "share": round(share, 3), "events": likings[name].events}
        for name, share in list(shares(likings).items())[:MOST_FAVOURITES]
    ]


def _price_level(behaviour: Behaviour) -> dict[str, Any] | None:
    level = behaviour.price_level
    return None if level is None else {"value": round(level, 3), "words": price_words(level)}


def _times(behaviour: Behaviour) -> dict[str, Any]:
    events = sum(behaviour.hours)
    parts = {
        name: round(sum(behaviour.hours[hour] for hour in hours) / max(1, events), 3)
        for name, hours in PARTS_OF_DAY.items()
    }
    weekend = sum(behaviour.weekdays[day] for day in WEEKEND) / max(1, events)
    return {**parts, "weekends": round(weekend, 3), "hours": list(behaviour.hours)}


def _products(encounters: Sequence[Encounter], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest; the name is None of a product that left the catalogue."""
    return [
        {"sku": each.sku, "name": names.get(each.sku), "at": each.at.isoformat()}
        for each in encounters[:MOST_RECENT]
    ]


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
