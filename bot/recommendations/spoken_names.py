"""Which product does a message about recommendations name? One on the screen first, else any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.recommendations.wish_words import FRAME, RECIPIENTS, YOUNG
from knowledge_base.product_mentions import NamedProduct, ProductMentions
from knowledge_base.products import Product

_WORD = re.compile(r"[^\W_]+")
_SKU = re.compile(r"[\w-]+")
_LEAST_SIMILARITY = 86.0
_SHORTEST = 4
_EVERYDAY = FRAME | RECIPIENTS | YOUNG
NAMED = " it "
"""What stands for the name in the message that is read on."""


class SpokenNames:
    """Finds the product that a message names, in full, in part or with typos."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = {product.sku: product for product in products}
        self._by_sku = {sku.upper(): sku for sku in self._products}
        named = [
            NamedProduct(product.sku, f"{product.brand} {product.name}")
            for product in self._products.values()
        ]
        texts = [
            text
            for product in self._products.values()
            for text in (product.description, *product.tags, product.category.lower())
        ]
        self._mentions = ProductMentions(named, texts)

    def find(self, message: str, shown: Sequence[str]) -> tuple[str | None, str]:
        """The SKU and the message with " it " in place of the name; None and the message if none is named.

        Of several that fit alike, one of `shown` is meant, else the first of the catalogue.
        """
        whole = self._written_out(message, [*shown, *self._products])
        if whole is not None:
            return whole
        # "My father" is no slip of the fingers for the "Feather" scale.
        mention = self._mentions.find(
            _WORD.sub(lambda w: "-" if w[0].lower() in _EVERYDAY else w[0], message)
        )
        if mention is None or not mention.is_certain:
            return None, message
        sku = next((sku for sku in shown if sku in mention.skus), mention.skus[0])
        return sku, self._without_words(message, self._products[sku])

    def _written_out(self, message: str, skus: Iterable[str]) -> tuple[str, str] | None:
        for match in _SKU.finditer(message):
            if match[0].upper() in self._by_sku:
                sku = self._by_sku[match[0].upper()]
                return sku, message[: match.start()] + NAMED + message[match.end() :]
        lowered = message.lower()
        for sku in dict.fromkeys(skus):
            product = self._products.get(sku)
            if product is not None and product.name.lower() in lowered:
                start = lowered.index(product.name.lower())
                return sku, message[:start] + NAMED + message[start + len(product.name) :]
        return None

    def _without_words(self, message: str, product: Product) -> str:
        """Puts " it " where the words of the name stand, but for short ones: "for" is nobody's name."""
        from rapidfuzz import fuzz

        said_of_it = _WORD.findall(f"{product.brand} {product.name} {product.sku}".lower())
        name = {word for word in said_of_it if len(word) >= _SHORTEST}
        places = [
            match.span()
            for match in _WORD.finditer(message.lower())
            if match[0] not in _EVERYDAY
            and any(fuzz.ratio(match[0], word) >= _LEAST_SIMILARITY for word in name)
        ]
        if not places:
            return message
        kept = message
        for start, end in reversed(places[1:]):
            kept = kept[:start] + kept[end:]
        start, end = places[0]
        return kept[:start] + NAMED + kept[end:]
