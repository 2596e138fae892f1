"""Which of the catalogue's categories and kinds of product does a message name? With typos, one or many.

A kind is a tag, or words of a name that the shop's texts also write in small letters ("trail shoe", but not
"Tarnwick"). Of overlapping names the longest counts: "kitchen radio" is a radio, nothing of the category
Kitchen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.products import Product

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LOWER_CASE_WORD = re.compile(r"(?<![^\W_])[a-z][a-z0-9]*(?![^\W_])")
_LONGEST_NAME = 4
_LEAST_SIMILARITY = 90.0
_SHORTEST_FUZZY = 5
_TOO_GENERAL = frozenset(
    re.findall(
        r"\S+",
        """
        free set pack pair care new small large mini home use made inch size cm mm kg ml l g and with for of
        in the a gift gifts adults women men unisex budget beginner included quick piece pieces
        """,
    )
)
"""Words that name no kind of product on their own."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """Words `start` to `end` (exclusive) of a message name one category, or a kind with its products."""

    start: int
    end: int
    category: str | None
    skus: frozenset[str]


class CatalogueWords:
    """The names of a catalogue's categories and kinds."""

    def __init__(self, products: Iterable[Product]) -> None:
        self.products = {product.sku: product for product in products}
        self._categories: dict[Key, str] = {}
        self._kinds: dict[Key, set[str]] = {}
        texts = [
            text.lower() if text is not product.description else text
            for product in self.products.values()
            for text in (*product.tags, product.category, product.description)
        ]
        self._known = {singular(word) for text in texts for word in WORD.findall(text.lower())}
        ordinary = {word for text in texts for word in _LOWER_CASE_WORD.findall(text)}
        for product in self.products.values():
            for key in _kind_keys(product, ordinary):
                self._kinds.setdefault(key, set()).add(product.sku)
        for category in sorted({product.category for product in self.products.values()}):
            for key in _category_keys(category):
                self._categories.setdefault(key, category)
        single = {key[0] for key in (*self._categories, *self._kinds) if len(key) == 1}
        self._fuzzy = sorted(word for word in single if len(word) >= _SHORTEST_FUZZY)

    def spots(self, words: Sequence[str]) -> tuple[Spot, ...]:
        """What the words (small letters) name, in their order, without overlaps."""
        keys = [singular(self.spelt(word)) for word in words]
        found, at = [], 0
        while at < len(keys):
            spot = self._longest(keys, at)
            if spot is not None:
                found.append(spot)
            at = at + 1 if spot is None else spot.end
        return tuple(found)

    def categories_of(self, skus: Iterable[str]) -> frozenset[str]:
        return frozenset(self.products[sku].category for sku in skus)

    def _longest(self, keys: list[str], at: int) -> Spot | None:
        for end in range(min(len(keys), at + _LONGEST_NAME), at, -1):
            key = tuple(keys[at:end])
            if key in self._categories:
                return Spot(at, end, self._categories[key], frozenset())
            if key in self._kinds:
                return Spot(at, end, None, frozenset(self._kinds[key]))
        return None

    def spelt(self, word: str) -> str:
        """The word, or what the catalogue names so nearly that it must be a slip of the fingers."""
        one = singular(word)
        if len(one) < _SHORTEST_FUZZY or one in self._known:
            return word
        from rapidfuzz import fuzz, process

        found = [
            process.extractOne(form, self._fuzzy, scorer=fuzz.ratio, score_cutoff=_LEAST_SIMILARITY)
            for form in (word, one)
        ]
        match = max((match for match in found if match is not None), key=lambda match: match[1], default=None)
        return word if match is None else str(match[0])


def singular(word: str) -> str:
    """`watches` is watch, `batteries` battery, `shoes` shoe; what is no plural nearly always stays."""
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _key(text: str) -> Key:
    return tuple(singular(word) for word in WORD.findall(text.lower()))


def _kind_keys(product: Product, ordinary: set[str]) -> Iterator[Key]:
    for tag in product.tags:
        key = _key(tag)
        yield from (key, key[-1:]) if _says_something(key) else ()
    brand = set(_key(product.brand))
    name = WORD.findall(product.name.lower())
    telling = [word if word in ordinary and singular(word) not in brand else "" for word in name]
    for first, second in zip(["", *telling], [*telling, ""], strict=True):
        if second and _says_something((singular(second),)):
            yield (singular(second),)
            if first and _says_something((singular(first),)):
                yield (singular(first), singular(second))


def _says_something(key: Key) -> bool:
    """Whether the last word, which says what it is, says it: "pan" does, "free" does not, nor does "26"."""
    return bool(key) and key[-1] not in _TOO_GENERAL and not key[-1].isdigit() and len(key[-1]) > 1


def _category_keys(category: str) -> Iterator[Key]:
    """`Hiking & Camping` is hiking, camping, hike, hiker, camp ...; `Home Office` is that, and office."""
    yield _key(category)
    for part in re.split(r"\s*(?:&|\+|,|/|>|\band\b)\s*", category.lower()):
        key = _key(part)
        if not key or not _says_something(key):
            continue
        yield key
        if len(key) > 1:
            yield key[-1:]
        elif key[0].endswith("ing") and len(key[0]) > 5:
            yield from ((form,) for form in _of_activity(key[0]))


def _of_activity(word: str) -> Iterator[str]:
    """`running` is also run and runner, `cycling` also cycle and cyclist."""
    base = word[:-3]
    short = base[:-1] if len(base) > 3 and base[-1] == base[-2] else base
    yield from (short, base if short != base else f"{base}e", f"{base}er", f"{base}ist")
