"""Which numbers, amounts, days, codes, names and gifts does a text claim that the facts do not have?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.promotions.facts import Facts
from knowledge_base.shop_documents import price_text

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_CURRENCY = r"(?:EUR|USD|GBP|CHF|[€$£])"
_MONEY = re.compile(rf"\d[\d.,]*\s?(?:{_CURRENCY}|euros?|dollars?)|{_CURRENCY}\s?\d[\d.,]*\d")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent)")
_DAY = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(MONTHS)})|({'|'.join(MONTHS)}) (\d{{1,2}}))"
)
_NUMBER = re.compile(r"\d[\d.,]*")
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen"
    r"|(?:third|quarter) (?:off|less|cheaper)"
    r"|half(?! an? (?:glance|minute|thought|smile))|twice|double|triple|second one free)\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_ENDS_SOON = re.compile(
    r"\b(?:until|till|ends?|before|by|only|through) (?:\w+ ){0,2}"
    r"(?:today|tomorrow|tonight|midnight|noon|weekend|week|month)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:k?g|m?l|[cm]?m|W|V|h|hours?|days?|weeks?|months?|years?|minutes?|litres?|metres?|stars?|inch(?:es)?"
    r"|players?|speeds?|times)\b"
)
"""What makes a number one that does not count the stock."""
_CODE_WORD = re.compile(r"(?<!dress )\b(?:code|voucher|coupon)s?\b", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w¤])(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{2,}(?!\w)")
_KNOWN_CAPITALS = frozenset({"EUR", "USD", "GBP", "CHF", "STOP", "SMS"})

_OLD = re.compile(
    r"\b(?:was|were|instead of|down from|rather than|used to (?:be|cost)|before[: ]|formerly|previously)\s+$",
    re.IGNORECASE,
)
_SAVING_BEFORE = re.compile(
    r"\b(?:save|saves|saving|saved|minus|less by|reduced by|keep|keeps|takes?|knocks?)\s+$", re.IGNORECASE
)
_SAVING_AFTER = re.compile(
    r"^\s+(?:off|less(?! \d)|cheaper|saved|lighter|reduction|discount|below|under its)\b", re.IGNORECASE
)
_NOW = re.compile(
    r"\b(?:now|now at|now for|costs|it costs|price is|pay|yours for|priced at)\s+$", re.IGNORECASE
)
_REDUCED = re.compile(
    r"\b(?:discount\w*|reduc(?:ed|tion)\w*|cheaper|bargain|sale price|on sale|special price|price drop"
    r"|saving|savings|save|instead of|used to be|price (?:has )?(?:fallen|dropped|come down))\b",
    re.IGNORECASE,
)
_GIFT = re.compile(
    r"\b(?:free of charge|for free|at no (?:extra )?(?:cost|charge)|no (?:extra|further) (?:cost|charge)"
    r"|on the house|on us|as a gift|complimentary|thrown in|for nothing|gratis"
    r"|get [^.!?]{0,25}\bfree|comes? (?:along )?free"
    r"|an? free(?! (?:shipping|delivery|postage|moment|hour|day|evening)))\b",
    re.IGNORECASE,
)
_SHIPPING = re.compile(r"\b(?:shipping|postage|delivery|carriage|parcel)\b", re.IGNORECASE)
_FREE_SHIPPING = re.compile(
    r"\b(?:free|no|without|waive\w*)\b[^.!?]{0,12}\b(?:shipping|postage|delivery|carriage)\b"
    r"|\b(?:shipping|postage)\b[^.!?]{0,20}\b(?:free|nothing|on us)\b",
    re.IGNORECASE,
)


_FROM_TO = re.compile(rf"\bfrom ({_MONEY.pattern}) (?:down )?to ({_MONEY.pattern})", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:special offers?|on offer|our offers?|this offer|the offer|our sale|on sale|bargains?|promotion)\b",
    re.IGNORECASE,
)


def money_findings(rest: str, facts: Facts) -> Iterator[str]:
    """Amounts that no fact has, and amounts that are called what they are not."""
    product, offer = facts.product, facts.offer
    reduced = None if offer is None else offer.price_cents(product)
    now = price_text(product.price_cents if reduced is None else reduced, product.currency)
    old = price_text(product.price_cents, product.currency) if reduced is not None else None
    saving = None if reduced is None else price_text(product.price_cents - reduced, product.currency)
    if offer is not None and offer.amount_cents is not None:
        saving = price_text(offer.amount_cents, offer.currency)
    minimum = None
    if offer is not None and offer.minimum_cents is not None:
        minimum = price_text(offer.minimum_cents, offer.currency)
    known = {now, old, saving, minimum} - {None}
    for found in _FROM_TO.finditer(rest):
        if (found.group(1).strip(), found.group(2).strip()) != (old, now):
            yield f"not from the old price to the one now: {found.group()}"
    for found in _MONEY.finditer(rest):
        words, before, after = found.group().strip(), rest[: found.start()], rest[found.end() :]
        if words not in known:
            yield f"an amount that is not in the facts: {words}"
        elif _OLD.search(before) and words != old:
            yield f"called the price before, and is not: {words}"
        elif (_SAVING_BEFORE.search(before) or _SAVING_AFTER.match(after)) and words != saving:
            yield f"called a reduction, and is not: {words}"
        elif _NOW.search(before) and not _SAVING_AFTER.match(after) and words not in {now, minimum}:
            yield f"called the price, and is not: {words}"


def number_findings(rest: str, facts: Facts) -> Iterator[str]:
    """Percentages, days, codes and other numbers that no fact has."""
    offer = facts.offer
    rest = _MONEY.sub(" ", rest)
    if offer is not None and offer.code is not None:
        rest = re.sub(rf"(?<!\w){re.escape(offer.code)}(?!\w)", " ", rest)
    for found in _PERCENT.finditer(rest):
        if offer is None or offer.percent is None or found.group(1) != str(offer.percent):
            yield f"a percentage that is not in the facts: {found.group()}"
    rest = _PERCENT.sub(" ", rest)
    for found in _DAY.finditer(rest):
        day = (int(found.group(1) or found.group(4)), found.group(2) or found.group(3))
        if day != last_day(facts):
            yield f"a day that is not in the facts: {found.group()}"
    rest = _DAY.sub(" ", rest)
    for found in (*_WEEKDAY.finditer(rest), *_ENDS_SOON.finditer(rest)):
        yield f"a day that is not in the facts: {found.group()}"
    for found in _CODE.finditer(rest):
        if found.group() not in _KNOWN_CAPITALS and not _is_in_page(found.group(), facts):
            yield f"a code or name that is not in the facts: {found.group()}"
    rest = _CODE.sub(" ", rest)
    for found in _NUMBER.finditer(rest):
        counts_stock = found.group().rstrip(".,") == str(facts.product.stock)
        if not counts_stock or _UNIT.match(rest, found.end()):
            yield f"a number that is not in the facts: {found.group().rstrip('.,')}"
    for found in _NUMBER_WORD.finditer(rest):
        yield f"a number in words: {found.group()}"


def offer_findings(rest: str, facts: Facts) -> Iterator[str]:
    """A reduction, a gift, free shipping or a code that the offer does not give."""
    kind = None if facts.offer is None else facts.offer.kind
    if facts.offer is None:
        for found in _OFFER.finditer(rest):
            yield f"an offer that there is not: {found.group()}"
    if kind not in ("percentage", "amount"):
        for found in _REDUCED.finditer(rest):
            yield f"a reduction that there is not: {found.group()}"
        for found in re.finditer(r"(?:%|¤|\d) (?:off|less)\b|\bhalf price\b", rest):
            yield f"a reduction that there is not: {found.group()}"
    if kind != "bundle":
        for sentence in re.split(r"(?<=[.!?])\s|\n", rest):
            if kind != "free_shipping" or not _SHIPPING.search(sentence):
                for found in _GIFT.finditer(sentence):
                    yield f"a gift that there is not: {found.group()}"
    if kind != "free_shipping":
        for found in _FREE_SHIPPING.finditer(rest):
            yield f"free shipping that there is not: {found.group()}"
    if facts.offer is None or facts.offer.code is None:
        for found in _CODE_WORD.finditer(rest):
            yield f"a code that there is not: {found.group()}"


def name_findings(rest: str, facts: Facts) -> Iterator[str]:
    """Words with a capital letter in the middle of a sentence: names that no fact has."""
    for found in re.finditer(r"(?<=[a-z,¤] )([A-Z][a-z]+)", rest):
        word = found.group(1)
        if word not in MONTHS and not _is_in_page(word, facts):
            yield f"a name that is not in the facts: {word}"


def last_day(facts: Facts) -> tuple[int, str] | None:
    """Day and month name of the offer's last day, in the shop's timezone."""
    if facts.offer is None:
        return None
    last = (facts.offer.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(facts.timezone_name))
    return last.day, f"{last:%B}"


def _is_in_page(word: str, facts: Facts) -> bool:
    product = facts.product
    page = " ".join(
        (product.name, product.brand, product.category, facts.shop_name, *product.attributes.values())
    )
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page) is not None
