"""What is kept of an event's properties? Those that we know, under our names, of the right kind and size.

The names that come in are Segment's (https://segment.com/docs/connections/spec/ecommerce/v2/) or ours;
everything else is left out. Free text is kept without what points to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from bot.privacy.masking import masked
from bot.shoppers.events import ABOUT_A_PRODUCT
from knowledge_base import row_values
from knowledge_base.row_values import UnusableValue

LONGEST_NAME = 200
LONGEST_QUERY = 300
LONGEST_TEXT = 2000
MOST_PRODUCTS = 100
CHANNELS = ("web", "chat")
SKU_NAMES = ("sku", "product_id")
UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")

Parse = Callable[[object], Any]


def properties_of(name: str, raw: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The SKU and the properties of the event `name`.

    Raises UnusableValue with the property as its field; also if one is missing without which the event says
    nothing.
    """
    sku = _sku_in(raw)
    if sku is None and name in ABOUT_A_PRODUCT:
        raise UnusableValue("product_id", f"there for {name}, or sku", None)
    kept: dict[str, Any] = {}
    for came, (ours, parse) in PROPERTIES.items():
        if raw.get(came) is not None and ours not in kept:
            kept[ours] = _parsed(came, parse, raw[came])
    for ours in NEEDED.get(name, ()):
        if ours not in kept:
            raise UnusableValue(ours, f"there for {name}", None)
    if name == "Order Completed" and "total_cents" not in kept:
        kept |= _total_of(kept["products"])
    return sku, kept


def clean(value: object, longest: int) -> str:
    """The text without control characters, outer blanks and what is beyond `longest` characters."""
    if not isinstance(value, str):
        raise UnusableValue("", "text", value)
    # What is cut away is looked at a little, so that an address that stands on the edge is masked whole.
    text = UNSTORABLE.sub(" ", value[: longest + 200]).strip()
    if not text:
        raise UnusableValue("", f"text of 1 to {longest} characters", value)
    return text


def _name(value: object) -> str:
    return clean(value, LONGEST_NAME)[:LONGEST_NAME]


def _query(value: object) -> str:
    return masked(clean(value, LONGEST_QUERY))[:LONGEST_QUERY]


def _free_text(value: object) -> str:
    return masked(clean(value, LONGEST_TEXT))[:LONGEST_TEXT]


def _path(value: object) -> str:
    """Only the path of an address: what stands behind ? and # may say who comes."""
    return re.split(r"[?#]", _name(value))[0]


def identifier(value: object) -> str:
    """An id such as an order's number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or re.fullmatch(r"[\w#./:+-]{1,80}", text.strip()) is None:
        raise UnusableValue("", "1 to 80 letters, digits or # . / : + - _", value)
    return text.strip()


def money(value: object) -> int:
    """An amount like 129.9, in cents; more decimals are rounded."""
    allowed = "an amount like 129.90, from 0 to 21474836"
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal) or len(str(value)) > 40:
        raise UnusableValue("", allowed, value)
    try:
        cents = (Decimal(str(value).strip()) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        raise UnusableValue("", allowed, value) from None
    if not 0 <= cents <= row_values.LARGEST_NUMBER:
        raise UnusableValue("", allowed, value)
    return int(cents)


def _quantity(value: object) -> int:
    number = row_values.count(value)
    if number == 0:
        raise UnusableValue("", "a whole number from 1", value)
    return number


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnusableValue("", "true or false", value)
    return value


def _channel(value: object) -> str:
    if value not in CHANNELS:
        raise UnusableValue("", f"one of {', '.join(CHANNELS)}", value)
    return str(value)


def _skus(value: object) -> list[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_PRODUCTS:
        raise UnusableValue("", f"a list of 1 to {MOST_PRODUCTS} SKUs", value)
    return [row_values.sku(sku) for sku in value]


def _products(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_PRODUCTS:
        raise UnusableValue("", f"a list of 1 to {MOST_PRODUCTS} products", value)
    return [_product(place, product) for place, product in enumerate(value)]


def _product(place: int, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnusableValue(str(place), "an object with product_id or sku", value)
    try:
        sku = _sku_in(value)
        if sku is None:
            raise UnusableValue("product_id", "there, or sku", None)
        kept: dict[str, Any] = {"sku": sku, "quantity": 1}
        for came, (ours, parse) in OF_A_PRODUCT.items():
            if value.get(came) is not None:
                kept[ours] = _parsed(came, parse, value[came])
    except UnusableValue as problem:
        raise UnusableValue(f"{place}.{problem.field}", problem.allowed, problem.came) from None
    return kept


def _sku_in(raw: Mapping[str, Any]) -> str | None:
    name = next((name for name in SKU_NAMES if raw.get(name) not in (None, "")), None)
    return None if name is None else str(_parsed(name, row_values.sku, raw[name]))


def _parsed(field: str, parse: Parse, value: object) -> Any:
    try:
        return parse(value)
    except UnusableValue as problem:
        inner = f"{field}.{problem.field}" if problem.field else field
        raise UnusableValue(inner, problem.allowed, problem.came) from None


def _total_of(products: list[dict[str, Any]]) -> dict[str, int]:
    """What the products cost together; nothing if the price of one is not known."""
    if any("price_cents" not in product for product in products):
        return {}
    return {"total_cents": sum(product["quantity"] * product["price_cents"] for product in products)}


OF_A_PRODUCT: Mapping[str, tuple[str, Parse]] = {
    "quantity": ("quantity", _quantity),
    "price": ("price_cents", money),
    "price_cents": ("price_cents", row_values.count),
}
PROPERTIES: Mapping[str, tuple[str, Parse]] = {
    "price_cents": ("price_cents", row_values.count),
    "price": ("price_cents", money),
    "currency": ("currency", row_values.currency),
    "quantity": ("quantity", _quantity),
    "category": ("category", _name),
    "query": ("query", _query),
    "order_id": ("order_id", identifier),
    "total_cents": ("total_cents", row_values.count),
    "total": ("total_cents", money),
    "revenue": ("total_cents", money),
    "shipping_cents": ("shipping_cents", row_values.count),
    "shipping": ("shipping_cents", money),
    "products": ("products", _products),
    "rating": ("rating", row_values.rating),
    "text": ("text", _free_text),
    "review_body": ("text", _free_text),
    "answered": ("answered", _yes_or_no),
    "skus": ("skus", _skus),
    "place": ("place", _name),
    "list_id": ("list_id", _name),
    "position": ("position", row_values.count),
    "path": ("path", _path),
    "session_id": ("session_id", identifier),
    "channel": ("channel", _channel),
}
"""What comes in under which name, what it is called here, and what it may be. The first of ours counts."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "Products Searched": ("query",),
    "Order Completed": ("order_id", "products"),
    "Product Reviewed": ("rating",),
    "Question Asked": ("text",),
    "Recommendations Shown": ("skus",),
}
