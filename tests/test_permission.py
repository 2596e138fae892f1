"""Is nothing sent to a customer who did not agree to it, or who had enough?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from promotion_fakes import NOW

from bot.promotions.frequency import Frequency, Limit
from bot.promotions.permission import Permission
from bot.promotions.plans import Channel


@dataclass
class Record:
    """How many were shown; `asked` is what was looked for."""

    shown: int = 0
    asked: list[tuple[str, str, datetime]] = field(default_factory=list)

    def shown_count(self, customer_id: str, channel: str, since: datetime) -> int:
        self.asked.append((customer_id, channel, since))
        return self.shown


@dataclass(frozen=True)
class Consents:
    """The channels to which the customer C1 agreed."""

    channels: tuple[str, ...]

    def may_send(self, customer_id: str, channel: str) -> bool:
        return customer_id == "C1" and channel in self.channels


def permission(*channels: str, shown: int = 0) -> Permission:
    return Permission(Consents(channels), Record(shown), lambda: NOW)


@pytest.mark.parametrize(
    ("channel", "name"), [("email", "e-mails"), ("sms", "SMS"), ("push", "push messages")]
)
def test_who_did_not_agree_to_a_channel_is_sent_nothing_there(channel: Channel, name: str) -> None:
    others = {"email", "sms", "push"} - {channel}
    assert permission(*others).why_not("C1", channel) == f"C1 did not agree to {name} about offers."
    assert permission(channel).why_not("C2", channel) == f"C2 did not agree to {name} about offers."
    assert permission(channel).why_not("C1", channel) is None


@pytest.mark.parametrize(("channel", "limit"), [("email", 2), ("sms", 1), ("push", 2)])
def test_who_had_enough_within_a_week_is_sent_no_more(channel: Channel, limit: int) -> None:
    assert permission(channel, shown=limit - 1).why_not("C1", channel) is None
    why = permission(channel, shown=limit).why_not("C1", channel)
    assert why is not None
    assert why.startswith(f"C1 had {limit} ")
    assert why.endswith(f" in 7 days; {limit} is the limit.")


def test_what_was_shown_is_counted_on_this_channel_since_the_limits_time() -> None:
    record = Record()
    limits = Frequency(email=Limit(1, timedelta(days=3)))
    asking = Permission(Consents(("email",)), record, lambda: NOW, limits)
    assert asking.why_not("C1", "email") is None
    assert record.asked == [("C1", "email", NOW - timedelta(days=3))]


def test_a_limit_of_none_lets_nothing_through() -> None:
    limits = Frequency(sms=Limit(0, timedelta(days=7)))
    asking = Permission(Consents(("sms",)), Record(), lambda: NOW, limits)
    assert asking.why_not("C1", "sms") == "C1 had 0 SMS in 7 days; 0 is the limit."


def test_in_the_chat_the_shopper_asks_and_nothing_is_looked_up() -> None:
    record = Record(99)
    assert Permission(Consents(()), record, lambda: NOW).why_not("C1", "chat") is None
    assert record.asked == []
