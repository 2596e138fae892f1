"""Which product does a question speak of? Names with typos and left-out words are matched against the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
_MIN_SIMILARITY = 86.0
_MIN_FUZZY_LENGTH = 5
_RARE_SHARE = 0.03


@dataclass(frozen=True)
class NamedProduct:
    """What is needed to recognise a product: SKU, full name, and brand."""

    sku: str
    name: str
    brand: str


class ProductMentions:
    """Finds products by the words of their names, weighing rare words (``Tarnwick``) over common ones (``shoe``)."""

    def __init__(self, products: Iterable[NamedProduct]) -> None:
        self._words = {p.sku: frozenset(_WORD.findall(f"{p.name} {p.brand}".lower())) for p in products}
        self._skus = {sku.lower(): sku for sku in self._words}
        self._counts = Counter(word for words in self._words.values() for word in words)
        self._vocabulary = [word for word in self._counts if len(word) >= _MIN_FUZZY_LENGTH]

    def find(self, question: str) -> tuple[str, ...]:
        """SKUs that the question names, best first; several if it fits several equally well, none if none is named.

        A product counts as named if the question has its SKU, or words of its name that few other products have.
        """
        lowered = question.lower()
        by_sku = [sku for key, sku in self._skus.items() if re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", lowered)]
        if by_sku:
            return tuple(by_sku)
        asked = self._known_words(lowered)
        rare = max(3, int(_RARE_SHARE * len(self._words)))
        scores = {}
        for sku, words in self._words.items():
            shared = words & asked
            if any(self._counts[word] <= rare for word in shared):
                scores[sku] = sum(1.0 / self._counts[word] for word in shared)
        if not scores:
            return ()
        best = max(scores.values())
        return tuple(sorted(sku for sku, score in scores.items() if score >= best - 1e-9))

    def _known_words(self, question: str) -> set[str]:
        """The question's words as the catalogue spells them."""
        from rapidfuzz import fuzz, process

        words = set()
        for word in _WORD.findall(question):
            if word in self._counts:
                words.add(word)
            elif len(word) >= _MIN_FUZZY_LENGTH:
                match = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
                if match is not None:
                    words.add(match[0])
        return words
