"""Which fields may a shopper's browser send, and what is refused?"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from aiohttp import web

from bot.shoppers.event_calls import BrokenCall, anonymous_id_of
from bot.web.errors import RefusedRequest

MOST_BYTES = 16 * 1024
LONGEST_TEXT = 2000
LONGEST_SKU = 100


@dataclass(frozen=True, slots=True)
class ShopperMessage:
    """What a shopper typed: `id` is a canonical UUID, `text` has 1 to 2000 characters, `product` is a SKU."""

    id: str
    text: str
    product: str | None = None


async def read_fields(request: web.Request, allowed: Collection[str]) -> dict[str, object]:
    """Read the request's JSON object; raises RefusedRequest 400, 413, 415 or 422."""
    charset = request.charset
    if request.content_type != "application/json" or (charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise RefusedRequest(415, "not_json", "The body must be application/json in UTF-8.")
    return parse_fields(await request.read(), allowed)


def parse_fields(raw: str | bytes, allowed: Collection[str]) -> dict[str, object]:
    """Parse one JSON object with only the allowed fields; raises RefusedRequest 400 or 422."""
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedRequest(400, "broken_json", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise RefusedRequest(422, "not_an_object", f"A JSON object was expected, {_kind(value)} came.")
    if unknown := sorted(set(value) - set(allowed)):
        came = ", ".join(ascii(name[:40]) for name in unknown[:3])
        raise RefusedRequest(
            422, "unknown_field", f"Allowed fields are {', '.join(sorted(allowed))}; {came} came."
        )
    return value


def customer_token_of(fields: dict[str, object]) -> str | None:
    """The token that the shop's own site signed, None for an anonymous shopper."""
    token = fields.get("customer_token")
    if token is not None and not isinstance(token, str):
        raise RefusedRequest(422, "bad_customer_token", f"customer_token must be text, {_kind(token)} came.")
    return token


def anonymous_id_in(fields: dict[str, object]) -> str | None:
    """The random id that the browser gave itself, None if it sends none; raises RefusedRequest 422."""
    try:
        return anonymous_id_of(fields.get("anonymous_id"))
    except BrokenCall as problem:
        raise RefusedRequest(422, "bad_anonymous_id", f"anonymous_id {problem.detail}.") from None


def shopper_message(fields: dict[str, object]) -> ShopperMessage:
    """Check the fields of one message; raises RefusedRequest 422 that says what was allowed and what came."""
    return ShopperMessage(
        id=message_id_of(fields),
        text=_text_of(fields.get("text")),
        product=_product_of(fields.get("product")),
    )


def message_id_of(fields: dict[str, object]) -> str:
    """The message's id as a lower-case UUID; raises RefusedRequest 422."""
    value = fields.get("id")
    if isinstance(value, str) and len(value) == 36:
        try:
            parsed = str(uuid.UUID(value))
        except ValueError:
            parsed = ""
        if parsed == value.lower():
            return parsed
    raise RefusedRequest(422, "bad_id", "id must be a UUID such as 6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e.")


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedRequest(422, "bad_text", f"text must be text, {_kind(value)} came.")
    text = clean_text(value)
    if not text:
        raise RefusedRequest(422, "empty_text", f"text must have 1 to {LONGEST_TEXT} characters, none came.")
    if len(text) > LONGEST_TEXT:
        raise RefusedRequest(
            422, "long_text", f"text must have 1 to {LONGEST_TEXT} characters, {len(text)} came."
        )
    return text


def clean_text(text: str) -> str:
    """The text without control characters (line breaks and tabs stay), half surrogates and outer blanks."""
    text = text.replace("\r\n", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return text.strip()


def _product_of(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and 1 <= len(value) <= LONGEST_SKU and value.isprintable():
        return value
    came = f"{len(value)} characters" if isinstance(value, str) else _kind(value)
    raise RefusedRequest(
        422, "bad_product", f"product must be a SKU of 1 to {LONGEST_SKU} printable characters, {came} came."
    )


def _kind(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return {int: "a number", float: "a number", str: "text", list: "a list"}.get(type(value), "an object")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
