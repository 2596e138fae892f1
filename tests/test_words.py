"""Are the words found that no promotion may have, and no others?"""

from __future__ import annotations

import pytest

from bot.promotions.words import FORBIDDEN, UNPROVEN, banned_words, promises_of_service, unproven_claims


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You Idiot, this is crap.", ["idiot", "crap"]),
        ("A classic pass for an assistant.", []),
        ("Hello from the shell of a peacock.", []),
        ("", []),
    ],
)
def test_insults_are_found_as_whole_words_in_any_case(text: str, found: list[str]) -> None:
    assert banned_words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The BEST, a bestseller, perfectly unrivaled.", ["best", "bestseller", "perfectly", "unrivaled"]),
        ("The quietest, second to none, #1.", ["quietest", "second to none", "#1"]),
        ("World-class, no. 1, 100 % proven.", ["world-class", "no. 1", "100 %", "proven"]),
        ("It heals and is clinically tested.", ["tested", "heals", "clinically"]),
        ("Hurry, last chance: you must act now!", ["hurry", "last chance", "you must", "act now"]),
        ("A topic for a forest, at request, mostly at rest.", []),
        ("Kids and teenagers: ask your mum.", ["kids", "teenagers", "ask your mum"]),
    ],
)
def test_claims_are_found_list_by_list_in_the_order_of_the_text(text: str, found: list[str]) -> None:
    assert unproven_claims(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Delivered next-day, with a warranty.", ["delivered", "next-day", "warranty"]),
        ("A lifetime of returns, in stock.", ["lifetime", "returns", "in stock"]),
        ("The shipping news: a ship's relish, renewed.", ["ship"]),
        ("A quiet evening.", []),
    ],
)
def test_promises_of_service_are_found(text: str, found: list[str]) -> None:
    assert promises_of_service(text) == found


@pytest.mark.parametrize("name", ["insults", "service", *UNPROVEN])
def test_every_list_says_what_it_is_and_has_each_entry_once(name: str) -> None:
    rows = (FORBIDDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = [row for row in rows if row and not row.startswith("# ")]
    assert rows[0].startswith("# ")
    assert len(entries) > 10
    assert len(set(entries)) == len(entries)
