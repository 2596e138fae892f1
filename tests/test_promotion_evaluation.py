"""Do the figures about promotions say what they should?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from promotion_fakes import PERCENT, STOVE, FixedWriter, facts_of

from bot.promotions.check import Message
from bot.promotions.layout import Footers
from bot.promotions.promoter import Promoter, Request
from bot.promotions.promotion_evaluation import (
    distinct_pairs,
    figures_of,
    judge,
    judge_all,
    most_alike,
    timed,
)

REQUESTS = [Request(facts_of(STOVE, PERCENT), "push", 1, seed=seed) for seed in range(4)]


def test_true_messages_of_a_writer_count_as_such() -> None:
    promoter = Promoter(FixedWriter(), Footers("https://shop.example/no-more"))
    judged, promoted = judge_all(promoter, REQUESTS)
    figures = figures_of(judged, promoted, list(timed(promoter.promote, REQUESTS)))
    assert (figures.messages, figures.faithful, figures.from_model, figures.unanswered) == (4, 1.0, 1.0, 0)
    assert figures.as_contract()["milliseconds_p50"] > 0


def test_a_false_message_that_the_check_let_through_is_found_by_the_second_reading() -> None:
    promoter = Promoter(FixedWriter(), Footers("https://shop.example/no-more"))
    (found, *_), _ = judge_all(promoter, REQUESTS)
    wrong = replace(found.candidate, message=Message("push", None, "The stove costs 12.00 EUR."))
    assert judge(wrong, found.facts).untrue
    assert figures_of([judge(wrong, found.facts), found], [], []).faithful == 0.5


def test_distinct_pairs_and_the_most_alike() -> None:
    assert distinct_pairs(["a b c", "a b d"]) == 0.75
    assert most_alike([("x",), ("y",), ("x",)]) == 2
    assert most_alike([("x",)] + [(str(number),) for number in range(99)] + [("x",)]) == 1


def test_no_message_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="no message"):
        figures_of([], [], [])
