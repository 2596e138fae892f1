"""What should this shopper see next? Scores by model, meaning and demand; filters; variety; true reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.recommendations.companions import LEAST_LIKENESS, going_with, likeness
from bot.recommendations.next_item_model import NextItemModel
from bot.recommendations.reasons import Evidence, Reasons
from bot.recommendations.recommendation import Recommendation, Recommendations, Wish
from bot.recommendations.scoring import Scored, next_chances
from bot.recommendations.shelf_keeper import Offer
from bot.recommendations.shopper_choices import Doings, doings_of
from bot.recommendations.variety import varied
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper

EVENTS_READ = 300
KNOWN = 30
"""So many of the last products of a history are not recommended: the shopper knows them."""
TEXT_WEIGHT = 20.0
"""What a cosine of texts counts beside a logarithm of a probability where the shopper said what they want."""
OWN_WEIGHT = 0.3
"""What the shopper's own behaviour counts then."""
LIKE_WEIGHT = 12.0
FITS_WORDS = 0.25
"""Cosine to the words of a wish from which on a product is said to fit them."""

NOTHING_SPECIAL = Wish()

Vector = npt.NDArray[np.float32]


class Offers(Protocol):
    """What is needed of `bot.recommendations.shelf_keeper.ShelfKeeper`."""

    def offer(self) -> Offer: ...


class ShopperEvents(Protocol):
    """What is needed of `bot.shoppers.events.Events`."""

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]: ...


@dataclass(frozen=True)
class ShopperSources:
    """Where what is known of one shopper comes from: events; the SKUs in a customer's orders; the embedding
    of a shopper's profile, None where there is none; the embedding of words, None in a process without an
    encoder.
    """

    events: ShopperEvents
    bought: Callable[[str], frozenset[str]]
    meaning: Callable[[Shopper], Vector | None] = lambda shopper: None
    encode: Callable[[Sequence[str]], npt.NDArray[np.float32]] | None = None


