"""Does a name say what sets a segment apart, and is it the only one of its kind?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from segment_fakes import shoppers
from shopper_fakes import NOON

from bot.shoppers.segment_features import BEHAVIOUR, learn_fusion
from bot.shoppers.segment_names import Trait, name_segments, traits_of


def segment(distances: Mapping[str, float], orders: float = 1.0, **categories: float) -> tuple[Trait, ...]:
    """A segment by what its numbers differ in, and the shares of its categories where others have a tenth."""
    numbers = [
        Trait(name, False, orders if name == "orders" else 1.0, 1.0, distances.get(name, 0.0))
        for name in BEHAVIOUR
    ]
    return (*numbers, *(Trait(name, True, share, 0.1, 10 * share - 1) for name, share in categories.items()))


def test_a_name_says_what_they_love_and_how_they_shop() -> None:
    names = name_segments(
        [
            segment({"spend": 1.2, "evenings": 0.8}, Coffee=0.6),
            segment({"price level": -0.9}, Lamps=0.5, Tents=0.4),
            segment({"orders": 1.0, "weekends": 0.7}),
            segment({"orders": -0.7, "spend": -0.8, "days away": 1.0}, orders=0.0),
            segment({}),
        ]
    )
    assert names == (
        "Coffee lovers who spend much, mostly evenings",
        "Lamps and Tents lovers who choose the cheaper things",
        "Regular buyers mostly weekends",
        "Onlookers not seen for long",
        "Shoppers of everything",
    )


def test_no_two_names_are_the_same() -> None:
    plain = segment({}, Coffee=0.5)
    names = name_segments([plain, segment({"searching": 0.3}, Coffee=0.5), plain, plain])
    assert names == (
        "Coffee lovers",
        "Coffee lovers who search and ask",
        "Coffee lovers (2)",
        "Coffee lovers (3)",
    )


def test_traits_are_the_clearest_first() -> None:
    people = shoppers()
    fusion = learn_fusion(people, NOON, 4)
    drinkers = np.array([(person.shopper.anonymous_id or "").startswith("Coffee") for person in people])
    traits = traits_of(fusion.raw(people, NOON), fusion.category_names, drinkers)
    assert {trait.name for trait in traits[:6]} >= {"Coffee", "orders", "spend", "evenings"}
    assert [abs(trait.distance) for trait in traits] == sorted(
        (abs(trait.distance) for trait in traits), reverse=True
    )
    coffee = next(trait for trait in traits if trait.name == "Coffee")
    assert coffee.is_category
    assert coffee.words.startswith("Coffee 9")
