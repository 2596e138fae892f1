"""Are the catalogue's categories and kinds found in what people write?"""

from __future__ import annotations

import pytest
from sample_shop import sample_products

from bot.recommendations.catalogue_words import CatalogueWords, singular

WORDS = CatalogueWords(sample_products())


def named(text: str) -> list[str]:
    """The categories, and for a kind its SKUs in one text."""
    return [
        spot.category if spot.category is not None else " ".join(sorted(spot.skus))
        for spot in WORDS.spots(text.split())
    ]


def test_a_category_is_named_in_full_in_part_or_by_who_does_it() -> None:
    assert named("hiking hikers camp coffee toys office") == [
        "Hiking & Camping",
        "Hiking & Camping",
        "Hiking & Camping",
        "Coffee & Tea",
        "Toys & Games",
        "Home Office",
    ]


def test_of_overlapping_names_the_longest_counts() -> None:
    assert named("kitchen radio") == ["AUD-007"]
    assert named("kitchen and radio") == ["Kitchen", "AUD-007"]


def test_a_slip_of_the_fingers_is_no_hindrance_and_another_word_is_no_slip() -> None:
    assert (WORDS.spelt("kichen"), WORDS.spelt("chicken"), WORDS.spelt("father")) == (
        "kitchen",
        "chicken",
        "father",
    )


def test_own_names_and_general_words_are_no_kinds() -> None:
    assert named("tarnwick fjell free new") == []


@pytest.mark.parametrize(
    ("word", "one"),
    [("watches", "watch"), ("batteries", "battery"), ("shoes", "shoe"), ("glass", "glass"), ("bus", "bus")],
)
def test_several_are_counted_like_one(word: str, one: str) -> None:
    assert singular(word) == one
