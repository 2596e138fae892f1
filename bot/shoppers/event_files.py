"""Which events does a file of the shop's history hold?

Rows have event, timestamp and customer_id or anonymous_id; message_id where there is one; `consent` where
an anonymous visitor agreed to profiling; and the event's properties, in `properties` or in columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.shoppers.event_calls import BrokenCall, Call, anonymous_id_of
from bot.shoppers.event_properties import properties_of
from bot.shoppers.events import EVENT_NAMES
from bot.shoppers.shop_events import OWN_ID_PREFIX, own_id
from knowledge_base import row_values
from knowledge_base.row_fields import Fields, read_table
from knowledge_base.row_files import Progress
from knowledge_base.row_values import UnusableValue

ALIASES = {
    "messageid": "message_id",
    "name": "event",
    "event_name": "event",
    "at": "timestamp",
    "time": "timestamp",
    "userid": "customer_id",
    "user_id": "customer_id",
    "anonymousid": "anonymous_id",
    "profiling_consent": "consent",
}
NOT_PROPERTIES = frozenset(
    {"message_id", "event", "timestamp", "customer_id", "anonymous_id", "consent", "properties"}
)
IN_JSON = ("products", "skus", "answered")


def read_events(
    path: Path,
    customer_ids: Container[str],
    now: datetime,
    format: str = "auto",
    progress: Progress | None = None,
) -> tuple[Call, ...]:
    """The events of a file as calls whose customers are proven; a row without message_id has one that
    follows from what it says, so that it counts once however often it comes in.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    return read_table(path, format, progress, lambda fields: _call(fields, customer_ids, now), ALIASES)


def _call(fields: Fields, customer_ids: Container[str], now: datetime) -> Call:
    customer_id = fields.get("customer_id", row_values.person_id, "", required=False) or None
    if customer_id is not None and customer_id not in customer_ids:
        fields.problem("customer_id", "a customer of this shop; import customers first", customer_id)
    anonymous_id = fields.get("anonymous_id", _browser, "", required=False) or None
    if customer_id is None and anonymous_id is None:
        fields.problem("customer_id", "there, or anonymous_id", None)
    at = fields.get("timestamp", row_values.moment, now)
    if at > now:
        fields.problem("timestamp", "a time in the past", fields.values["timestamp"])
    name = fields.get("event", _name, "")
    sku, properties = _properties(fields, name)
    consent = fields.get("consent", row_values.yes_or_no, False, required=False)
    return Call(
        kind="track",
        message_id=fields.get("message_id", _message_id, _made_id(fields), required=False),
        at=at,
        anonymous_id=anonymous_id,
        user_id=customer_id,
        customer_token=None,
        # For a customer their own decision counts.
        consent=consent if customer_id is None else None,
        is_untracked=False,
        name=name,
        sku=sku,
        properties=properties,
    )


def _properties(fields: Fields, name: str) -> tuple[str | None, dict[str, Any]]:
    raw = {field: value for field, value in fields.values.items() if field not in NOT_PROPERTIES}
    raw |= {field: _json(raw[field]) for field in IN_JSON if isinstance(raw.get(field), str)}
    more = _json(fields.values.get("properties", {}))
    if not isinstance(more, Mapping):
        fields.problem("properties", "an object", fields.values["properties"])
        return None, {}
    if not name:
        return None, {}
    try:
        return properties_of(name, {**raw, **more})
    except UnusableValue as problem:
        fields.problem(problem.field, problem.allowed, problem.came)
        return None, {}


def _json(value: object) -> object:
    """What a CSV cell with JSON holds; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=Decimal)
    except (ValueError, RecursionError):
        return value


def _made_id(fields: Fields) -> str:
    said = json.dumps(sorted(fields.values.items()), default=str)
    return own_id("import", said)


def _message_id(value: object) -> str:
    if not isinstance(value, str | int) or re.fullmatch(r"[\w.:-]{1,80}", str(value), re.ASCII) is None:
        raise UnusableValue("", "1 to 80 letters, digits or . : _ -", value)
    if str(value).startswith(OWN_ID_PREFIX):
        raise UnusableValue("", f"one that does not begin with {OWN_ID_PREFIX}", value)
    return str(value)


def _browser(value: object) -> str:
    try:
        return str(anonymous_id_of(value))
    except BrokenCall:
        raise UnusableValue("", "8 to 80 letters, digits or -", value) from None


def _name(value: object) -> str:
    if value not in EVENT_NAMES:
        raise UnusableValue("", f"one of {', '.join(EVENT_NAMES)}", value)
    return str(value)
