"""What is true, as the second reading derives it from the facts?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.promotions.facts import Facts
from bot.promotions.offer import Offer
from bot.promotions.second_reading_words import NUMBER_WORDS, UNITS, stem
from knowledge_base.products import Product

WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(]?[A-Z0-9])|\n+")
NEGATION = re.compile(
    r"\b(?:no|not|never|without|neither|nor|cannot|lacks?|none|unsuitable)\b|n't\b", re.IGNORECASE
)
REFUSED = re.compile(
    r"\b(?:not|n't|never)\s+(?:\w+\s+){0,2}(?:supported|included|possible|available|supplied)"
)
WARRANTS = re.compile(r"warrant|guarantee|\bcovers?\b|\bcovered\b", re.IGNORECASE)
IS_NO = re.compile(r"(?:no|none|not|without|never)\b", re.IGNORECASE)
_WORDED = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?"
    r"|\d+(?:[.,]\d+)?)(?P<tail>[\s-]?(?P<unit>[A-Za-z]+))?"
    rf"|\b(?=[zotfsnehd])(?P<word>{_WORDED})\b(?P<tail2>[\s-]?(?P<unit2>[A-Za-z]+))?",
    re.IGNORECASE,
)
RANGE = re.compile(r"\s*(?:x|to|and|or|-|–|,|/)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number of a text at start..end with the unit behind it, None without; `is_joined` if a letter stands
    right behind the digits that is no unit (20D)."""

    value: float
    unit: str | None
    start: int
    end: int
    is_joined: bool = False


def quantities(text: str) -> Iterator[Quantity]:
    """All numbers of the text, in digits or in words, in order."""
    for match in NUMBER.finditer(text):
        unit = (match["unit"] or match["unit2"] or "").lower()
        tail = match["tail"] or match["tail2"] or ""
        known = UNITS.get(unit)
        end = match.end() if known is not None else match.end() - len(tail)
        is_joined = known is None and tail[:1].isalpha()
        yield Quantity(_value(match), known, match.start(), end, is_joined)


def _value(match: re.Match[str]) -> float:
    if match["word"] is not None:
        return NUMBER_WORDS[match["word"].lower()]
    digits = match["digits"]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


@dataclass(frozen=True)
class Ground:
    """All that a text may build on. `offer` is None unless it runs and covers the product; `new_cents` is
    None unless a piece is cheaper by it; `last_day` and `first_day` are dates of the shop.

    `plain` and `denied` are the stems of the words that the product's page says and denies; `measures` its
    numbers with their units; `warranted` those of its warranty; `page` its text and `words` its words in
    lower case.
    """

    facts: Facts
    offer: Offer | None
    bundle: Product | None
    new_cents: int | None
    today: date
    first_day: date | None
    last_day: date | None
    ends_at: datetime | None
    page: str
    words: frozenset[str]
    plain: frozenset[str]
    denied: frozenset[str]
    measures: frozenset[tuple[float, str | None]]
    warranted: frozenset[tuple[float, str | None]]

    @property
    def cuts_price(self) -> bool:
        return self.offer is not None and self.offer.kind in ("percentage", "amount")

    @property
    def saving_cents(self) -> int | None:
        return None if self.new_cents is None else self.facts.product.price_cents - self.new_cents

    @property
    def is_free_shipping(self) -> bool:
        return self.offer is not None and self.offer.kind == "free_shipping"

    def says(self, *words: str) -> bool:
        """Whether the product's page says each word, or one of the same stem, and does not only deny it."""
        return all(stem(word) in self.plain for word in words)

    def denies(self, word: str) -> bool:
        """Whether the product's page says that it is not so."""
        return stem(word) in self.denied


