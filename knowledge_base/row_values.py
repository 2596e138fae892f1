"""What may a value in a file of the shop's be? Each function gives the value as we keep it, or
raises.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

# What a PostgreSQL integer holds.
LARGEST_NUMBER = 2**31 - 1
LONGEST_NAME = 300
LONGEST_ATTRIBUTE = 1000
LONGEST_TEXT = 20_000
LONGEST_NUMBER = 20


class UnusableValue(Exception):
    """A value cannot be used. `field` names a part of it, or is empty; `allowed` reads on after "should
    be".
    """

    def __init__(self, field: str, allowed: str, came: object) -> None:
        super().__init__(f"should be {allowed}; came {came!r}")
        self.field, self.allowed, self.came = field, allowed, came


def sku(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,79}", text.strip()) is None:
        raise UnusableValue("", "1 to 80 letters, digits or . _ : + -, the first a letter or digit", value)
    return text.strip()


def name(value: object) -> str:
    return _checked_text(value, 1, LONGEST_NAME)


def text(value: object) -> str:
    return _checked_text(value, 1, LONGEST_TEXT)


def _checked_text(value: object, shortest: int, longest: int) -> str:
    allowed = f"a text of {shortest} to {longest} characters"
    if not isinstance(value, str) or not shortest <= len(value.strip()) <= longest:
        raise UnusableValue("", allowed, value)
    if re.search(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", value):
        raise UnusableValue("", f"{allowed} without control characters", value)
    return value.strip()


def currency(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[A-Z]{3}", value.strip().upper()) is None:
        raise UnusableValue("", "three letters like EUR (ISO 4217)", value)
    return value.strip().upper()


def count(value: object) -> int:
    return _whole_number(value, 0, LARGEST_NUMBER)


def rating(value: object) -> int:
    return _whole_number(value, 1, 5)


def _whole_number(value: object, smallest: int, largest: int) -> int:
    number = _decimal(value)
    if number is None or number != number.to_integral_value() or not smallest <= number <= largest:
        raise UnusableValue("", f"a whole number from {smallest} to {largest}", value)
    return int(number)


def cents(value: object) -> int:
    number = _decimal(value)
    if (
        number is None
        or not 0 <= number * 100 <= LARGEST_NUMBER
        or number * 100 != (number * 100).to_integral_value()
    ):
        raise UnusableValue("", "a price like 129.90, with a point and at most two decimals", value)
    return int(number * 100)


def _decimal(value: object) -> Decimal | None:
    """The number that the value is or spells; None if it is none, or one of more than 20 characters."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | str | Decimal)
        or len(str(value)) > LONGEST_NUMBER
    ):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day(value: object) -> date:
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise UnusableValue("", "a date like 2026-03-14", value) from None


def moment(value: object) -> datetime:
    """A point in time in UTC; one without a zone is UTC already, a mere date its midnight."""
    try:
        at = datetime.fromisoformat(str(value).strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnusableValue("", "a time like 2026-03-14T09:26:53Z", value) from None


def yes_or_no(value: object) -> bool:
    spelled = str(value).strip().lower()
    if spelled in ("true", "yes", "1"):
        return True
    if spelled in ("false", "no", "0"):
        return False
    raise UnusableValue("", "true or false, yes or no, 1 or 0", value)


def email(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,255}", value.strip()) is None:
        raise UnusableValue("", "an e-mail address", value)
    return value.strip()


def country(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[A-Z]{2}", value.strip().upper()) is None:
        raise UnusableValue("", "two letters like DE (ISO 3166)", value)
    return value.strip().upper()


def person_id(value: object) -> str:
    """A customer's id."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or re.fullmatch(r"[\w.:@+-]{1,40}", text.strip()) is None:
        raise UnusableValue("", "1 to 40 letters, digits or . _ : @ + -", value)
    return text.strip()


def attribute(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(attribute(part) for part in value)
    return _checked_text(str(value) if isinstance(value, int | Decimal) else value, 0, LONGEST_ATTRIBUTE)


def attributes(value: object) -> dict[str, str]:
    """From a JSON object, or in CSV its text or `Weight: 268 g; Drop: 6 mm`."""
    if isinstance(value, str):
        value = _object_in(value)
    if not isinstance(value, dict):
        raise UnusableValue("", "an object of texts, or texts like Weight: 268 g; Drop: 6 mm", value)
    made = {}
    for title, content in value.items():
        try:
            made[name(title)] = attribute(content)
        except UnusableValue as problem:
            raise UnusableValue(title[:40], problem.allowed, problem.came) from None
    return {title: content for title, content in made.items() if content}


def _object_in(text: str) -> object:
    if text.strip().startswith("{"):
        try:
            return json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError):
            return text
    pairs = [part.partition(":") for part in text.split(";") if part.strip()]
    if not all(colon and name.strip() for name, colon, _ in pairs):
        return text
    return {name.strip(): content.strip() for name, _, content in pairs}


def tags(value: object) -> tuple[str, ...]:
    """From a list, or from texts between | or , signs; each once, in their order."""
    if isinstance(value, str):
        value = [part for part in re.split(r"[|,]", value) if part.strip()]
    if not isinstance(value, list):
        raise UnusableValue("", "a list of texts, or texts between | or , signs", value)
    return tuple(dict.fromkeys(name(tag) for tag in value))
