"""What does a call of Segment's kind say, and what is wrong with it?

`track`, `page` and `identify` of https://segment.com/docs/connections/spec/, alone or in a batch. Fields that
we do not know are left out, so that any library for that protocol can send here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.shoppers.event_properties import properties_of
from bot.shoppers.events import EVENT_NAMES
from bot.shoppers.shop_events import OWN_ID_PREFIX
from bot.shoppers.traits import TRAITS
from knowledge_base.row_values import UnusableValue

KINDS = ("track", "page", "identify")
LONGEST_USER_ID = 40
LONGEST_AGE = timedelta(days=730)
FARTHEST_AHEAD = timedelta(days=1)
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One call, checked. Whether `user_id` is really there and proven is not known yet.

    `consent` is what the call says about profiling, None if it says nothing. `name` is one of EVENT_NAMES,
    None for identify. Of `traits` a None takes the trait back; `ignored_traits` counts those not kept.
    """

    kind: str
    message_id: str
    at: datetime
    anonymous_id: str | None
    user_id: str | None
    customer_token: str | None
    consent: bool | None
    is_untracked: bool
    name: str | None = None
    sku: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, str | None] = field(default_factory=dict)
    ignored_traits: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """A call that is not taken: its place in the batch from 0, the field, and what was allowed and came."""

    index: int
    field: str
    detail: str


class BrokenCall(Exception):
    """A call cannot be used because of one field."""

    def __init__(self, name: str, allowed: str, came: object = None) -> None:
        super().__init__(f"should be {allowed}; came {shown(came)}")
        self.field, self.detail = name, str(self)


def parse_call(raw: object, context: Mapping[str, Any], sent_at: object, received_at: datetime) -> Call:
    """Check one call. `context` and `sent_at` are those of its batch, where its own are missing.

    Raises BrokenCall.
    """
    if not isinstance(raw, dict):
        raise BrokenCall("call", "an object", raw)
    kind = raw.get("type")
    if kind not in KINDS:
        raise BrokenCall("type", f"one of {', '.join(KINDS)}", kind)
    own = _object("context", raw.get("context"))
    token = own.get("customerToken", context.get("customerToken"))
    if token is not None and not isinstance(token, str):
        raise BrokenCall("context.customerToken", "text", token)
    anonymous_id, user_id = anonymous_id_of(raw.get("anonymousId")), _user_id(raw.get("userId"))
    if anonymous_id is None and user_id is None:
        raise BrokenCall("anonymousId", "there, or userId")
    name, sku, properties = _event(kind, raw)
    traits, ignored = _traits(raw.get("traits")) if kind == "identify" else ({}, 0)
    return Call(
        kind=kind,
        message_id=_message_id(raw.get("messageId")),
        at=time_of(raw.get("timestamp"), raw.get("sentAt", sent_at), received_at),
        anonymous_id=anonymous_id,
        user_id=user_id,
        customer_token=token,
        consent=_consent(own if "consent" in own else context),
        is_untracked=own.get("doNotTrack", context.get("doNotTrack")) is True,
        name=name,
        sku=sku,
        properties=properties,
        traits=traits,
        ignored_traits=ignored,
    )


def anonymous_id_of(value: object) -> str | None:
    """The random id that a browser gave itself. Raises BrokenCall."""
    if value is None:
        return None
    if not isinstance(value, str) or re.fullmatch(r"[A-Za-z0-9-]{8,80}", value) is None:
        raise BrokenCall("anonymousId", "8 to 80 letters, digits or -", value)
    return value


def time_of(timestamp: object, sent_at: object, received_at: datetime) -> datetime:
    """When it happened by our clock: the sender's clock is off by as much as sentAt is from the moment at
    which the call arrived, the way between left out (as Segment corrects it). Raises BrokenCall.

    Up to a day ahead of us it counts as now; more, or over two years ago, is refused.
    """
    if timestamp is None:
        return received_at
    at = moment("timestamp", timestamp)
    if sent_at is not None:
        try:
            at += received_at - moment("sentAt", sent_at)
        except OverflowError:
            raise BrokenCall("timestamp", "a time near sentAt", timestamp) from None
    if at - received_at > FARTHEST_AHEAD or received_at - at > LONGEST_AGE:
        raise BrokenCall("timestamp", "at most two years ago and not in the future", timestamp)
    return min(at, received_at)


def shown(value: object) -> str:
    """A value that came, short enough to show."""
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str | bool) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 3]}..."


def moment(name: str, value: object) -> datetime:
    """The time in UTC that the value spells. Raises BrokenCall with `name` as its field."""
    allowed = "a time with its zone, like 2026-03-14T09:26:53.589Z"
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BrokenCall(name, allowed, value)


def _event(kind: str, raw: Mapping[str, Any]) -> tuple[str | None, str | None, dict[str, Any]]:
    """Name, SKU and properties of the event that a call is; a page call is the event Page Viewed."""
    if kind == "identify":
        return None, None, {}
    name = "Page Viewed" if kind == "page" else raw.get("event")
    if name not in EVENT_NAMES:
        raise BrokenCall("event", f"one of {', '.join(EVENT_NAMES)}", name)
    try:
        sku, properties = properties_of(name, _object("properties", raw.get("properties")))
    except UnusableValue as problem:
        raise BrokenCall(f"properties.{problem.field}", problem.allowed, problem.came) from None
    return name, sku, properties


def _message_id(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[\w.:-]{1,80}", value, re.ASCII) is None:
        raise BrokenCall("messageId", "1 to 80 letters, digits or . : _ -", value)
    if value.startswith(OWN_ID_PREFIX):
        raise BrokenCall("messageId", f"one that does not begin with {OWN_ID_PREFIX}", value)
    return value


def _user_id(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_USER_ID or not value.isprintable():
        raise BrokenCall("userId", f"1 to {LONGEST_USER_ID} printable characters", value)
    return value


def _consent(context: Mapping[str, Any]) -> bool | None:
    """What Segment's consent object says about the category "profiling"; None if it does not."""
    consent = _object("context.consent", context.get("consent"))
    preferences = _object("context.consent.categoryPreferences", consent.get("categoryPreferences"))
    given = preferences.get("profiling")
    if given is not None and not isinstance(given, bool):
        raise BrokenCall("context.consent.categoryPreferences.profiling", "true or false", given)
    return given


def _traits(value: object) -> tuple[dict[str, str | None], int]:
    """The traits that we keep, and how many others came."""
    came = _object("traits", value)
    kept = {name: came[name] for name in TRAITS if name in came}
    for name, given in kept.items():
        if given is not None and given not in TRAITS[name]:
            raise BrokenCall(f"traits.{name}", f"one of {', '.join(TRAITS[name])}", given)
    return kept, len(came) - len(kept)


def _object(name: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BrokenCall(name, "an object", value)
    return value
