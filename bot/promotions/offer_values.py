"""What may a value in a file of offers be? Each function gives the value as we keep it, or raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, TypeVar

from bot.promotions.offer import MOST_PERCENT, OFFER_KINDS, OfferKind
from knowledge_base import row_values
from knowledge_base.row_values import UnusableValue

Part = TypeVar("Part")

CUSTOMERS: tuple[Literal["all", "first_order", "returning"], ...] = ("all", "first_order", "returning")


def kind(value: object) -> OfferKind:
    for one in OFFER_KINDS:
        if value == one:
            return one
    raise UnusableValue("", f"one of {', '.join(OFFER_KINDS)}", value)


def customers(value: object) -> Literal["all", "first_order", "returning"]:
    for some in CUSTOMERS:
        if value == some:
            return some
    raise UnusableValue("", f"one of {', '.join(CUSTOMERS)}", value)


def percent(value: object) -> int:
    try:
        number = row_values.count(value)
    except UnusableValue:
        number = 0
    if not 1 <= number <= MOST_PERCENT:
        raise UnusableValue("", f"a whole number from 1 to {MOST_PERCENT}", value)
    return number


def price(value: object) -> int:
    """In cents, from an amount like 10.00."""
    cents = row_values.cents(value)
    if cents == 0:
        raise UnusableValue("", "an amount like 10.00, from 0.01 on", value)
    return cents


def cents(value: object) -> int:
    number = row_values.count(value)
    if number == 0:
        raise UnusableValue("", "a whole number of cents from 1", value)
    return number


def code(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[A-Z0-9-]{3,20}", value.strip()) is None:
        raise UnusableValue("", "3 to 20 of A-Z, 0-9 and -", value)
    return value.strip()


def several(part: Callable[[object], Part], between: str = ",;") -> Callable[[object], tuple[Part, ...]]:
    """Reads a list of parts, or a text with the parts between these signs; each once, in their order."""

    def read(value: object) -> tuple[Part, ...]:
        parts = value
        if isinstance(value, str):
            # A file that writes no list means a value, so signs alone are a slip and not "no parts".
            parts = [one for one in re.split(f"[{between}]", value) if one.strip()] or None
        if not isinstance(parts, list):
            raise UnusableValue("", f"a list, or texts between {' or '.join(between)} signs", value)
        return tuple(dict.fromkeys(part(one) for one in parts))

    return read


def start_in(zone: tzinfo) -> Callable[[object], datetime]:
    """Reads when something starts, in UTC: a mere date from its first moment on."""
    return lambda value: _moment(value, zone, days_more=0)


def end_in(zone: tzinfo) -> Callable[[object], datetime]:
    """Reads when something ends, in UTC: a mere date is that whole day, up to the next midnight."""
    return lambda value: _moment(value, zone, days_more=1)


def _moment(value: object, zone: tzinfo, days_more: int) -> datetime:
    """A time without a zone is in `zone`; to a mere date go `days_more`, by the zone's clock."""
    text = str(value).strip()
    try:
        day = _date_in(text)
        if day is None:
            at = datetime.fromisoformat(text)
        else:
            at = datetime.combine(day + timedelta(days=days_more), time.min)
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnusableValue("", "a date like 2026-03-14 or a time like 2026-03-14T09:00", value) from None


def _date_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
