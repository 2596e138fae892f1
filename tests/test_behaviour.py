"""Do events add up to the same behaviour, however they arrive?"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from shopper_fakes import NOON, PLACES, event, order

from bot.shoppers.behaviour import Behaviour, Encounter, Rated, Words, shares
from bot.shoppers.behaviour_tally import MOST_SEEN, fold_behaviour
from bot.shoppers.event_weights import HALF_LIFE, freshness
from bot.shoppers.events import EVENT_NAMES, Event


def fold(*events: Event) -> Behaviour:
    return fold_behaviour(Behaviour(), events, PLACES)


def many_events(count: int, random: Random) -> list[Event]:
    """Of every kind, on known and unknown products, over two years."""
    events = []
    for number in range(count):
        at = NOON - timedelta(minutes=random.randrange(0, 2 * 365 * 1440))
        name = random.choice(EVENT_NAMES)
        sku = random.choice(("L-1", "L-2", "L-3", "T-1", "GONE"))
        if name == "Order Completed":
            events.append(order(number, at, L_1=random.randint(1, 3), GONE=1))
            continue
        properties: dict[str, Any] = {
            "query": f"lamp {number % 40}",
            "text": "is it warm?",
            "rating": number % 6,
        }
        events.append(event(number, name, sku, at, category="Lamps", channel="chat", **properties))
    return events


def same(first: Any, second: Any) -> bool:
    """Equal but for the rounding of floats."""
    if isinstance(first, float):
        return isinstance(second, float) and math.isclose(first, second, rel_tol=1e-9)
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list):
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    return bool(first == second)


@pytest.mark.parametrize("seed", range(5))
def test_order_and_division_of_the_events_change_nothing(seed: int) -> None:
    random = Random(seed)
    events = many_events(400, random)
    whole = fold(*events)
    shuffled = random.sample(events, k=len(events))
    cut = random.randrange(len(events))
    halves = fold_behaviour(fold(*shuffled[:cut]), shuffled[cut:], PLACES)
    assert same(whole.as_json(), halves.as_json())
    assert whole.events == 400


def test_behaviour_comes_back_from_json_whole() -> None:
    behaviour = fold(*many_events(100, Random(1)))
    assert Behaviour.from_json(json.loads(json.dumps(behaviour.as_json()))) == behaviour
    assert Behaviour.from_json(json.loads(json.dumps(Behaviour().as_json()))) == Behaviour()


def test_an_order_counts_in_money_things_and_time() -> None:
    later = NOON + timedelta(days=1)
    behaviour = fold(order(1, L_1=2, T_1=1), order(2, later, L_1=1), event(3, at=NOON - timedelta(days=9)))
    assert (behaviour.orders, behaviour.items_bought, behaviour.spend_cents) == (2, 4, {"EUR": 4000})
    assert (behaviour.first_seen, behaviour.last_seen) == (NOON - timedelta(days=9), later)
    assert behaviour.last_order_at == later
    assert behaviour.bought == (Encounter("L-1", later), Encounter("T-1", NOON))


def test_buying_says_more_than_looking_and_yesterday_more_than_last_year() -> None:
    behaviour = fold(event(1, sku="L-1"), order(2, T_1=1))
    assert shares(behaviour.categories) == pytest.approx({"Tents": 5 / 6, "Lamps": 1 / 6})
    faded = fold(event(1, sku="L-1", at=NOON - HALF_LIFE), event(2, sku="T-1"))
    assert shares(faded.categories) == pytest.approx({"Tents": 2 / 3, "Lamps": 1 / 3})
    assert {name: liking.events for name, liking in faded.categories.items()} == {"Tents": 1, "Lamps": 1}


def test_price_level_is_the_place_within_the_category() -> None:
    assert fold(event(1, sku="L-1")).price_level == 0
    assert fold(event(1, sku="L-3")).price_level == 1
    assert fold(event(1, sku="L-1"), event(2, sku="L-2")).price_level == pytest.approx(0.25)
    assert fold(event(1, sku="T-1")).price_level == 0.5
    assert fold(event(1, sku="GONE")).price_level is None


def test_what_left_the_catalogue_breaks_nothing_and_made_up_names_count_for_nothing() -> None:
    behaviour = fold(
        event(1, sku="GONE", category="Lamps"),
        event(2, sku="GONE", category="<script>"),
        event(3, "Product List Viewed", None, category=["Lamps"]),
        order(4, GONE=1),
    )
    assert behaviour.events == 4
    assert {name: liking.events for name, liking in behaviour.categories.items()} == {"Lamps": 1}
    assert behaviour.brands == {}
    assert behaviour.bought == (Encounter("GONE", NOON),)


def test_senders_errors_are_left_out() -> None:
    broken = replace(
        order(1, L_1=1),
        properties={
            "products": [1, {"sku": 2}, {"sku": "L-1", "quantity": -4}],
            "total_cents": "9",
            "currency": 5,
        },
    )
    unreadable = replace(broken, message_id="m2", properties={"products": "all", "currency": "EUR"})
    behaviour = fold(broken, unreadable, event(3, "Product Reviewed", rating="five"))
    assert (behaviour.items_bought, behaviour.spend_cents, behaviour.ratings) == (1, {"EUR": 0}, ())


def test_times_and_channels_are_counted_in_utc() -> None:
    tokyo = datetime.fromisoformat("2026-03-15T07:30:00+09:00")
    behaviour = fold(event(1, at=tokyo), event(2, channel="chat"), event(3, channel=["x"]))
    assert (behaviour.hours[22], behaviour.hours[12]) == (1, 2)
    assert behaviour.weekdays == (0, 0, 0, 0, 0, 3, 0)
    assert behaviour.channels == {"web": 1, "chat": 1, "other": 1}


def test_words_ratings_and_dismissals_are_kept_with_their_latest_time() -> None:
    later = NOON + timedelta(hours=1)
    behaviour = fold(
        event(1, "Products Searched", None, later, query=" red lamp "),
        event(2, "Products Searched", None, query="red lamp"),
        event(3, "Question Asked", "L-1", text="Is it warm?"),
        event(4, "Product Reviewed", "L-1", rating=2, text="Broke."),
        event(5, "Product Reviewed", "L-1", later, rating=4),
        event(6, "Recommendation Dismissed", "L-2"),
    )
    assert behaviour.words == (Words("searched", "red lamp", later), Words("asked", "Is it warm?", NOON))
    assert behaviour.ratings == (Rated("L-1", 4, later),)
    assert behaviour.dismissed == (Encounter("L-2", NOON),)


def test_only_the_newest_of_what_was_seen_is_kept() -> None:
    events = [event(n, sku=f"P-{n}", at=NOON + timedelta(minutes=n)) for n in range(MOST_SEEN + 5)]
    seen = fold(*events).seen
    assert len(seen) == MOST_SEEN
    assert seen[0].sku == f"P-{MOST_SEEN + 4}"


def test_what_is_shown_to_a_shopper_is_not_what_they_did() -> None:
    behaviour = fold(event(1, "Recommendations Shown", None, skus=["L-1"], place="home"))
    assert behaviour == Behaviour(counts={"Recommendations Shown": 1})


def test_freshness_stays_a_number_for_any_time() -> None:
    assert freshness(datetime.fromisoformat("0001-01-01T00:00:00+00:00")) > 0
    assert math.isfinite(freshness(datetime.fromisoformat("9999-12-31T00:00:00+00:00")))
