"""Is what recommendations are made from still what catalogue, model and demand are now?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.model_versions import ModelVersions
from bot.recommendations.bought_together import BoughtTogether, no_pairs, open_bought_together
from bot.recommendations.item_index import ItemIndex, open_item_index
from bot.recommendations.next_item_model import ModelUnreadable, NextItemModel, open_model
from bot.recommendations.popular_now import Demand
from bot.recommendations.shelf import Shelf, fill_shelf, goods_of
from knowledge_base.product_vectors import open_product_vectors
from knowledge_base.products import Product

logger = logging.getLogger(__name__)

LOOKED_AFTER = timedelta(seconds=1)
DEMAND_AFTER = timedelta(seconds=60)


class ProductList(Protocol):
    """What is needed of `bot.catalogue.Catalogue`."""

    def products(self) -> tuple[Product, ...]: ...

    def stamp(self) -> tuple[int, datetime | None]: ...


@dataclass(frozen=True)
class Offer:
    """One state of everything that recommendations are made from. `model` and `index` are None before the
    first training and for a small catalogue; `demand` (products,) sums to 1; `counts` are by SKU.
    """

    shelf: Shelf
    model: NextItemModel | None
    index: ItemIndex | None
    pairs: BoughtTogether
    demand: npt.NDArray[np.float32]
    counts: Mapping[str, Demand]


class ShelfKeeper:
    """Gives the present Offer; looks at most once a second whether it has to be made anew. Thread-safe."""

    def __init__(
        self,
        products: ProductList,
        vectors_dir: Path,
        models: ModelVersions,
        demand: Callable[[datetime], Mapping[str, Demand]],
        clock: Callable[[], datetime],
    ) -> None:
        self._products = products
        self._vectors_dir = vectors_dir
        self._models = models
        self._demand = demand
        self._clock = clock
        self._making = Lock()
        self._offer: Offer | None = None
        self._made_of: object = None
        self._looked_at = self._demand_at = datetime.min.replace(tzinfo=clock().tzinfo)

    def offer(self) -> Offer:
        """The state now, a second old at most."""
        with self._making:
            now = self._clock()
            if self._offer is not None and now - self._looked_at < LOOKED_AFTER:
                return self._offer
            self._looked_at = now
            made_of = (self._products.stamp(), self._vectors_stamp(), self._models.current())
            if self._offer is None or made_of != self._made_of or now - self._demand_at >= DEMAND_AFTER:
                self._offer = self._make(made_of != self._made_of, now)
                self._made_of = made_of
            return self._offer

    def _make(self, is_new: bool, now: datetime) -> Offer:
        counts = self._demand(now)
        self._demand_at = now
        if self._offer is not None and not is_new:
            shelf, model, index, pairs = (
                self._offer.shelf,
                self._offer.model,
                self._offer.index,
                self._offer.pairs,
            )
        else:
            model, index, pairs = self._open_model()
            texts = open_product_vectors(self._vectors_dir)
            shelf = fill_shelf(goods_of(self._products.products()), texts, model)
        return Offer(shelf, model, index, pairs, demand_share(shelf.goods.skus, counts), counts)

    def _open_model(self) -> tuple[NextItemModel | None, ItemIndex | None, BoughtTogether]:
        place = self._models.current()
        if place is None:
            return None, None, no_pairs()
        try:
            return open_model(place), open_item_index(place), open_bought_together(place)
        except (ModelUnreadable, OSError) as error:
            logger.error("recommendations go on without their model: %s", error)
            return None, None, no_pairs()

    def _vectors_stamp(self) -> int | None:
        try:
            return (self._vectors_dir / "current.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None


def demand_share(skus: Sequence[str], counts: Mapping[str, Demand]) -> npt.NDArray[np.float32]:
    """Each product's share of the demand, shape (products,); one that nobody looked at counts as one."""
    weights = np.array([1 + counts.get(sku, Demand()).weight for sku in skus], dtype=np.float32)
    return weights / weights.sum() if len(weights) else weights
