"""Are the offers of a measurement possible ones, of every kind, and the same for the same seed?"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from promotion_fakes import NOW, SHOP, STOVE, TEAPOT
from sample_shop import sample_products

from bot.promotions.facts import Facts
from bot.promotions.offer import OFFER_KINDS
from bot.promotions.trial_offers import FIRST_NAMES, LONGEST_DAYS, trial_facts, trial_offer


@pytest.fixture(scope="module")
def facts() -> tuple[Facts, ...]:
    return all_facts(5)


def all_facts(seed: int) -> tuple[Facts, ...]:
    draw, products = random.Random(seed), sample_products()
    return tuple(trial_facts(product, products, SHOP, NOW, draw) for product in products for _ in range(3))


def test_the_same_seed_gives_the_same_facts(facts: tuple[Facts, ...]) -> None:
    assert all_facts(5) == facts
    assert all_facts(6) != facts


def test_every_offer_counts_now_and_for_its_product(facts: tuple[Facts, ...]) -> None:
    for one in facts:
        assert one.offer is None or (one.offer.runs(NOW) and one.offer.covers(one.product))
        assert one.offer is None or (one.offer.ends_at - NOW).days < LONGEST_DAYS
        price = None if one.offer is None else one.offer.price_cents(one.product)
        assert price is None or 0 < price < one.product.price_cents


def test_there_are_offers_of_every_kind_and_products_without_one(facts: tuple[Facts, ...]) -> None:
    assert {None if one.offer is None else one.offer.kind for one in facts} == {None, *OFFER_KINDS}
    offers = [one.offer for one in facts if one.offer is not None]
    assert {offer.code is None for offer in offers} == {True, False}
    assert {offer.minimum_cents is None for offer in offers} == {True, False}


def test_only_a_bundle_brings_another_product(facts: tuple[Facts, ...]) -> None:
    for one in facts:
        is_bundle = one.offer is not None and one.offer.kind == "bundle"
        assert (one.bundle is not None) == is_bundle
        if one.bundle is not None and one.offer is not None:
            assert one.bundle.sku == one.offer.bundle_sku != one.product.sku


def test_readers_are_invented_and_some_are_nobody(facts: tuple[Facts, ...]) -> None:
    assert {one.reader.first_name for one in facts} == {None, *FIRST_NAMES}
    assert all(one.reader.interest in (None, one.product.category) for one in facts)
    assert all(one.reader.seen != one.product.name for one in facts)


@pytest.mark.parametrize("price_cents", [1, 40, 99, 150])
def test_a_cheap_product_is_never_made_free(price_cents: int) -> None:
    product = replace(STOVE, price_cents=price_cents)
    for seed in range(60):
        offer = trial_offer(product, TEAPOT, NOW, random.Random(seed))
        assert offer is None or offer.amount_cents is None or (offer.price_cents(product) or 1) > 0


def test_a_product_never_comes_along_with_itself() -> None:
    offers = [trial_offer(STOVE, STOVE, NOW, random.Random(seed)) for seed in range(60)]
    assert "bundle" not in {offer.kind for offer in offers if offer is not None}
