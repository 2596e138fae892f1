"""Is the product that a question names found, with typos and left-out words, and no other?"""

from __future__ import annotations

import pytest

from knowledge_base.product_mentions import Mention, NamedProduct, ProductMentions

MENTIONS = ProductMentions(
    [
        NamedProduct("AUD-001", "Brenholt Fjell 40 Noise-Cancelling Headphones"),
        NamedProduct("AUD-002", "Brenholt Skog Portable Speaker"),
        NamedProduct("KIT-001", "Tarnwick Stoneware Burr Grinder"),
        NamedProduct("KIT-002", "Tarnwick Kettle"),
    ],
    ["noise-cancelling headphones", "a portable speaker", "the burr grinder of stoneware", "kettle"],
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how long does the Fjell play?", Mention(("AUD-001",), True)),
        ("is aud-002 waterproof", Mention(("AUD-002",), True)),
        ("do the brenhlt headphones fold?", Mention(("AUD-001",), True)),
        ("what does Brenholt make?", Mention(("AUD-001", "AUD-002"), True)),
        ("the tarnwick grinder", Mention(("KIT-001",), True)),
        ("how loud is the burr grinder?", Mention(("KIT-001",), False)),
        ("do you sell a grinder?", None),
        ("how do I return it?", None),
        ("", None),
    ],
)
def test_the_named_products_are_found(question: str, expected: Mention | None) -> None:
    assert MENTIONS.find(question) == expected


def test_a_typo_in_a_long_telling_word_is_forgiven() -> None:
    assert MENTIONS.find("the Brennholt Skog") == Mention(("AUD-002",), True)


def test_a_word_that_the_shop_uses_in_lower_case_names_nothing_alone() -> None:
    assert MENTIONS.find("headphones?") is None


def test_a_shop_without_products_finds_none() -> None:
    assert ProductMentions([], []).find("the Fjell 40") is None
