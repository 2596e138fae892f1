"""Are choices put into histories, and histories split, as sequential recommendation is measured?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.recommendations.interactions import (
    BOUGHT,
    VIEWED,
    Choice,
    gather,
    leave_one_out,
    split_by_time,
)


def test_items_get_places_in_the_order_of_their_first_choice() -> None:
    made = gather([("ann", [Choice("b"), Choice("a", VIEWED)]), ("bob", [Choice("a")])])
    assert made.items == ("b", "a")
    assert [history.items.tolist() for history in made.histories] == [[0, 1], [1]]
    assert made.histories[0].kinds.tolist() == [BOUGHT, VIEWED]
    assert made.count == 3


def test_choices_outside_a_given_catalogue_are_left_out() -> None:
    made = gather([("ann", [Choice("gone"), Choice("a")]), ("bob", [Choice("gone")])], ["a", "b"])
    assert made.items == ("a", "b")
    assert [history.items.tolist() for history in made.histories] == [[0], []]


def test_the_last_item_is_for_the_test_and_the_one_before_for_choosing() -> None:
    split = leave_one_out(gather([("ann", [Choice(item) for item in "abcd"]), ("bob", [Choice("a")])]))
    assert [history.items.tolist() for history in split.train.histories] == [[0, 1], [0]]
    assert [(case.history.items.tolist(), case.target) for case in split.validation] == [([0, 1], 2)]
    assert [(case.history.items.tolist(), case.target) for case in split.test] == [([0, 1, 2], 3)]


def test_a_split_by_time_asks_for_the_first_new_item_after_it() -> None:
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in range(1, 5)]
    choices = {
        "ann": [Choice("a", at=days[0]), Choice("b", at=days[2]), Choice("c", at=days[3])],
        "new": [Choice("b", at=days[2]), Choice("d", at=days[3])],
        "gone": [Choice("b", at=days[0]), Choice("a", at=days[1])],
        "once": [Choice("a", at=days[3])],
    }
    split = split_by_time(choices, ["a", "b", "c", "d"], cut=days[2])
    assert [history.items.tolist() for history in split.train.histories] == [[0], [1, 0]]
    assert [(case.history.items.tolist(), case.target) for case in split.cases] == [([0], 1), ([1], 3)]
    assert [case.target for case in split.cold_users] == [3]
    assert [case.target for case in split.cold_items] == [3]


def test_a_split_by_time_needs_times() -> None:
    with pytest.raises(ValueError, match="'ann' has one without"):
        split_by_time({"ann": [Choice("a")]}, ["a"], datetime(2026, 3, 1, tzinfo=UTC))
