"""How likely is each product next, for a history that may be long, short or empty?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.recommendations.item_index import ItemIndex
from bot.recommendations.next_item_model import NextItemModel
from bot.recommendations.shelf import Shelf
from bot.recommendations.shelf_keeper import Offer

Chances = npt.NDArray[np.float32]

CANDIDATES = 1000
FEWEST_CANDIDATES = 100
DEMANDED_LOOKED_AT = 10 * CANDIDATES
"""Of the most demanded products, how many are looked through for those that may be recommended."""
MEANING_SCALE = 15.0
"""What cosines of texts are multiplied by before their softmax."""
ENOUGH_HISTORY = 1.0
"""Products in a history at which the model and the meaning of what was read weigh the same."""
DEMAND_SHARE = 0.03
"""0..1: the part of everybody's demand in everybody's chances."""


@dataclass(frozen=True)
class Scored:
    """Places on the shelf with the chance of each, both of shape (candidates,)."""

    places: npt.NDArray[np.int64]
    chances: Chances


def next_chances(
    offer: Offer,
    history: Sequence[tuple[int, int]],
    allowed: npt.NDArray[np.int64],
    meaning: npt.NDArray[np.float32] | None,
) -> Scored:
    """`history` are places on the shelf with kinds, oldest first; `allowed` are the places that may be
    recommended, one at least; `meaning` is the embedding of what the shopper read, searched and wrote.

    Without a history and a meaning the chances are the demand.
    """
    demand = offer.demand
    places = allowed
    by_model: Chances | None = None
    if history and offer.model is not None:
        places, by_model = _by_model(offer.shelf, offer.model, offer.index, history, allowed)
    by_meaning = _by_meaning(offer.shelf, history, places, meaning)
    own = _mixed(by_model, by_meaning, len(history))
    prior = demand[places] / max(float(demand[places].sum()), 1e-12)
    if own is None:
        return Scored(places, np.asarray(prior, dtype=np.float32))
    return Scored(places, np.asarray((1 - DEMAND_SHARE) * own + DEMAND_SHARE * prior, dtype=np.float32))


def _mixed(by_model: Chances | None, by_meaning: Chances | None, length: int) -> Chances | None:
    """The longer the history, the more the model counts beside the meaning."""
    if by_model is None or by_meaning is None:
        return by_meaning if by_model is None else by_model
    share = length / (length + ENOUGH_HISTORY)
    return np.asarray(share * by_model + (1 - share) * by_meaning, dtype=np.float32)


def _by_meaning(
    shelf: Shelf,
    history: Sequence[tuple[int, int]],
    places: npt.NDArray[np.int64],
    meaning: npt.NDArray[np.float32] | None,
) -> Chances | None:
    """From the profile's embedding, else from the texts of the last few things; None without either."""
    if meaning is None or len(meaning) != shelf.meanings.shape[1]:
        if not history or shelf.meanings.shape[1] == 0:
            return None
        recent = np.array([place for place, _ in history[-5:]])
        summed = (0.7 ** np.arange(len(recent) - 1, -1, -1)) @ shelf.meanings[recent]
        length = float(np.linalg.norm(summed))
        if length < 1e-6:
            return None
        meaning = np.asarray(summed / length, dtype=np.float32)
    return _softmax(MEANING_SCALE * (shelf.meanings[places] @ meaning))


def _by_model(
    shelf: Shelf,
    model: NextItemModel,
    index: ItemIndex | None,
    history: Sequence[tuple[int, int]],
    allowed: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], Chances]:
    """The model's mixture, weighed with its demand, over the allowed places or over the best of them in a
    large catalogue."""
    recent = history[-model.longest :]
    sources = np.array([place for place, _ in recent], dtype=np.int64)
    kinds = np.array([[kind for _, kind in recent]], dtype=np.int64)
    user = model.encoded(shelf.vectors[sources][None], kinds, np.array([len(recent)]))[0]
    followed = _followed(shelf, model, sources)
    nearest = None if index is None else _on_shelf(shelf, index.nearest(user, CANDIDATES))
    places = allowed if nearest is None else _candidates(shelf, model, nearest, followed, allowed)
    logits = model.scale * (shelf.vectors[places] @ user)
    if index is None or nearest is None or len(nearest) == 0 or len(places) == len(allowed):
        transformer = _softmax(logits)
    else:
        best, sampled = (
            model.scale * (shelf.vectors[some] @ user) for some in (nearest, _on_shelf(shelf, index.sample))
        )
        transformer = np.exp(logits - index.log_sum(best, sampled, len(shelf.goods.skus)))
    behaviour = followed[places]
    total = float(followed[allowed].sum())
    mixture = transformer
    if total > 0:
        mixture = model.share * transformer + (1 - model.share) * behaviour / total
    chances = np.asarray(mixture, dtype=np.float32)
    return places, model.with_demand(chances, _demand_weights(shelf, model, places))


def _demand_weights(
    shelf: Shelf, model: NextItemModel, places: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """The model's for these places on the shelf; what is new since the training counts as never chosen."""
    items = shelf.model_places[places]
    return np.asarray(np.where(items >= 0, model.demand_weights[items], 1.0), dtype=np.float32)


def _followed(shelf: Shelf, model: NextItemModel, sources: npt.NDArray[np.int64]) -> Chances:
    """The co-behaviour of a history's items, shape (products of the shelf,), any positive scale."""
    found = np.zeros(len(shelf.goods.skus), dtype=np.float32)
    weights = model.co_behaviour.weights
    for vote, source in zip(model.co_behaviour.votes(len(sources)), sources, strict=True):
        row = int(shelf.model_places[source])
        if row < 0:
            continue
        begin, end = weights.indptr[row], weights.indptr[row + 1]
        columns = weights.indices[begin:end]
        on_shelf = np.full(len(columns), -1, dtype=np.int64)
        known = columns < len(shelf.of_model)
        on_shelf[known] = shelf.of_model[columns[known]]
        sold = on_shelf >= 0
        found[on_shelf[sold]] += vote * weights.data[begin:end][sold]
    return found


def _on_shelf(shelf: Shelf, items: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places on the shelf of the model's items that are still sold."""
    places = shelf.of_model[items[items < len(shelf.of_model)]]
    return places[places >= 0]


def _candidates(
    shelf: Shelf,
    model: NextItemModel,
    nearest: npt.NDArray[np.int64],
    followed: Chances,
    allowed: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """The nearest, what followed, what is new since the training, and what is most demanded where the model
    weighs that; all allowed ones where a narrow wish leaves few of these."""
    new = np.flatnonzero(shelf.model_places < 0)
    may = np.zeros(len(shelf.goods.skus), dtype=bool)
    may[allowed] = True
    places: npt.NDArray[np.int64] = np.unique(np.concatenate([nearest, np.flatnonzero(followed), new]))
    places = places[may[places]]
    if len(places) < FEWEST_CANDIDATES:
        return allowed
    if model.model_power == 1:
        return places
    demanded = _on_shelf(shelf, model.most_demanded[:DEMANDED_LOOKED_AT])
    demanded = demanded[may[demanded]][:CANDIDATES]
    if len(demanded) < FEWEST_CANDIDATES:
        return allowed
    return np.asarray(np.unique(np.concatenate([places, demanded])), dtype=np.int64)


def _softmax(logits: Chances) -> Chances:
    above = np.exp(logits - logits.max())
    return np.asarray(above / above.sum(), dtype=np.float32)
