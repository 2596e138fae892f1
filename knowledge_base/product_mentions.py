"""Which product does a question speak of? Names with typos and left-out words are matched against the
catalogue.

A word of a name is telling if the shop's texts never write it in lower case ("Tarnwick", but not "grinder"):
such a word alone names its products. Ordinary words name a product only as two neighbours of its name ("burr
grinder"), and more weakly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]+")
_LOWER_CASE_WORD = re.compile(r"(?<![A-Za-z0-9])[a-z][a-z0-9]*(?![A-Za-z0-9])")
_FUNCTION_WORD = re.compile(
    "a|an|and|are|as|at|by|can|do|does|for|from|has|how|in|is|it|of|on|or|the|to|what|which|with"
)
_MIN_SIMILARITY = 86.0
_MIN_FUZZY_LENGTH = 5
_MIN_TELLING_LENGTH = 4
_MAX_SHARED_PAIR = 3


@dataclass(frozen=True)
class NamedProduct:
    """What is needed to recognise a product: SKU, and full name with the brand if it is spoken of so."""

    sku: str
    name: str


@dataclass(frozen=True)
class Mention:
    """The products that fit the question equally well, by SKU; ``is_certain`` False if only ordinary words
    point to them."""

    skus: tuple[str, ...]
    is_certain: bool


class ProductMentions:
    """Finds the products that a question names."""

    def __init__(self, products: Iterable[NamedProduct], texts: Iterable[str]) -> None:
        """``texts`` are the shop's texts as written: they show which words are ordinary."""
        self._ordinary = {word for text in texts for word in _LOWER_CASE_WORD.findall(text)}
        self._names = {product.sku: _WORD.findall(product.name.lower()) for product in products}
        self._skus = {sku.lower(): sku for sku in self._names}
        telling = [
            word
            for words in self._names.values()
            for word in set(words)
            if word not in self._ordinary and len(word) >= _MIN_TELLING_LENGTH and not word.isdigit()
        ]
        self._telling = Counter(telling)
        self._fuzzy = [word for word in self._telling if len(word) >= _MIN_FUZZY_LENGTH]
        self._pairs = Counter(pair for words in self._names.values() for pair in set(pairwise(words)))

    def find(self, question: str) -> Mention | None:
        """The best fitting products, or None if none is named."""
        lowered = question.lower()
        by_sku = [self._skus[word] for word in re.findall(r"[\w-]+", lowered) if word in self._skus]
        if by_sku:
            return Mention(tuple(dict.fromkeys(by_sku)), True)
        asked = _WORD.findall(lowered)
        spelt = self._telling_words(asked)
        if spelt:
            return self._best(spelt | set(asked), spelt)
        return self._by_pairs(asked)

    def _telling_words(self, asked: list[str]) -> set[str]:
        """The question's telling words, as the catalogue spells them."""
        from rapidfuzz import fuzz, process

        found = {word for word in asked if word in self._telling}
        for word in asked:
            if len(word) >= _MIN_FUZZY_LENGTH and word not in found and word not in self._ordinary:
                match = process.extractOne(word, self._fuzzy, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
                if match is not None:
                    found.add(match[0])
        return found

    def _best(self, asked: set[str], spelt: set[str]) -> Mention:
        scores = {}
        for sku, words in self._names.items():
            named = spelt.intersection(words)
            if named:
                ordinary = len(asked.intersection(words) - named)
                scores[sku] = sum(1.0 / self._telling[word] for word in named) + 0.01 * ordinary
        highest = max(scores.values())
        return Mention(tuple(sorted(sku for sku, score in scores.items() if score >= highest - 1e-9)), True)

    def _by_pairs(self, asked: list[str]) -> Mention | None:
        pairs = {
            pair
            for pair in pairwise(asked)
            if 0 < self._pairs[pair] <= _MAX_SHARED_PAIR and _is_content(pair)
        }
        if not pairs:
            return None
        scores = {sku: len(pairs.intersection(pairwise(words))) for sku, words in self._names.items()}
        highest = max(scores.values())
        return Mention(tuple(sorted(sku for sku, score in scores.items() if score == highest)), False)


def _is_content(pair: tuple[str, str]) -> bool:
    return not any(_FUNCTION_WORD.fullmatch(word) for word in pair)
