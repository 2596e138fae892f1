"""What is all that a shopper looked at, searched, bought and wrote about? One vector of MiniLM's space."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.shoppers.event_weights import skus_of, weight, words_of
from bot.shoppers.events import Event
from bot.shoppers.product_places import ProductPlaces, Vector
from knowledge_base.product_vectors import product_text

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Texts to vectors of length 1, shape (texts, dimensions)."""

LONGEST_TEXT = 600
"""In characters; what follows in a longer text is not read."""
MOST_KEPT_TEXTS = 5000


@dataclass(frozen=True)
class Meaning:
    """A sum of weighted vectors: `direction` is float32 of length 1, `length` is above 0, in units of one
    event at `event_weights.REFERENCE`."""

    direction: Vector
    length: float

    def as_bytes(self) -> bytes:
        """The direction as little-endian float32."""
        return self.direction.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, length: float) -> Meaning:
        """The inverse of `as_bytes`."""
        return cls(np.frombuffer(data, dtype="<f4").astype(np.float32), length)


def fold_meaning(meaning: Meaning | None, events: Iterable[Event], vectors: Vectors) -> Meaning | None:
    """The meaning with these events added, each of which must not be in it yet; None while nothing had one.

    Independent of order and division into calls up to the rounding of float32.
    """
    parts = [
        (says, vector)
        for event in events
        if (says := weight(event)) > 0
        for vector in (*map(vectors.of_product, skus_of(event)), vectors.of_text(words_of(event)))
        if vector is not None
    ]
    if not parts:
        return meaning
    weights = np.array([says for says, _ in parts], dtype=np.float64)
    total = weights @ np.stack([vector for _, vector in parts]).astype(np.float64)
    if meaning is not None:
        total += meaning.length * meaning.direction.astype(np.float64)
    length = float(np.linalg.norm(total))
    return Meaning((total / length).astype(np.float32), length) if length > 0 else meaning


class TextVectors:
    """Vectors of texts, the last few thousand kept: shoppers search for the same few things."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._kept: OrderedDict[str, Vector] = OrderedDict()

    def of(self, texts: Iterable[str]) -> dict[str, Vector]:
        """Each text's vector; texts that are not kept are encoded in one batch."""
        wanted = {text: text[:LONGEST_TEXT] for text in texts}
        new = sorted({short for short in wanted.values() if short not in self._kept})
        found = dict(zip(new, self._encode(new), strict=True)) if new else {}
        found |= {short: self._kept[short] for short in wanted.values() if short in self._kept}
        self._kept.update(found)
        while len(self._kept) > MOST_KEPT_TEXTS:
            self._kept.popitem(last=False)
        return {text: found[short] for text, short in wanted.items()}


class Vectors:
    """The vectors that some events need. Without `texts` (no encoder in this process) words, and products
    without a vector on record, have None."""

    def __init__(self, events: Iterable[Event], places: ProductPlaces, texts: TextVectors | None) -> None:
        self._places = places
        self._of_text: dict[str, Vector] = {}
        if texts is not None:
            events = [event for event in events if weight(event) > 0]
            words = {said for event in events if (said := words_of(event)) is not None}
            bare = {
                text for event in events for sku in skus_of(event) if (text := self._bare(sku)) is not None
            }
            self._of_text = texts.of(words | bare)

    def of_product(self, sku: str) -> Vector | None:
        vector = self._places.vector(sku)
        return self.of_text(self._bare(sku)) if vector is None else vector

    def of_text(self, text: str | None) -> Vector | None:
        return None if text is None else self._of_text.get(text)

    def _bare(self, sku: str) -> str | None:
        """The text of a product that is too new to have its vector on record; None where it has, and for one
        that is gone."""
        place = self._places.of(sku)
        return None if place is None or self._places.vector(sku) is not None else product_text(place.product)
