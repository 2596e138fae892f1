"""What can be recommended just now? The catalogue as arrays, with the vectors that the model has for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.recommendations.next_item_model import NextItemModel, Vectors
from bot.recommendations.recommendation import Wish
from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product


@dataclass(frozen=True)
class Goods:
    """The products as columns, all of length (products,). `prices` are cents, `categories` places in
    `category_names`; `currency` is that of most of them, and what is priced in another is left out of wishes
    with a budget.
    """

    skus: tuple[str, ...]
    names: tuple[str, ...]
    prices: npt.NDArray[np.int64]
    stock: npt.NDArray[np.int64]
    categories: npt.NDArray[np.int32]
    category_names: tuple[str, ...]
    currencies: tuple[str, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each SKU."""
        return {sku: place for place, sku in enumerate(self.skus)}

    @cached_property
    def currency(self) -> str:
        return max(sorted(set(self.currencies)), key=self.currencies.count) if self.currencies else "EUR"

    @cached_property
    def in_currency(self) -> npt.NDArray[np.bool_]:
        return np.array([currency == self.currency for currency in self.currencies], dtype=bool)

    def category(self, place: int) -> str:
        return self.category_names[int(self.categories[place])]

    def allowed(self, wish: Wish, without: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Which products are in stock, fit the wish and are none of `without`; shape (products,)."""
        fits = self.stock > 0
        if wish.lowest_cents is not None:
            fits &= self.in_currency & (self.prices >= wish.lowest_cents)
        if wish.highest_cents is not None:
            fits &= self.in_currency & (self.prices <= wish.highest_cents)
        if wish.categories:
            fits &= self._of_categories(wish.categories)
        if wish.excluded_categories:
            fits &= ~self._of_categories(tuple(wish.excluded_categories))
        for sku in without | wish.excluded_skus:
            if sku in self.places:
                fits[self.places[sku]] = False
        return fits

    def _of_categories(self, names: Sequence[str]) -> npt.NDArray[np.bool_]:
        wanted = [place for place, name in enumerate(self.category_names) if name in names]
        return np.isin(self.categories, wanted)


def goods_of(products: Sequence[Product]) -> Goods:
    """The columns of these products, in their order."""
    names = tuple(sorted({product.category for product in products}))
    places = {name: place for place, name in enumerate(names)}
    return Goods(
        skus=tuple(product.sku for product in products),
        names=tuple(product.name for product in products),
        prices=np.array([product.price_cents for product in products], dtype=np.int64),
        stock=np.array([product.stock for product in products], dtype=np.int64),
        categories=np.array([places[product.category] for product in products], dtype=np.int32),
        category_names=names,
        currencies=tuple(product.currency for product in products),
    )


@dataclass(frozen=True)
class Shelf:
    """`vectors` (products, dimensions) are the model's, rows of length 1; `meanings` (products, text
    dimensions) those of the texts, rows of 0 where there is none yet; `model_places` (products,) are -1 for
    what was not there in training.
    """

    goods: Goods
    vectors: Vectors
    meanings: Vectors
    model_places: npt.NDArray[np.int64]

    @cached_property
    def of_model(self) -> npt.NDArray[np.int64]:
        """The place on the shelf of each item of the model, -1 for what is no longer sold."""
        known = np.flatnonzero(self.model_places >= 0)
        size = int(self.model_places.max(initial=-1)) + 1
        found = np.full(size, -1, dtype=np.int64)
        found[self.model_places[known]] = known
        return found

    def place_of(self, item: int) -> int:
        """The place on the shelf of an item of the model, -1 for what is no longer sold."""
        return int(self.of_model[item]) if item < len(self.of_model) else -1


def fill_shelf(goods: Goods, texts: ProductVectors | None, model: NextItemModel | None) -> Shelf:
    """Products that the model does not know get the vector of their text; without a model all vectors are
    the texts' own."""
    meanings = _meanings(goods.skus, texts)
    if model is None:
        return Shelf(goods, meanings, meanings, np.full(len(goods.skus), -1, dtype=np.int64))
    places = np.array([model.places.get(sku, -1) for sku in goods.skus], dtype=np.int64)
    vectors = np.zeros((len(goods.skus), model.vectors.shape[1]), dtype=np.float32)
    known = places >= 0
    vectors[known] = model.vectors[places[known]]
    if model.text_map.shape[0] == meanings.shape[1]:
        made = meanings[~known] @ model.text_map
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        vectors[~known] = np.where(lengths > 1e-6, made / np.maximum(lengths, 1e-6), 0.0)
    return Shelf(goods, vectors, meanings, places)


def _meanings(skus: Sequence[str], texts: ProductVectors | None) -> Vectors:
    if texts is None or not texts.skus:
        return np.zeros((len(skus), 0 if texts is None else texts.matrix.shape[1]), dtype=np.float32)
    rows = np.array([texts.places.get(sku, -1) for sku in skus], dtype=np.int64)
    found = np.array(texts.matrix[np.maximum(rows, 0)], dtype=np.float32)
    found[rows < 0] = 0.0
    return found
