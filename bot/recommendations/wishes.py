"""What does a shopper wish for, in their own words? Budget, categories, what to leave out, and the topic.

Whom a present is for helps to answer, once: neither age nor gender nor any other trait follows from it, words
such as "father" are no part of what is searched for, and nothing of it is in `topic`, which is all that a
conversation remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.recommendations.budgets import Budget, read_budget
from bot.recommendations.catalogue_words import WORD, CatalogueWords, Spot
from bot.recommendations.recommendation import Wish
from bot.recommendations.wish_words import (
    AGE,
    EXCLUDED_UNTIL,
    EXCLUDES,
    FOR_SOMEBODY,
    FRAME,
    GIFT,
    GLUE,
    OF_THE_PRODUCT,
    RECIPIENTS,
    YOUNG,
)
from knowledge_base.products import Product

LEAST_OF_A_KIND = 2
"""A kind stands for its category if at least so many products have it, all in that category."""
LOW_PART, HIGH_PART = 1 / 3, 2 / 3
"""Cheap is what the lowest third of the prices is, precious what the highest third is."""


@dataclass(frozen=True)
class Wanted:
    """What one message asks for.

    `text` is what the product should be about, with an age that was said; `topic` is the same without any
    word about a person. Both are None if it says nothing. `is_for_another`: it is for somebody else, so that
    the shopper's own behaviour says little.
    """

    lowest_cents: int | None = None
    highest_cents: int | None = None
    categories: tuple[str, ...] = ()
    excluded_categories: frozenset[str] = frozenset()
    excluded_skus: frozenset[str] = frozenset()
    text: str | None = None
    topic: str | None = None
    is_for_another: bool = False

    @property
    def has_price(self) -> bool:
        return self.lowest_cents is not None or self.highest_cents is not None

    def as_wish(self) -> Wish:
        return Wish(
            text=self.text,
            lowest_cents=self.lowest_cents,
            highest_cents=self.highest_cents,
            categories=self.categories,
            excluded_categories=self.excluded_categories,
            excluded_skus=self.excluded_skus,
        )


class WishReader:
    """Reads wishes against one state of the catalogue. Building it looks at every product once."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._words = CatalogueWords(products)

    @property
    def products(self) -> dict[str, Product]:
        return self._words.products

    @property
    def currency(self) -> str:
        """That of the catalogue's first product; empty for an empty catalogue."""
        return next((product.currency for product in self.products.values()), "")

    def read(self, message: str) -> Wanted:
        budget = read_budget(message)
        rest, unwanted = _cut_exclusions(budget.rest)
        ages = " ".join(match[0] for match in AGE.finditer(rest))
        words = [
            self._words.spelt(word) if _tells(word) else word for word in WORD.findall(AGE.sub(" ", rest))
        ]
        spots = self._telling(words)
        told = [_tells(word) or _inside(place, spots) for place, word in enumerate(words)]
        kept = _phrase(words, told)
        topic = _phrase(words, [tells and word not in YOUNG for tells, word in zip(told, words, strict=True)])
        is_gift = GIFT.search(rest) is not None
        text = " ".join(part for part in (kept, ages) if part)
        if not text and is_gift:
            text = "gift"
        categories = self._wanted(spots)
        out_categories, out_skus = self._unwanted(unwanted, categories)
        lowest, highest = self._prices(budget, categories)
        return Wanted(
            lowest,
            highest,
            tuple(category for category in categories if category not in out_categories),
            out_categories,
            out_skus,
            text or None,
            topic or None,
            is_gift or ages != "" or FOR_SOMEBODY.search(rest) is not None,
        )

    def names_products(self, message: str) -> bool:
        """Whether it names a category or a kind of product, however few are of that kind."""
        return self._telling(WORD.findall(message.lower())) != []

    def _telling(self, words: Sequence[str]) -> list[Spot]:
        """What the words name, but for single words that are everyday words as well."""
        return [
            spot
            for spot in self._words.spots(words)
            if spot.end - spot.start > 1 or words[spot.start] not in FRAME | RECIPIENTS
        ]

    def _wanted(self, spots: Sequence[Spot]) -> tuple[str, ...]:
        """The categories that are named, and those that a named kind stands for ("headphones" for Audio)."""
        found: list[str] = []
        for spot in spots:
            categories = self._words.categories_of(spot.skus)
            if spot.category is not None:
                found.append(spot.category)
            elif len(spot.skus) >= LEAST_OF_A_KIND and len(categories) == 1:
                found += categories
        return tuple(dict.fromkeys(found))

    def _unwanted(
        self, phrases: Sequence[str], wanted: Sequence[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        categories: set[str] = set()
        skus: set[str] = set()
        for phrase in phrases:
            words = WORD.findall(phrase)
            spots = self._telling(words)
            named = {spot.category for spot in spots if spot.category is not None}
            kinds = [spot.skus for spot in spots if spot.category is None]
            for kind in kinds:
                skus |= {sku for sku in kind if not named or self.products[sku].category in named}
            if named and not kinds:
                categories |= named.difference(wanted)
                said = {word for spot in spots for word in words[spot.start : spot.end]}
                skus |= self._about(said, {category for category in wanted if category in named})
        return frozenset(categories), frozenset(skus)

    def _about(self, words: set[str], categories: set[str]) -> set[str]:
        """In "tea but no coffee" both are one category: then only what speaks of coffee is left out."""
        return {
            product.sku
            for product in self.products.values()
            if product.category in categories
            and words & set(WORD.findall(f"{product.name} {' '.join(product.tags)}".lower()))
        }

    def _prices(self, budget: Budget, categories: Sequence[str]) -> tuple[int | None, int | None]:
        if budget.level is None:
            return budget.lowest_cents, budget.highest_cents
        prices = sorted(
            product.price_cents
            for product in self.products.values()
            if not categories or product.category in categories
        )
        if not prices:
            return None, None
        if budget.level == "low":
            return None, prices[int(LOW_PART * (len(prices) - 1))]
        return prices[int(HIGH_PART * (len(prices) - 1))], None


def _cut_exclusions(text: str) -> tuple[str, list[str]]:
    """The text without what it excludes, and the words about that."""
    kept, unwanted, at = "", list[str](), 0
    while (match := EXCLUDES.search(text, at)) is not None:
        end = EXCLUDED_UNTIL.search(text, match.end())
        until = len(text) if end is None else end.start()
        kept += f"{text[at : match.start()]} , "
        unwanted.append(text[match.end() : until])
        at = until
    return kept + text[at:], unwanted


def _phrase(words: Sequence[str], told: Sequence[bool]) -> str:
    """The telling words, and what joins them; empty if they are numbers alone."""
    kept: list[str] = []
    between: list[str] = []
    for word, tells in zip(words, told, strict=True):
        if not tells:
            between.append(word)
            continue
        if kept and GLUE.issuperset(between):
            kept += between
        kept.append(word)
        between = []
    return " ".join(kept) if any(not word.isdigit() for word in kept if word not in GLUE) else ""


def _tells(word: str) -> bool:
    if word in OF_THE_PRODUCT:
        return True
    return word not in FRAME and word.removesuffix("'s").removesuffix("'") not in RECIPIENTS


def _inside(place: int, spots: Sequence[Spot]) -> bool:
    return any(spot.start <= place < spot.end for spot in spots)
