"""Which words does the catalogue know just now? Readers of wishes and names, made anew when it changes."""

from __future__ import annotations

import threading
from typing import Protocol

from bot.recommendations.spoken_names import SpokenNames
from bot.recommendations.wishes import WishReader
from knowledge_base.products import Product


class StampedProducts(Protocol):
    """What is needed of `bot.catalogue.Catalogue`."""

    def products(self) -> tuple[Product, ...]: ...

    def stamp(self) -> object:
        """Another one whenever a product was added, changed or removed."""
        ...


class CatalogueReading:
    """Keeps both readers until the catalogue changes. Safe to call from several threads."""

    def __init__(self, catalogue: StampedProducts) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._vocabulary: tuple[WishReader, SpokenNames] | None = None
        self._read_of: object = None

    def words(self) -> tuple[WishReader, SpokenNames]:
        with self._lock:
            stamp = self._catalogue.stamp()
            if self._vocabulary is None or stamp != self._read_of:
                products = self._catalogue.products()
                self._vocabulary = (WishReader(products), SpokenNames(products))
                self._read_of = stamp
            return self._vocabulary
