"""Is each promotion on the list of its state, in the order in which people work?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.database.connection import Database
from bot.promotions.promotion import Draft, Promotion
from bot.promotions.promotion_lists import Counts, PromotionLists
from bot.promotions.promotion_record import PromotionRecord

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
CHAT = Draft("L-1", "chat", "plain", "Text.", "template")
PUSH = replace(CHAT, channel="push")
BAD = replace(CHAT, findings=("says best",))


class Clock:
    """An hour later at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def record(database: Database) -> PromotionRecord:
    return PromotionRecord(database, Clock())


@pytest.fixture
def lists(database: Database) -> PromotionLists:
    return PromotionLists(database)


def ids(found: tuple[Promotion, ...]) -> list[int]:
    return [one.id for one in found]


def test_the_oldest_waits_at_the_head(record: PromotionRecord, lists: PromotionLists) -> None:
    first, second, third, _ = record.keep([CHAT, PUSH, CHAT, BAD])
    assert ids(lists.waiting(10)) == [first, second, third]
    assert ids(lists.waiting(1, after_id=first)) == [second]
    assert ids(lists.waiting(10, channel="chat")) == [first, third]


def test_the_latest_refused_comes_first(record: PromotionRecord, lists: PromotionLists) -> None:
    first, second, third, _ = record.keep([BAD, replace(BAD, channel="push"), BAD, CHAT])
    assert ids(lists.refused(10)) == [third, second, first]
    assert ids(lists.refused(1, before_id=third)) == [second]
    assert ids(lists.refused(10, channel="push")) == [second]


def test_the_latest_decision_comes_first_also_of_what_was_shown_since(
    record: PromotionRecord, lists: PromotionLists
) -> None:
    approved, rejected, shown = record.keep([CHAT, PUSH, CHAT])
    record.keep([CHAT], needs_approval=False)
    record.decide(shown, "approved", "ida")
    record.decide(rejected, "rejected", "ida", reason="dry")
    record.decide(approved, "approved", "ida")
    record.mark_shown(shown)
    assert ids(lists.decided(10)) == [approved, rejected, shown]
    assert ids(lists.decided(1)) == [approved]
    assert ids(lists.decided(10, channel="push")) == [rejected]


def test_the_lists_are_counted(record: PromotionRecord, lists: PromotionLists) -> None:
    assert lists.counts() == Counts(0, 0, 0)
    first, *_ = record.keep([CHAT, CHAT, CHAT, BAD])
    record.decide(first, "approved", "ida")
    assert lists.counts() == Counts(waiting=2, refused=1, decided=1)
