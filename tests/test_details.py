"""Does a promotion tell of a product only what stands on its page, in words that a sentence can take?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from promotion_fakes import STOVE
from sample_shop import sample_products

from bot.promotions.copybook import DETAILS
from bot.promotions.details import details_of, is_several, kind_of, said_name, statements_of
from bot.promotions.words import banned_words, promises_of_service, unproven_claims
from knowledge_base.products import Product


def with_attributes(**attributes: str) -> Product:
    return replace(STOVE, attributes={name.replace("_", " "): value for name, value in attributes.items()})


def with_page(*paragraphs: str, name: str = STOVE.name) -> Product:
    return replace(STOVE, name=name, description="\n".join(paragraphs))


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("Weight", "262 g", {"weight": "262 g"}),
        ("weight", " 1,480 g ", {"weight": "1,480 g"}),
        ("Weight", "about 262 g", {}),
        ("Material", "Merino wool", {"material": "merino wool"}),
        ("Material", "FKM-blend silicone", {"material": "FKM-blend silicone"}),
        ("Material", "EPP foam", {"material": "EPP foam"}),
        ("Fabric", "Wool, dyed in the yarn", {}),
        ("Battery life", "9 hours", {"runtime": "9 hours"}),
        ("Battery life", "9 hours with noise cancelling", {}),
        ("Warranty", "3 years", {"warranty": "3 years"}),
        ("Warranty", "lifetime", {}),
        ("Capacity", "0.9 l", {"volume": "0.9 l"}),
        ("Size", "24 x 38 x 36 cm", {"size": "24 x 38 x 36 cm"}),
        ("Size", "M", {}),
        ("Colours", "Slate, Oat", {"colours": "slate and oat"}),
        ("Colors", "chestnut or slate", {"colours": "chestnut and slate"}),
        ("Colours", "moss/grey/rust", {"colours": "moss, grey and rust"}),
        ("Colours", "slate", {}),
        ("Colours", "a, b, c, d, e", {}),
        ("Power", "1,450 W", {"spec": "1,450 W of power"}),
        ("Power", "mains", {}),
        ("Height", "65 to 130 cm", {"spec": "a height of 65 to 130 cm"}),
        ("Height", "adjustable", {}),
        ("Glass", "sapphire", {"spec": "sapphire glass"}),
        ("Protection", "IP64", {"spec": "IP64 protection"}),
        ("Pieces", "214", {"spec": "214 pieces"}),
        ("Pieces", "1", {}),
        ("Players", "2 to 4", {"spec": "a round of 2 to 4 players"}),
        ("Made in", "Portugal", {}),
    ],
)
def test_an_attribute_becomes_a_detail_where_it_reads_well(
    name: str, value: str, found: dict[str, str]
) -> None:
    assert details_of(replace(STOVE, attributes={name: value})) == found


def test_the_first_attribute_that_fits_a_place_fills_it() -> None:
    product = with_attributes(Fabric="Wool", Material="Felt", Power="9 W", Length="2 m", Weight="1 kg")
    assert details_of(product) == {"material": "wool", "spec": "9 W of power", "weight": "1 kg"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The stove boils a litre of water in 3.5 minutes.",
        "This little burner folds flat and hides in a mug!",
        "Crafted from brass and steel, it sits level on stones.",
    ],
)
def test_a_sentence_about_the_product_is_a_statement(sentence: str) -> None:
    assert statements_of(with_page(f"Short. {sentence}")) == (sentence,)


@pytest.mark.parametrize(
    "sentence",
    [
        "The stove is light.",
        "The stove has a very long page, " + "with words and words and words, " * 5 + "and more.",
        "The stove does not like a strong wind.",
        "It folds flat and hides in a mug of tin.",
        "Another stove would take more of the room.",
        "The stove (with its bag) hides in a mug.",
        "Would the stove hide in a mug of this size?",
        "A mug of tin hides in a bag of cloth.",
        "The stove is the best that a walker could have.",
        "The stove is delivered in a bag of cloth.",
        "The stove costs a few euros more than a lighter.",
        "the stove hides in a mug of a decent size.",
    ],
)
def test_what_leans_on_other_sentences_or_claims_too_much_is_none(sentence: str) -> None:
    assert statements_of(with_page(sentence)) == ()


def test_statements_end_with_their_paragraph_and_keep_their_order() -> None:
    page = with_page(
        "This stove folds flat in a pocket. The stove weighs 0.25 kg with its bag.", "The stove is made of"
    )
    assert statements_of(page) == (
        "This stove folds flat in a pocket.",
        "The stove weighs 0.25 kg with its bag.",
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Pellmark Stacklet Glass Storage Set, 4 Boxes", "Pellmark Stacklet Glass Storage Set"),
        ("The Fjell Lamp", "Fjell Lamp"),
        ("the Fjell Lamp, Small, Red", "Fjell Lamp"),
        ("Theremin, Large", "Theremin"),
        ("Puzzle 1,000 Pieces", "Puzzle 1,000 Pieces"),
        (", Lamp", ", Lamp"),
        ("Lamp", "Lamp"),
    ],
)
def test_a_name_is_said_without_what_follows_a_comma_and_without_its_article(name: str, said: str) -> None:
    assert said_name(name) == said


@pytest.mark.parametrize(
    ("name", "kind", "several"),
    [
        ("Brenholt Fjell 40 Headphones", "headphones", True),
        ("Tidewater Cold Brew Maker 1.2 l", "maker", False),
        ("Hollowpine Mat 5", "mat", False),
        ("Stoneware Teapot 0.9 l", "teapot", False),
        ("Fennhollow Espresso Beans 1 kg", "beans", True),
        ("Drift 20 Panniers (pair)", "panniers", True),
        ("Rain Jacket Unisex", "jacket", False),
        ("Mineral Sun Stick SPF 30", "stick", False),
        ("USB-C Headphone DAC", "DAC", False),
        ("Set of 2 Baking Mats", "set", False),
        ("Kelp and Oat Soap, Set of 3", "soap", False),
        ("Camera Lens", "lens", False),
        ("Canvas", "canvas", False),
        ("Wine Glass 2 Pack", "glass", False),
        ("Ottoline the Otter", "otter", False),
        ("4711", "product", False),
    ],
)
def test_the_last_noun_of_a_name_says_what_it_is_and_how_many(name: str, kind: str, several: bool) -> None:
    assert (kind_of(name), is_several(name)) == (kind, several)


def test_every_detail_of_the_sample_shop_stands_in_an_attribute() -> None:
    products = sample_products()
    assert len(products) == 130
    told = [
        (product.attributes, place, text)
        for product in products
        for place, text in details_of(product).items()
    ]
    assert len(told) > 150
    assert {place for _, place, _ in told} <= set(DETAILS)
    assert [
        (place, text) for attributes, place, text in told if not _stands_in(text, attributes.values())
    ] == []


def _stands_in(text: str, values: Iterable[str]) -> bool:
    """Word for word in one value, or as its colours and numbers with the words that join them."""
    for value in map(str.lower, values):
        joined = re.sub(r",| or | and |/", " ", text.lower()).split()
        if text.lower() in value or set(joined) <= set(re.sub(r",|/| or | and ", " ", value).split()):
            return True
        if value and re.fullmatch(
            rf"(?:a \w+(?: \w+)? of )?{re.escape(value)}(?: (?:of )?[a-z ]+)?", text.lower()
        ):
            return True
        if text.lower() == f"spf {value}":
            return True
    return False


def test_every_statement_of_the_sample_shop_stands_on_the_page_word_for_word() -> None:
    told = [(p, sentence) for p in sample_products() for sentence in statements_of(p)]
    assert len(told) > 100
    for product, sentence in told:
        assert sentence in " ".join(product.description.split())
        assert 30 <= len(sentence) <= 150
        assert [*banned_words(sentence), *unproven_claims(sentence), *promises_of_service(sentence)] == []


def test_what_a_sample_product_is_can_be_said_in_one_word_of_its_name() -> None:
    for product in sample_products():
        assert kind_of(product.name).lower() in product.name.lower()
        assert kind_of(product.name) not in ("product", "pair", "pairs", "unisex", "SPF")
