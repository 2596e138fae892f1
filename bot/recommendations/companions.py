"""What is like a product, and what goes with it? Questions about the product, not about a shopper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.recommendations.shelf import Shelf
from bot.recommendations.shelf_keeper import Offer

SUBSTITUTE = 0.5
"""Cosine of two texts of one category from which on the one stands in for the other."""
LEAST_LIKENESS = 0.55
"""Below, a product is not said to be like another."""
BOUGHT_FIRST = 10.0
"""On top of what was bought together, so that it stands before what was only looked at."""


@dataclass(frozen=True)
class Beside:
    """A place on the shelf; `shoppers` bought both, 0 where others only chose it after the product."""

    place: int
    weight: float
    shoppers: int


def likeness(shelf: Shelf, place: int, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The mean of the cosines of the texts and of the model's vectors, -1..1, shape (places,)."""
    meaning = shelf.meanings[places] @ shelf.meanings[place]
    behaviour = shelf.vectors[places] @ shelf.vectors[place]
    return np.asarray((meaning + behaviour) / 2, dtype=np.float32)


def going_with(offer: Offer, place: int, allowed: npt.NDArray[np.bool_]) -> list[Beside]:
    """Best first, each once, none that could stand in for the product: bought by the same shoppers more than
    chance says, then chosen after it.
    """
    shelf, model = offer.shelf, offer.model
    own = int(shelf.model_places[place])
    if model is None or own < 0:
        return []
    may = allowed & ~_stand_ins(shelf, place)
    found: dict[int, Beside] = {}
    for companion in offer.pairs.companions(own):
        at = shelf.place_of(companion.place)
        if at >= 0 and may[at]:
            found[at] = Beside(at, BOUGHT_FIRST + companion.surprise, companion.shoppers)
    row = model.co_behaviour.weights[own]
    highest = float(row.data.max(initial=0.0))
    for other, weight in zip(row.indices, row.data, strict=True):
        at = shelf.place_of(int(other))
        if at >= 0 and may[at] and at not in found:
            found[at] = Beside(at, float(weight) / highest, 0)
    return sorted(found.values(), key=lambda one: (-one.weight, one.place))


def _stand_ins(shelf: Shelf, place: int) -> npt.NDArray[np.bool_]:
    """Which products are of the same category and alike, the product itself among them."""
    same = shelf.goods.categories == shelf.goods.categories[place]
    alike = shelf.meanings @ shelf.meanings[place] >= SUBSTITUTE
    stand_ins: npt.NDArray[np.bool_] = same & alike
    stand_ins[place] = True
    return stand_ins
