"""Is a call of Segment's kind understood, and a broken one refused by field?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.shoppers.event_calls import BrokenCall, Call, parse_call, time_of

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
BROWSER = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
TRACK = {
    "type": "track",
    "messageId": "m-1",
    "anonymousId": BROWSER,
    "event": "Product Viewed",
    "properties": {"product_id": "L-1"},
}


def parsed(**changes: Any) -> Call:
    return parse_call(TRACK | changes, {}, None, NOON)


def test_a_track_call_is_an_event() -> None:
    assert parsed(timestamp="2026-03-14T11:00:00Z", integrations={"All": True}) == Call(
        kind="track",
        message_id="m-1",
        at=NOON - timedelta(hours=1),
        anonymous_id=BROWSER,
        user_id=None,
        customer_token=None,
        consent=None,
        is_untracked=False,
        name="Product Viewed",
        sku="L-1",
        properties={},
    )


def test_a_page_call_is_a_page_viewed() -> None:
    call = parsed(type="page", event=None, name="Home", properties={"path": "/", "title": "Home"})
    assert (call.name, call.sku, call.properties) == ("Page Viewed", None, {"path": "/"})


def test_identify_keeps_age_band_and_gender_and_counts_the_rest() -> None:
    traits = {"email": "a@mail.example", "name": "Anna", "age_band": "25-34", "gender": None}
    call = parsed(type="identify", userId="C00001", traits=traits)
    assert (call.name, call.user_id) == (None, "C00001")
    assert (call.traits, call.ignored_traits) == ({"age_band": "25-34", "gender": None}, 2)


def test_what_the_batch_says_holds_where_a_call_says_nothing() -> None:
    consent = {"consent": {"categoryPreferences": {"profiling": True}}, "customerToken": "t"}
    call = parse_call(TRACK, consent | {"doNotTrack": True}, None, NOON)
    assert (call.consent, call.is_untracked, call.customer_token) == (True, True, "t")
    own = {"consent": {"categoryPreferences": {"profiling": False}}, "doNotTrack": False}
    call = parse_call(TRACK | {"context": own}, consent | {"doNotTrack": True}, None, NOON)
    assert (call.consent, call.is_untracked, call.customer_token) == (False, False, "t")


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "expected"),
    [
        (None, None, NOON),
        ("2026-03-14T10:00:00+01:00", None, NOON - timedelta(hours=3)),
        # The sender's clock is three hours behind; it happened ten minutes before it was sent.
        ("2026-03-14T08:50:00Z", "2026-03-14T09:00:00Z", NOON - timedelta(minutes=10)),
        # And one that is in another year.
        ("1999-12-31T23:50:00Z", "2000-01-01T00:00:00Z", NOON - timedelta(minutes=10)),
        # Ahead by little: it counts as now.
        ("2026-03-14T20:00:00Z", None, NOON),
    ],
)
def test_the_senders_clock_is_corrected(
    timestamp: str | None, sent_at: str | None, expected: datetime
) -> None:
    assert time_of(timestamp, sent_at, NOON) == expected


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "field"),
    [
        ("2026-03-16T12:00:00Z", None, "timestamp"),
        ("2024-03-01T12:00:00Z", None, "timestamp"),
        ("2026-03-14T12:00:00", None, "timestamp"),
        ("yesterday", None, "timestamp"),
        (1773489600, None, "timestamp"),
        ("2026-03-14T12:00:00Z", "now", "sentAt"),
        ("0001-01-01T00:00:00+14:00", None, "timestamp"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "timestamp"),
    ],
)
def test_a_time_that_cannot_be_is_refused(timestamp: object, sent_at: object, field: str) -> None:
    with pytest.raises(BrokenCall) as error:
        time_of(timestamp, sent_at, NOON)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"type": "screen"}, "type", "should be one of track, page, identify; came 'screen'"),
        ({"messageId": None}, "messageId", "should be 1 to 80 letters, digits or . : _ -; came nothing"),
        (
            {"messageId": "storekeep:order:1"},
            "messageId",
            "should be one that does not begin with storekeep:",
        ),
        ({"anonymousId": None}, "anonymousId", "should be there, or userId; came nothing"),
        ({"anonymousId": "short"}, "anonymousId", "should be 8 to 80 letters, digits or -; came 'short'"),
        ({"userId": "x" * 41}, "userId", "should be 1 to 40 printable characters; came 'xxx"),
        ({"event": "Clicked"}, "event", "should be one of Page Viewed, Products Searched, "),
        ({"properties": []}, "properties", "should be an object; came []"),
        ({"properties": {"sku": "?"}}, "properties.sku", "should be 1 to 80 letters"),
        (
            {"type": "identify", "traits": {"age_band": "33"}},
            "traits.age_band",
            "should be one of 18-24, 25-34",
        ),
        ({"context": "x"}, "context", "should be an object; came 'x'"),
        ({"context": {"customerToken": 5}}, "context.customerToken", "should be text; came 5"),
        ({"context": {"consent": 1}}, "context.consent", "should be an object; came 1"),
        (
            {"context": {"consent": {"categoryPreferences": {"profiling": "yes"}}}},
            "context.consent.categoryPreferences.profiling",
            "should be true or false; came 'yes'",
        ),
    ],
)
def test_a_broken_call_names_the_field_what_was_allowed_and_what_came(
    changes: dict[str, Any], field: str, detail: str
) -> None:
    with pytest.raises(BrokenCall) as error:
        parsed(**changes)
    assert error.value.field == field
    assert error.value.detail.startswith(detail)


@pytest.mark.parametrize("call", [None, 5, "track", [TRACK]])
def test_what_is_no_call_is_refused(call: object) -> None:
    with pytest.raises(BrokenCall, match="should be an object"):
        parse_call(call, {}, None, NOON)
