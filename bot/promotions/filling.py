"""How do facts come into a text? Each place is filled with its fact, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.promotions.details import kind_of, said_name
from bot.promotions.facts import Facts
from knowledge_base.shop_documents import price_text

MOST_STOCK_TOLD = 12
_PLACE = re.compile(r"<([a-z_]+)>")
_FIRST_WORD = re.compile(r"(^|[.!?]\s+|\n)([a-z])")
_VOWEL_SOUND = re.compile(
    r"(?![Ee][uw]|[Oo]n(?:e|ce)\b)[aeioAEIO]|8|1[18](?!\d)|[uU][bcdfghlmnprstvz][bcdfghlmnpqrstvwxz]"
    r"|[FHLMNRSX](?:\d|[BCDFGHJKLMNPQRSTVWXZ])|LED|[Hh](?:our|onest|eir)"
)


class NothingToSay(KeyError):
    """A text has a place for which there is no fact."""


def fills_of(facts: Facts) -> dict[str, str]:
    """The words for every place that these facts can fill; a statement is chosen apart."""
    product = facts.product
    fills = {
        "product": said_name(product.name),
        "kind": kind_of(product.name),
        "category": product.category,
        "shop": facts.shop_name,
        "price": price_text(product.price_cents, product.currency),
        **facts.details,
    }
    if 1 <= product.stock <= MOST_STOCK_TOLD:
        fills["stock"] = str(product.stock)
    fills |= {
        place: words
        for place, words in (
            ("name", facts.reader.first_name),
            ("interest", facts.reader.interest),
            ("seen", None if facts.reader.seen is None else said_name(facts.reader.seen)),
        )
        if words
    }
    return {place: words for place, words in (fills | _offer_fills(facts)).items() if words.strip()}


def _offer_fills(facts: Facts) -> dict[str, str]:
    offer, product = facts.offer, facts.product
    if offer is None:
        return {}
    fills = {"until": day_text(facts)}
    if offer.code is not None:
        fills["code"] = offer.code
    if offer.minimum_cents is not None:
        fills["minimum"] = price_text(offer.minimum_cents, offer.currency)
    if offer.kind == "free_shipping":
        fills["free_shipping"] = "free shipping"
    if facts.bundle is not None:
        fills["bundle"] = said_name(facts.bundle.name)
    if offer.percent is not None:
        fills["percent"] = f"{offer.percent}%"
    if offer.amount_cents is not None:
        fills["saving"] = price_text(offer.amount_cents, offer.currency)
    reduced = offer.price_cents(product)
    if reduced is not None and reduced < product.price_cents:
        fills["price"] = price_text(reduced, product.currency)
        fills["old_price"] = price_text(product.price_cents, product.currency)
        fills["saving"] = price_text(product.price_cents - reduced, product.currency)
    elif offer.kind in ("percentage", "amount"):
        # What one piece costs tells nothing about the order that the offer asks for.
        fills["price"] = ""
    return fills


def day_text(facts: Facts) -> str:
    """The offer's last day in the shop's timezone: 30 November."""
    if facts.offer is None:
        raise NothingToSay("until")
    last = (facts.offer.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(facts.timezone_name))
    return f"{last.day} {last:%B}"


def fill(text: str, fills: Mapping[str, str]) -> str:
    """The text with every place filled. Raises NothingToSay for a place without words."""

    def words(found: re.Match[str]) -> str:
        if found.group(1) not in fills:
            raise NothingToSay(found.group(1))
        return fills[found.group(1)]

    filled = _PLACE.sub(words, _with_articles(text, fills))
    filled = re.sub(r"(?<!\.)([.!?])\.(?!\.)", r"\1", filled)
    return _FIRST_WORD.sub(lambda found: found.group(1) + found.group(2).upper(), filled)


def _with_articles(text: str, fills: Mapping[str, str]) -> str:
    """`a <runtime>` becomes `an <runtime>` before 8 hours."""

    def article(found: re.Match[str]) -> str:
        words = fills.get(found.group(2), "")
        letter = found.group(1)[0]
        return f"{letter}{'n' if _VOWEL_SOUND.match(words) else ''} <{found.group(2)}>"

    return re.sub(r"\b([Aa]n?) <([a-z_]+)>", article, text)