def ground_of(facts: Facts) -> Ground:
    """The ground of one text."""
    product, zone = facts.product, ZoneInfo(facts.timezone_name)
    offer = facts.offer
    if offer is not None and not (offer.runs(facts.at) and offer.covers(product)):
        offer = None
    is_bundle = offer is not None and facts.bundle is not None and facts.bundle.sku == offer.bundle_sku
    new_cents = offer.price_cents(product) if offer is not None else None
    page = _page_of(tuple(fragments(facts)))
    return Ground(
        facts=facts,
        offer=offer,
        bundle=facts.bundle if is_bundle else None,
        new_cents=new_cents if new_cents is not None and new_cents < product.price_cents else None,
        today=facts.at.astimezone(zone).date(),
        first_day=None if offer is None else offer.starts_at.astimezone(zone).date(),
        last_day=None
        if offer is None
        else (offer.ends_at.astimezone(zone) - timedelta(microseconds=1)).date(),
        ends_at=None if offer is None else offer.ends_at.astimezone(zone),
        page=page.text,
        words=page.words,
        plain=page.plain,
        denied=page.denied,
        measures=page.measures,
        warranted=page.warranted,
    )


@dataclass(frozen=True)
class _Page:
    text: str
    words: frozenset[str]
    plain: frozenset[str]
    denied: frozenset[str]
    measures: frozenset[tuple[float, str | None]]
    warranted: frozenset[tuple[float, str | None]]


@lru_cache(maxsize=1024)
def _page_of(pieces: tuple[str, ...]) -> _Page:
    plain, denied = _words_of(pieces)
    warranty = [piece for piece in pieces if WARRANTS.search(piece)]
    text = "\n".join(pieces).lower()
    return _Page(
        text,
        frozenset(words_of(text)),
        plain,
        denied,
        frozenset(pair for piece in pieces for pair in _measures(piece)),
        frozenset(pair for piece in warranty for pair in _measures(piece)),
    )


def sentences(facts: Facts) -> list[str]:
    """The whole sentences of the product's page, the longest first."""
    found = [*facts.statements]
    for text in (facts.product.description, *facts.statements):
        found += SENTENCE_END.split(text)
    return sorted(
        {sentence.strip() for sentence in found if len(sentence.split()) >= 3}, key=lambda s: (-len(s), s)
    )


def fragments(facts: Facts) -> list[str]:
    """The page in pieces of one thought each."""
    product = facts.product
    pairs = [*product.attributes.items(), *facts.details.items()]
    return [
        product.name,
        product.brand,
        product.category,
        *product.tags,
        *(f"{key}: {value}" for key, value in pairs),
        *facts.statements,
        *(part for part in SENTENCE_END.split(product.description) if part),
    ]


def words_of(text: str) -> set[str]:
    """The words in lower case, the parts of those with a hyphen as well."""
    return {part for word in WORD.findall(text.lower()) for part in (word, *word.split("-"))}


def _words_of(pieces: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    plain: set[str] = set()
    denied: set[str] = set()
    for piece in pieces:
        _, colon, value = piece.partition(": ")
        if colon and IS_NO.match(value):
            denied |= _stems(piece)
            continue
        for clause in re.split(r"[,;:()]|\bbut\b|\.\s", piece):
            match = NEGATION.search(clause)
            if match is None:
                plain |= _stems(clause)
            elif REFUSED.search(clause):
                denied |= _stems(clause)
            else:
                plain |= _stems(clause[: match.start()])
                denied |= _stems(clause[match.end() :])
    denied |= {stem(word[: -len("fre")]) for word in plain if word.endswith("fre") and len(word) > 5}
    return frozenset(plain), frozenset(denied)


def _stems(text: str) -> set[str]:
    found: set[str] = set()
    for match in WORD.finditer(text):
        word = match.group()
        found.add(stem(word))
        if "-" in word:
            found |= {stem(part) for part in word.split("-")}
    return found


def _measures(piece: str) -> Iterator[tuple[float, str | None]]:
    """Each number with its unit and without; in 44 x 15 cm and 6 to 8 h the first has the unit as well."""
    found = list(quantities(piece))
    key_units = {
        UNITS[word] for word in re.findall(r"[a-z]+", piece.partition(": ")[0].lower()) if word in UNITS
    }
    unit, after = None, len(piece)
    for quantity in reversed(found):
        if quantity.unit is not None:
            unit = quantity.unit
        elif not RANGE.fullmatch(piece[quantity.end : after]):
            unit = None
        after = quantity.start
        yield quantity.value, None
        yield quantity.value, unit
        if quantity.start > piece.find(": ") > 0:
            yield from ((quantity.value, key) for key in key_units)
