"""Is it understood what a shopper wants changed about the last recommendations, and what is no such thing?"""

from __future__ import annotations

import pytest

from bot.recommendations.follow_ups import FollowUp, Move, read_follow_up

MOVES: dict[str, set[Move]] = {
    "Something cheaper": {"cheaper"},
    "the first one is way too expensive": {"cheaper"},
    "do you have anything less pricey?": {"cheaper"},
    "Show me more like it": {"similar"},
    "anything similar?": {"similar"},
    "are there alternatives to it": {"similar"},
    "something similar but cheaper": {"similar", "cheaper"},
    "Not for me: it": {"dismiss"},
    "I don't like that one": {"dismiss"},
    "nah, not my style": {"dismiss"},
    "I already have it": {"dismiss"},
    "not the second one": {"dismiss"},
    "what goes with this?": {"goes_with"},
    "what would go nicely with it": {"goes_with"},
    "accessories for it please": {"goes_with"},
    "What is popular now?": {"popular"},
    "what do other people buy": {"popular"},
    "your bestsellers": {"popular"},
    "Show me other ideas": {"others"},
    "more": {"others"},
    "what else do you have": {"others"},
    "Any price is fine, recommend something": {"any_price"},
    "any kind of product is fine": {"any_kind"},
    "Start over with recommendations": {"anew"},
    "something more expensive": {"dearer"},
}
NO_MOVES = (
    "recommend me something",
    "a gift for my father who likes hiking, under 50",
    "headphones cheaper than 100",
    "i like coffee",
    "i don't want shoes",
    "something like a board game",
    "no toys please",
)


@pytest.mark.parametrize(("message", "moves"), MOVES.items(), ids=MOVES)
def test_words_ask_for_a_change(message: str, moves: set[Move]) -> None:
    assert read_follow_up(message).moves == moves


@pytest.mark.parametrize("message", NO_MOVES)
def test_a_wish_of_its_own_changes_nothing(message: str) -> None:
    assert read_follow_up(message).moves == frozenset()


def test_a_place_is_told_and_what_else_was_said_remains() -> None:
    assert read_follow_up("I don't like the last one, under 40") == FollowUp(
        frozenset({"dismiss"}), -1, False, "i    , under 40"
    )


def test_pointing_is_told() -> None:
    assert [read_follow_up(text).points for text in ("more like this", "it's too expensive", "cheaper")] == [
        True,
        True,
        False,
    ]
