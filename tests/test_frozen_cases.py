"""Is a new model measured on what no model learnt from, and on nobody who has gone?"""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_shoppers import even_and_odd

from bot.recommendations.frozen_cases import (
    FEWEST,
    TooFewShoppers,
    as_cases,
    freeze,
    hashed,
    kept_cases,
    without_frozen,
)
from bot.recommendations.interactions import Interactions

SHOP = even_and_odd(users=400)
PLACES = {item: place for place, item in enumerate(SHOP.items)}


def test_every_tenth_shopper_is_frozen_and_learnt_from_by_none() -> None:
    cases = freeze(SHOP)
    assert len(cases) == 40
    learnt = without_frozen(SHOP, cases)
    assert len(learnt.histories) == 360
    assert not {case.shopper for case in cases} & {hashed(history.user) for history in learnt.histories}


def test_a_case_asks_for_the_last_item() -> None:
    case = next(case for case in freeze(SHOP))
    history = next(history for history in SHOP.histories if hashed(history.user) == case.shopper)
    assert case.target == SHOP.items[history.items[-1]]
    assert [sku for sku, _ in case.history] == [SHOP.items[item] for item in history.items[:-1]]


def test_the_set_stays_as_it_is_while_the_shop_goes_on(tmp_path: Path) -> None:
    first = kept_cases(tmp_path / "frozen.json", SHOP)
    grown = Interactions(SHOP.items, (*SHOP.histories, *even_and_odd(users=5, length=3).histories))
    assert kept_cases(tmp_path / "frozen.json", grown) == first


def test_who_was_erased_leaves_the_set(tmp_path: Path) -> None:
    path = tmp_path / "frozen.json"
    gone = kept_cases(path, SHOP)[0].shopper
    left = tuple(history for history in SHOP.histories if hashed(history.user) != gone)
    assert gone not in {case.shopper for case in kept_cases(path, Interactions(SHOP.items, left))}
    assert gone not in path.read_text(encoding="utf-8")


def test_no_shopper_is_named_in_the_file(tmp_path: Path) -> None:
    kept_cases(tmp_path / "frozen.json", SHOP)
    assert '"u1' not in (tmp_path / "frozen.json").read_text(encoding="utf-8")


def test_a_target_that_is_no_longer_sold_is_no_case() -> None:
    cases = freeze(SHOP)
    left = {sku: place for sku, place in PLACES.items() if sku != cases[0].target}
    assert len(as_cases(cases, left)) < len(as_cases(cases, PLACES)) == len(cases)


def test_too_small_a_shop_says_what_is_missing() -> None:
    with pytest.raises(TooFewShoppers, match=f"at least {3 * FEWEST} shoppers .* there are 40"):
        freeze(even_and_odd(users=40))
