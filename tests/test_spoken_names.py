"""Is the product meant that the shopper names, on the screen first?"""

from __future__ import annotations

from sample_shop import sample_products

from bot.recommendations.spoken_names import SpokenNames

NAMES = SpokenNames(sample_products())


def test_every_product_of_the_sample_is_found_by_its_whole_name() -> None:
    for product in sample_products():
        assert NAMES.find(f"Not for me: {product.name}", ()) == (product.sku, "Not for me:  it ")


def test_a_part_of_the_name_with_a_typo_is_enough() -> None:
    sku, rest = NAMES.find("more like the Tarnwik Ridge please", ())
    assert (sku, " ".join(rest.split())) == ("RUN-001", "more like the it please")


def test_an_article_number_is_a_name() -> None:
    assert NAMES.find("something like run-002", ()) == ("RUN-002", "something like  it ")


def test_of_two_that_fit_the_one_on_the_screen_is_meant() -> None:
    assert NAMES.find("what goes with the Cairn", ("SKI-013",))[0] == "SKI-013"
    assert NAMES.find("what goes with the Cairn", ("HIK-001",))[0] == "HIK-001"


def test_a_message_that_names_none_stays_as_it_is() -> None:
    assert NAMES.find("a gift for my father who likes hiking", ()) == (
        None,
        "a gift for my father who likes hiking",
    )
