"""Is each number of a text in the facts, and does it stand for what it stands for there?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.promotions.second_reading_dates import untrue_days
from bot.promotions.second_reading_ground import Ground, Quantity, quantities
from bot.promotions.second_reading_words import MULTIPLES

_SIGN = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|AUD|CAD|euros?|dollars?|pounds?|cents?|[€$£]"
MONEY = re.compile(
    rf"(?P<sign>(?:EUR|USD|GBP|CHF|[€$£]))\s?(?P<amount>\d+(?:[.,]\d{{3}})*(?:[.,]\d{{1,2}})?)(?![\d])"
    rf"|(?<![\w.,])(?P<amount2>\d+(?:,\d{{3}})*(?:[.,]\d{{1,2}})?)\s?(?P<sign2>{_SIGN})(?!\w)"
    r"|(?<![\w.,])(?P<amount3>\d+\.\d{2})(?=\s*(?:[.!?;:,)]|$|instead|now|off|until)(?!\d))",
    re.IGNORECASE,
)
CURRENCIES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "EURO": "EUR",
    "EUROS": "EUR",
    "POUND": "GBP",
    "POUNDS": "GBP",
}
PERCENT = re.compile(r"(?P<value>\d+(?:[.,]\d+)?)[\s-]?(?:%|per ?cent\b)", re.IGNORECASE)
_I = re.IGNORECASE
_LESS = r"(?:off|less|cheaper|saved|savings?|discount|reduction|rebate|lower|voucher|back|of savings?)\b"
SAVES = re.compile(
    r"\b(?:sav(?:e|es|ed|ing)(?: you| up to| a full| as much as| exactly)?|savings?(?: of| is"
    r"|:)|discount(?: of|:)|off(?: by)?"
    r"|reduction(?: of|:)|reduced by|cheaper by|lower by|down by|cut by|knock(?:s|ed)?|takes?"
    r"|take|minus|less|drop(?:s|ped)? (?:by|of)|by|difference(?: of| is))\s*$",
    _I,
)
AFTER_SAVING = re.compile(rf"\s*(?:{_LESS}|(?:in|of) savings?\b|under (?:its|the)|below (?:its|the))", _I)
OLD = re.compile(
    r"\b(?:instead of(?: the)?(?: usual| regular| normal)?|was|were|used to (?:be|cost)"
    r"|previously|formerly|normally|usually|before"
    r"|rather than|down from|reduced from|drop(?:s|ped)? from|not(?: the)?(?: usual)?|(?:usual"
    r"|regular|old|original|normal|full|former)"
    r"(?: price)?(?: of| is| was|:)?|rrp|old price)(?: at| only)?\s*$",
    _I,
)
AFTER_OLD = re.compile(r"\s*(?:before|previously|formerly|is the old|was the|used to be)\b", _I)
NEW = re.compile(
    r"\b(?:now(?: only| just| at| for| costs)?|down to|reduced to|drop(?:s|ped)? to|falls? to"
    r"|cut to|lowered to|brings? it to"
    r"|new price(?: of| is|:)?|leaves|pay(?: only| just)?|yours for|get it for"
    r"|have it for)(?: only| just)?\s*$",
    _I,
)
PRICE = re.compile(
    r"\b(?:for|at|costs?|price(?:d at)?(?: of| is|:)?|is|priced)(?: only| just)?(?: at)?\s*$", _I
)
FROM = re.compile(r"\bfrom\s*$", _I)
MINIMUM = re.compile(
    r"\b(?:orders?|baskets?|purchases?|carts?|spend(?:ing)?|order value|order minimum"
    r"|minimum(?: order)?(?: value)?|shopping|checkout)"
    r"(?: \w+){0,3}?\s*(?:from|over|of|above|worth|at least|exceed(?:s|ing)?|reach(?:es)?|is"
    r"|are|:)?(?: at least| over| or more| more than)?\s*$",
    _I,
)
AFTER_MINIMUM = re.compile(
    r"\s*(?:or more|and (?:more|up|above|over)|upwards|minimum|on(?:wards)?\b|in (?:the"
    r"|your) (?:basket|cart))",
    _I,
)
WORTH = re.compile(r"\bworth\s*$", _I)
STOCK = re.compile(
    r"(?P<count>\d+)\s+(?:\w+\s+)?(?:are |is )?(?:still )?(?:left|in stock|remain(?:ing|s)?"
    r"|in (?:our|the) (?:warehouse|shop|store)|on (?:the|our) shel(?:f|ves)|available|to go around)\b"
    r"|\b(?:stock(?: of|:| is)?|last)\s+(?P<count2>\d+)(?!\s?(?:%|EUR|days?|hours?|weeks?))\b"
    r"|\b(?:we|there) (?:have|are)(?: only| just| still)? (?P<count3>\d+)"
    r"(?=\s+(?:left|more|of (?:them|these|it)|pieces|in our)|[.,!]|$)",
    _I,
)
REDUCES = re.compile(r"\b(?:off|less|cheaper|save|saves|saving|discount|reduc\w+|lower|rebate|sale)\b", _I)
HALF = re.compile(
    r"\b(?:half[- ]price|half off|half (?:the|its|of the) (?:usual |old |regular )?price|50/50)", _I
)
LOOSE = re.compile(
    r"\b(?:think|look|read) twice\b|\bdouble[- ]check|\bhalf (?:an hour|past)\b|\b(?:a"
    r"|one) \w+ or two\b|\bone or two\b"
    r"|\bhalf the (?:fun|battle|work)\b|\btwo in one\b|\bstep by step\b|\b24/7\b",
    _I,
)
ONE_COUNTS = re.compile(
    r"\s+(?:left|in stock|pieces?|only|percent|size|colour|year|month|week|hour|minute|litre|kilo\w*)\b", _I
)
QUALIFIED = re.compile(r"\b(?:more than|over|less than|under|at least|nearly|almost|up to)\s+$", _I)


def untrue_numbers(text: str, ground: Ground) -> Iterator[str]:
    """What is wrong with the numbers of a text, from which names, codes and addresses are masked."""
    text = LOOSE.sub(lambda match: "·" * len(match.group()), text)
    text = _in_digits(text)
    spans: list[tuple[int, int]] = []
    yield from untrue_days(text, ground, spans)
    text = _blank(text, spans)
    for pattern, judge in ((MONEY, _money), (PERCENT, _percent), (STOCK, _stock)):
        found = list(pattern.finditer(text))
        for match in found:
            yield from judge(match, text, ground)
        text = _blank(text, [match.span() for match in found])
    if HALF.search(text) and (ground.offer is None or ground.offer.percent != 50):
        yield "the price is not half of the old one: 'half'"
    text = HALF.sub("·", text)
    for word in re.findall(rf"\b(?:{'|'.join(MULTIPLES)})\b", text, _I):
        if word.lower() not in re.findall(r"[a-z]+", ground.page):
            yield f"{word!r} is not in the facts"
    for quantity in quantities(text):
        yield from _measure(quantity, text, ground)


def _in_digits(text: str) -> str:
    """The text with numbers for number words but one, each of the same length or one shape."""
    parts, at = [], 0
    for quantity in quantities(text):
        word = text[quantity.start : quantity.end]
        if not word[0].isalpha() or (
            word.lower().startswith("one") and not ONE_COUNTS.match(text, quantity.start + 3)
        ):
            continue
        length = re.match(
            r"[A-Za-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|hundred)\b)?", word, _I
        )
        end = quantity.start + (length.end() if length is not None else len(word))
        parts += [text[at : quantity.start], f"{quantity.value:g}"]
        at = end
    return "".join((*parts, text[at:]))


@lru_cache(maxsize=1024)
def _page_in_digits(page: str) -> str:
    return _in_digits(page)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "·" * (end - start) + text[end:]
    return text


def _cents(match: re.Match[str]) -> int:
    digits = match["amount"] or match["amount2"] or match["amount3"]
    whole, part = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
    return int(re.sub(r"[.,]", "", whole)) * 100 + int((part or "0").ljust(2, "0"))


def _money(match: re.Match[str], text: str, ground: Ground) -> Iterator[str]:
    named, cents = match.group().strip(), _cents(match)
    price, new, offer = ground.facts.product.price_cents, ground.new_cents, ground.offer
    sign = (match["sign"] or match["sign2"] or ground.facts.product.currency).upper()
    if CURRENCIES.get(sign, sign) != ground.facts.product.currency:
        yield f"the currency of {named!r} is not {ground.facts.product.currency}"
        return
    if named.lower() in ground.page and cents not in (price, new):
        return
    start = max((text.rfind(end, 0, match.start()) for end in ".!?\n;"), default=0)
    start = max(start, match.start() - 60)
    before, after = text[max(0, start) : match.start()], text[match.end() : match.end() + 40]
    minimum = offer.minimum_cents if offer is not None else None
    savings = {ground.saving_cents, offer.amount_cents if offer is not None else None}
    if AFTER_SAVING.match(after) or (SAVES.search(before) and not re.search(r"\bless than\s*$", before)):
        yield from _unless(cents in savings - {None}, named, "the saving")
    elif MINIMUM.search(before) or AFTER_MINIMUM.match(after):
        yield from _unless(cents == minimum, named, "the least order value")
    elif (
        OLD.search(before)
        or AFTER_OLD.match(after)
        or (FROM.search(before) and re.match(r"\s*(?:down )?to\b", after))
    ):
        yield from _unless(new is not None and cents == price, named, "the price before an offer")
    elif NEW.search(before) or re.search(r"\bfrom [^.]*\bto\s*$", before):
        yield from _unless(cents == (price if new is None else new), named, "the price now")
    elif WORTH.search(before):
        worths = {price, None if ground.bundle is None else ground.bundle.price_cents}
        yield from _unless(cents in worths, named, "what it is worth")
    elif FROM.search(before):
        yield from _unless(
            cents == minimum or cents == (price if new is None else new),
            named,
            "the price or the least order value",
        )
    elif PRICE.search(before):
        yield from _unless(cents in (price, new), named, "the price")
    else:
        bundle = None if ground.bundle is None else ground.bundle.price_cents
        yield from _unless(cents in {price, new, minimum, bundle} | savings, named, "an amount of the facts")


def _unless(is_true: bool, named: str, what: str) -> Iterator[str]:
    if not is_true:
        yield f"{named!r} is not {what}"


def _percent(match: re.Match[str], text: str, ground: Ground) -> Iterator[str]:
    value, named = float(match["value"].replace(",", ".")), match.group()
    percent = None if ground.offer is None else ground.offer.percent
    around = text[max(0, match.start() - 18) : match.end() + 18]
    if value == percent or text[match.start() : match.end() + 4].lower() in ground.page:
        return
    on_page = {
        float(found["value"].replace(",", ".")) for found in PERCENT.finditer(_page_in_digits(ground.page))
    }
    if REDUCES.search(around) or value not in on_page:
        yield f"{named!r} is not the offer's percentage nor on the product's page"


def _stock(match: re.Match[str], text: str, ground: Ground) -> Iterator[str]:
    count = int(match["count"] or match["count2"] or match["count3"])
    if count != ground.facts.product.stock and match.group().lower() not in ground.page:
        yield f"the stock is not that of {match.group().strip()!r}"


def _measure(quantity: Quantity, text: str, ground: Ground) -> Iterator[str]:
    if text[quantity.start : quantity.end].lower().startswith("one"):
        return
    named = text[quantity.start : quantity.end]
    joined = re.match(r"[\w/-]*", text[quantity.start :])
    if quantity.is_joined and joined is not None:
        named = joined.group()
        if named.lower() in ground.page:
            return
        yield f"{named!r} is not in the facts"
        return
    pair = (quantity.value, quantity.unit)
    stock = (float(ground.facts.product.stock), "piece")
    sentence = _sentence_around(text, quantity.start)
    if re.search(r"warrant|guarantee", sentence, _I) and quantity.unit in ("year", "month"):
        if pair not in ground.warranted:
            yield f"no warranty of {named!r} is in the facts"
    elif pair not in ground.measures and pair != stock:
        yield f"{named!r} is not in the facts"
    else:
        qualifier = QUALIFIED.search(text[: quantity.start])
        if (
            qualifier is not None
            and f"{qualifier.group().lower().strip()} {quantity.value:g}" not in _page_in_digits(ground.page)
        ):
            yield f"the facts do not say {qualifier.group().strip()!r} {named!r}"


def _sentence_around(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in ("! ", "? ", ". ", "\n"))
    ends = [end for mark in ("! ", "? ", ". ", "\n") if (end := text.find(mark, at)) >= 0]
    return text[max(0, start) : min(ends, default=len(text))]
