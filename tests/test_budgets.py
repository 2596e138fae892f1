"""Is a price told from every other number, however it is written?"""

from __future__ import annotations

import pytest

from bot.recommendations.budgets import Budget, read_budget

AMOUNTS: dict[str, tuple[int | None, int | None]] = {
    "under 19.99": (None, 1999),
    "under 19,99 €": (None, 1999),
    "up to 1,200 euros": (None, 120000),
    "max. 1.200,50 EUR": (None, 120050),
    "at most two thousand": (None, 200000),
    "not over thirty-five": (None, 3500),
    "at least a hundred and fifty euros": (15000, None),
    "40 euros and up": (4000, None),
    "40 and 20 euros": (None, 2000),
    "from 40 to 20 euros": (2000, 4000),
    "50-ish": (3750, 6250),
    "about 30 or so": (2250, 3750),
    "around 10 km": (None, None),
    "under five": (None, None),
    "under five euros": (None, 500),
    "for children under 12": (None, None),
    "less than 500 g": (None, None),
    "less than 50%": (None, None),
    "usb 3.0": (None, None),
    "under 2 people": (None, None),
    "": (None, None),
}


@pytest.mark.parametrize(("text", "cents"), AMOUNTS.items(), ids=AMOUNTS)
def test_an_amount_is_read(text: str, cents: tuple[int | None, int | None]) -> None:
    budget = read_budget(text)
    assert (budget.lowest_cents, budget.highest_cents) == cents


def test_what_is_not_about_the_price_remains() -> None:
    assert read_budget("Headphones under 50 euros, please") == Budget(
        None, 5000, None, "headphones , , please"
    )


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("something cheap", "low"),
        ("not too expensive", "low"),
        ("on a tight budget", "low"),
        ("a luxury gift", "high"),
        ("something expensive", "high"),
        ("something nice", None),
        ("cheap, under 20", None),
    ],
)
def test_a_level_is_said_without_a_number(text: str, level: str | None) -> None:
    assert read_budget(text).level == level
