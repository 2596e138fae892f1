"""Does what goes with a product come from enough shoppers, and from more than chance?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.recommendations.bought_together import (
    count_bought_together,
    no_pairs,
    open_bought_together,
    save_bought_together,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SHOE, SOCK, CUP, LATER = range(4)


def counted() -> list[list[tuple[int, datetime]]]:
    both = [[(SHOE, NOON), (SOCK, NOON + timedelta(days=3))] for _ in range(6)]
    others = [[(CUP, NOON)] for _ in range(60)]
    far_apart = [[(SHOE, NOON), (LATER, NOON + timedelta(days=90))] for _ in range(4)]
    return [*both, *others, *far_apart, [(SHOE, NOON), (CUP, NOON)]]


def test_what_enough_shoppers_bought_with_it_is_a_companion() -> None:
    pairs = count_bought_together(counted(), 4)
    assert [(one.place, one.shoppers) for one in pairs.companions(SHOE)] == [(SOCK, 6)]
    assert [(one.place, one.shoppers) for one in pairs.companions(SOCK)] == [(SHOE, 6)]


def test_what_everybody_buys_goes_with_nothing() -> None:
    everybody = [[(SHOE, NOON), (SOCK, NOON)] for _ in range(10)]
    assert count_bought_together(everybody, 4).companions(SHOE) == ()


def test_an_unknown_place_has_no_companions() -> None:
    assert no_pairs().companions(0) == ()
    assert count_bought_together(counted(), 4).companions(-1) == ()


def test_the_counts_come_back_from_disk(tmp_path: Path) -> None:
    pairs = count_bought_together(counted(), 4)
    save_bought_together(pairs, tmp_path)
    assert open_bought_together(tmp_path).companions(SHOE) == pairs.companions(SHOE)