class Recommender:
    """Recommends from the present Offer; every call reads the shopper's events anew, so that feedback counts
    at once. Safe to call from several threads.
    """

    def __init__(
        self, offers: Offers, sources: ShopperSources, timer: Callable[[], float] = perf_counter
    ) -> None:
        self._offers = offers
        self._sources = sources
        self._timer = timer

    def recommend(
        self, shopper: Shopper | None, wish: Wish = NOTHING_SPECIAL, count: int = 5
    ) -> Recommendations:
        """Raises ValueError if `count` is below 1, or if words are wished and this process has no encoder."""
        started = self._timer()
        offer = self._offers.offer()
        shelf, goods = offer.shelf, offer.shelf.goods
        doings = self._doings(shopper, wish)
        known = {choice.item for choice in doings.choices[-KNOWN:]} | ({wish.like} if wish.like else set())
        without = doings.dismissed | doings.bought | self._bought(shopper) | known
        allowed = np.flatnonzero(goods.allowed(wish, frozenset(without)))
        if len(allowed) == 0:
            return self._answer((), started)
        history = [
            (goods.places[choice.item], choice.kind)
            for choice in doings.choices
            if choice.item in goods.places
        ]
        meaning = None if shopper is None else self._sources.meaning(shopper)
        scored = next_chances(offer, history, allowed, meaning)
        words = self._words(wish)
        scores = np.log(scored.chances + 1e-9)
        cosines = None
        if words is not None and shelf.meanings.shape[1] == len(words):
            cosines = shelf.meanings[scored.places] @ words
            scores = OWN_WEIGHT * scores + TEXT_WEIGHT * cosines
        if wish.like is not None and wish.like in goods.places:
            scores = OWN_WEIGHT * scores + LIKE_WEIGHT * likeness(
                shelf, goods.places[wish.like], scored.places
            )
        chosen = varied(scores, shelf.meanings[scored.places], _count(count))
        reasons = Reasons(goods, offer.counts)
        items = tuple(
            self._item(
                offer,
                int(scored.places[row]),
                float(scores[row]),
                self._reason(reasons, offer, scored, int(row), history, wish, cosines),
            )
            for row in chosen
        )
        return self._answer(items, started)

    def similar(self, sku: str, count: int = 5) -> Recommendations:
        """In stock, best first, all of them really alike: in their texts and in how shoppers come to them."""
        started = self._timer()
        offer = self._offers.offer()
        goods = offer.shelf.goods
        if sku not in goods.places:
            return self._answer((), started)
        place = goods.places[sku]
        allowed = np.flatnonzero(goods.allowed(NOTHING_SPECIAL, frozenset({sku})))
        scores = likeness(offer.shelf, place, allowed)
        order = np.argsort(-scores, kind="stable")[: _count(count)]
        order = order[scores[order] >= LEAST_LIKENESS]
        reasons = Reasons(goods, offer.counts)
        items = tuple(
            self._item(
                offer, int(allowed[row]), float(scores[row]), reasons.similar(int(allowed[row]), place)
            )
            for row in order
        )
        return self._answer(items, started)

    def goes_with(self, sku: str, count: int = 5) -> Recommendations:
        """In stock, best first: bought by the same shoppers, then chosen after it; nothing in its place."""
        started = self._timer()
        offer = self._offers.offer()
        goods = offer.shelf.goods
        if sku not in goods.places:
            return self._answer((), started)
        place = goods.places[sku]
        beside = going_with(offer, place, goods.allowed(NOTHING_SPECIAL, frozenset()))[: _count(count)]
        reasons = Reasons(goods, offer.counts)
        items = tuple(
            self._item(offer, one.place, one.weight, reasons.goes_with(place, one.shoppers)) for one in beside
        )
        return self._answer(items, started)

    def popular(self, count: int = 5) -> Recommendations:
        """In stock, most wanted in the last 30 days first, of different kinds."""
        started = self._timer()
        offer = self._offers.offer()
        goods = offer.shelf.goods
        allowed = np.flatnonzero(goods.allowed(NOTHING_SPECIAL, frozenset()))
        scores = np.log(offer.demand[allowed])
        chosen = varied(scores, offer.shelf.meanings[allowed], _count(count))
        reasons = Reasons(goods, offer.counts)
        items = tuple(
            self._item(offer, int(allowed[row]), float(scores[row]), reasons.popular(int(allowed[row])))
            for row in chosen
        )
        return self._answer(items, started)

    def _doings(self, shopper: Shopper | None, wish: Wish) -> Doings:
        events = () if shopper is None else self._sources.events.of_shopper(shopper, EVENTS_READ)
        return doings_of(events, wish.seen)

    def _bought(self, shopper: Shopper | None) -> frozenset[str]:
        return (
            frozenset()
            if shopper is None or shopper.customer_id is None
            else self._sources.bought(shopper.customer_id)
        )

    def _words(self, wish: Wish) -> Vector | None:
        if wish.text is None:
            return None
        if self._sources.encode is None:
            raise ValueError("a wish in words needs a process with a sentence encoder")
        return np.asarray(self._sources.encode([wish.text])[0], dtype=np.float32)

    def _reason(
        self,
        reasons: Reasons,
        offer: Offer,
        scored: Scored,
        row: int,
        history: Sequence[tuple[int, int]],
        wish: Wish,
        cosines: Vector | None,
    ) -> str:
        place = int(scored.places[row])
        if wish.like is not None and wish.like in offer.shelf.goods.places:
            return reasons.similar(place, offer.shelf.goods.places[wish.like])
        fits_words = cosines is not None and float(cosines[row]) >= FITS_WORDS
        asked = reasons.for_wish(place, wish, fits_words)
        if asked is not None:
            return asked
        return reasons.for_shopper(place, history, _evidence(offer, history, place))

    def _item(self, offer: Offer, place: int, score: float, reason: str) -> Recommendation:
        goods = offer.shelf.goods
        return Recommendation(goods.skus[place], goods.names[place], round(score, 4), reason)

    def _answer(self, items: tuple[Recommendation, ...], started: float) -> Recommendations:
        return Recommendations(items, 1000 * (self._timer() - started))


def _count(count: int) -> int:
    if count < 1:
        raise ValueError(f"as many as 1 or more can be recommended; came {count}")
    return count


def _evidence(offer: Offer, history: Sequence[tuple[int, int]], place: int) -> Evidence:
    """Why this product follows from the history: one entry a thing in it."""
    shelf = offer.shelf
    sources = np.array([source for source, _ in history], dtype=np.int64)
    alike = np.asarray(shelf.meanings[sources] @ shelf.meanings[place], dtype=np.float32)
    follows = np.zeros(len(history), dtype=np.float32)
    if offer.model is not None and shelf.model_places[place] >= 0:
        follows = _followed(offer.model, shelf.model_places[sources], int(shelf.model_places[place]))
    return Evidence(alike, follows)


def _followed(model: NextItemModel, sources: npt.NDArray[np.int64], target: int) -> npt.NDArray[np.float32]:
    """Each source's part of the co-behaviour that leads to the target; sums to 1, or to 0 if none does."""
    votes = model.co_behaviour.votes(len(sources))
    weights = model.co_behaviour.weights
    parts = np.zeros(len(sources), dtype=np.float32)
    for place, source in enumerate(sources):
        # Straight from the arrays: scipy's own access to single entries takes a hundred times as long.
        begin, end = (weights.indptr[source], weights.indptr[source + 1]) if source >= 0 else (0, 0)
        parts[place] = votes[place] * weights.data[begin:end][weights.indices[begin:end] == target].sum()
    total = float(parts.sum())
    return parts / total if total > 0 else parts
