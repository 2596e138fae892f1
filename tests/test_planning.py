"""Does a plan tell all that must be told, nothing twice, and nothing that is not known?"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from promotion_fakes import (
    AMOUNT,
    BUNDLE,
    EARBUDS,
    LINES,
    NOW,
    PERCENT,
    SHIPPING,
    SHOP,
    STOVE,
    FixedWriter,
    facts_of,
)
from sample_shop import sample_products

from bot.promotions.copybook import TONES, Line, read_copybook
from bot.promotions.facts import Facts, Reader
from bot.promotions.filling import fills_of
from bot.promotions.offer import Offer
from bot.promotions.planning import NoPlan, Order, musts, places_together, planned
from bot.promotions.plans import FORMS, Form, Plan
from bot.promotions.trial_offers import trial_facts

SETS = FixedWriter().sets
CODE = replace(PERCENT, code="AUTUMN20")


def plan_of(order: Order, facts: Facts, seed: int = 1) -> Plan:
    return planned(order, facts, fills_of(facts), SETS, random.Random(seed))


@pytest.mark.parametrize(
    ("offer", "wanted"),
    [
        (None, {"price"}),
        (PERCENT, {"percent"}),
        (AMOUNT, {"saving"}),
        (SHIPPING, {"free_shipping"}),
        (BUNDLE, {"bundle"}),
        (CODE, {"percent", "code"}),
        (replace(AMOUNT, minimum_cents=9000), {"saving", "minimum"}),
        (replace(SHIPPING, minimum_cents=9000, code="POST"), {"free_shipping", "minimum", "code"}),
    ],
)
def test_an_offer_must_be_told_with_its_conditions_and_else_the_price(
    offer: Offer | None, wanted: set[str]
) -> None:
    facts = facts_of(offer=offer)
    fills = fills_of(facts)
    assert musts("subject", facts, fills) == set()
    assert musts("push", facts, fills) == wanted
    for form in ("chat", "body", "sms"):
        assert musts(form, facts, fills) == wanted | {"product"}


def test_the_same_draw_gives_the_same_plan() -> None:
    order = Order("body", "warm")
    assert plan_of(order, facts_of(offer=PERCENT), 4) == plan_of(order, facts_of(offer=PERCENT), 4)
    assert len({plan_of(order, facts_of(offer=PERCENT), seed) for seed in range(20)}) > 3


def test_a_plan_keeps_to_the_order_and_knows_one_from_several() -> None:
    plan = plan_of(Order("chat", "refined", "long"), facts_of(EARBUDS))
    assert (plan.form, plan.tone, plan.length, plan.several) == ("chat", "refined", "long", True)
    assert not plan_of(Order("chat", "refined"), facts_of()).several


@pytest.fixture(scope="module")
def sets() -> dict[str, list[list[str]]]:
    """What may stand together according to the real copybook."""
    return places_together(read_copybook())


def test_plans_for_all_sample_products_tell_what_they_must_and_only_what_is_known(
    sets: dict[str, list[list[str]]],
) -> None:
    draw, products = random.Random(3), sample_products()
    plans = missing = 0
    for number, product in enumerate(products):
        facts = trial_facts(product, products, SHOP, NOW, draw)
        fills = fills_of(facts)
        for form in FORMS:
            try:
                plan = planned(Order(form, TONES[number % 4]), facts, fills, sets, draw)
            except NoPlan:
                missing += 1
                continue
            plans += 1
            told = [place for section in plan.sections for place in section.places]
            assert len(set(told)) == len(told)
            assert musts(form, facts, fills) <= set(told)
            assert set(told) <= {place for place, words in fills.items() if words} | {"statement"}
            assert "statement" not in told or facts.statements
    assert plans > 600
    assert missing < 50


@pytest.mark.parametrize("seed", range(8))
def test_the_part_with_the_offer_tells_its_head_and_comes_after_the_name(seed: int) -> None:
    plan = plan_of(Order("chat", "plain"), facts_of(offer=replace(AMOUNT, minimum_cents=9000)), seed)
    named: set[str] = set()
    for section in plan.sections:
        named |= set(section.places)
        if section.role == "offer":
            assert {"saving", "minimum"} <= set(section.places)
            assert "product" in named
        assert section.role != "about" or "product" in named


STOCK_LINES = (*LINES, *(Line("offer", tone, "We have <stock>, at <price>.") for tone in TONES))


def told(form: Form, offer: Offer | None, lines: tuple[Line, ...]) -> set[str]:
    facts = facts_of(offer=offer)
    found: set[str] = set()
    for seed in range(60):
        try:
            plan = planned(
                Order(form, "warm"), facts, fills_of(facts), places_together(lines), random.Random(seed)
            )
        except NoPlan:
            continue
        found |= plan.places
    return found


def test_stock_is_told_only_where_it_is_read_at_once() -> None:
    assert "stock" in told("chat", None, STOCK_LINES)
    for form in ("body", "sms", "subject"):
        assert "stock" not in told(form, None, STOCK_LINES)
    assert "stock" not in told("chat", SHIPPING, STOCK_LINES)


def test_a_sentence_of_the_page_is_for_chat_and_email() -> None:
    assert "statement" in told("body", None, LINES)
    assert "statement" not in told("sms", None, LINES) | told("push", None, LINES)


def test_short_plans_have_few_parts_and_long_ones_more_than_one() -> None:
    for seed in range(20):
        assert len(plan_of(Order("chat", "warm", "short"), facts_of(), seed).sections) <= 3
        assert len(plan_of(Order("body", "warm", "long"), facts_of(), seed).sections) >= 2


def test_a_writer_without_the_lines_is_told_of() -> None:
    facts = facts_of(offer=CODE)
    with pytest.raises(NoPlan, match="the writer has no warm sms that tells code, percent, product"):
        planned(
            Order("sms", "warm"),
            facts,
            fills_of(facts),
            {"sms warm": [["product", "price"]]},
            random.Random(1),
        )


def test_long_facts_make_a_short_text() -> None:
    long = replace(STOVE, name="Brackwater " + "Ember " * 12 + "Stove")
    for seed in range(10):
        assert plan_of(Order("sms", "warm"), facts_of(long), seed).length == "short"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(20))
def test_no_plan_follows_from_how_long_a_name_is(form: Form, seed: int) -> None:
    plans = {
        plan_of(Order(form, "warm"), facts_of(reader=Reader(name, "Audio")), seed)
        for name in ("Bo", "Anna", "Maximilian-Alexander", "Oluwaseunfunmilayo")
    }
    assert len(plans) == 1
