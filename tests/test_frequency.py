"""Does a shopper get no more promotions than the limits say?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.promotions.frequency import DAY, Frequency, Limit, UnknownChannel

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(("channel", "most"), [("email", 2), ("sms", 1), ("push", 2)])
def test_a_week_has_so_many_promotions_by_each_channel_unless_the_shop_says_otherwise(
    channel: str, most: int
) -> None:
    limit = Frequency().of(channel)
    assert [limit.allows(shown) for shown in range(4)] == [shown < most for shown in range(4)]
    assert limit.since(NOON) == datetime(2026, 3, 7, 12, tzinfo=UTC)


def test_an_offer_comes_up_three_times_a_day_in_the_chat() -> None:
    limit = Frequency().same_offer
    assert (limit.allows(2), limit.allows(3)) == (True, False)
    assert limit.since(NOON) == NOON - timedelta(hours=24)


def test_a_limit_of_none_allows_nothing() -> None:
    assert not Frequency(sms=Limit(0, DAY)).of("sms").allows(0)


def test_the_chat_and_unknown_channels_have_no_limit_of_sending() -> None:
    with pytest.raises(UnknownChannel, match="should be one of email, sms, push; came 'fax'"):
        Frequency().of("fax")
    with pytest.raises(UnknownChannel, match="came 'chat'"):
        Frequency().of("chat")


@pytest.mark.parametrize(("most", "within"), [(-1, DAY), (1, timedelta(0))])
def test_a_limit_without_sense_is_refused(most: int, within: timedelta) -> None:
    with pytest.raises(ValueError, match="0 or more within some time"):
        Limit(most, within)
