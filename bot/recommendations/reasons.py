"""Why is this product recommended, in plain words that are true?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.recommendations.interactions import ADDED, BOUGHT, VIEWED
from bot.recommendations.popular_now import DAYS, Demand
from bot.recommendations.recommendation import Wish
from bot.recommendations.shelf import Goods
from knowledge_base.shop_documents import price_text

FEWEST_SHOWN = 5
"""A number of shoppers below this is not told: it could point to one of them."""
ALIKE = 0.45
"""Cosine of two products' texts from which on one leads to the other."""
DID = {VIEWED: "looked at", ADDED: "chose", BOUGHT: "bought"}


@dataclass(frozen=True)
class Evidence:
    """What speaks for one product: for each thing in the shopper's history, oldest first, `alike` -1..1 is
    the cosine of the texts and `follows` 0..1 its part of the co-behaviour that led here.
    """

    alike: npt.NDArray[np.float32]
    follows: npt.NDArray[np.float32]


class Reasons:
    """Sentences about the products of one state of the shop."""

    def __init__(self, goods: Goods, counts: Mapping[str, Demand]) -> None:
        self._goods = goods
        self._counts = counts

    def for_shopper(self, place: int, history: Sequence[tuple[int, int]], evidence: Evidence) -> str:
        """`history` are places on the shelf with what was done. The strongest thing that is so: chosen next
        to something in it, like something in it, a category that it has, else the demand."""
        if len(history) > 0:
            strength = np.maximum(evidence.follows, np.where(evidence.alike >= ALIKE, evidence.alike, 0.0))
            best = int(len(history) - 1 - strength[::-1].argmax())
            source, kind = history[best]
            name = self._goods.names[source]
            if evidence.follows[best] > 0 and evidence.follows[best] >= evidence.alike[best]:
                return f"Others who {DID[kind]} {name}, as you did, chose this too."
            if strength[best] > 0:
                return f"Because you {DID[kind]} {name}."
            category = self._goods.category(place)
            same = [kind for other, kind in history if self._goods.category(other) == category]
            if same:
                return f"Because you {DID[max(same)]} other things from {category}."
        return self.popular(place)

    def for_wish(self, place: int, wish: Wish, fits_words: bool) -> str | None:
        """What of the wish this product fulfils, None if nothing of it can be said."""
        parts = []
        if fits_words and wish.text is not None:
            parts.append(f"fits “{wish.text}”")
        if wish.highest_cents is not None:
            parts.append(f"costs no more than {price_text(wish.highest_cents, self._goods.currency)}")
        elif wish.lowest_cents is not None:
            parts.append(f"costs at least {price_text(wish.lowest_cents, self._goods.currency)}")
        if not parts and wish.categories:
            parts.append(f"is from {self._goods.category(place)}, as you asked")
        return None if not parts else f"It {' and '.join(parts)}."

    def similar(self, place: int, to: int) -> str:
        """Like another product: the price difference, where it is one, says more than the likeness."""
        name = self._goods.names[to]
        difference = int(self._goods.prices[to] - self._goods.prices[place])
        if self._goods.currencies[to] != self._goods.currencies[place] or difference == 0:
            return f"Like {name}."
        amount = price_text(abs(difference), self._goods.currencies[place])
        return f"Like {name}, {amount} {'less' if difference > 0 else 'more'}."

    def goes_with(self, to: int, shoppers: int) -> str:
        """`shoppers` bought both; 0 where it was only chosen after the other."""
        name = self._goods.names[to]
        if shoppers >= FEWEST_SHOWN:
            return f"{shoppers} shoppers bought it together with {name}."
        return f"Bought together with {name}." if shoppers > 0 else f"Others chose it after {name}."

    def popular(self, place: int) -> str:
        """The demand of the last 30 days, or the category where there is none worth telling."""
        demand = self._counts.get(self._goods.skus[place], Demand())
        if demand.orders >= FEWEST_SHOWN:
            return f"Popular now: bought {demand.orders} times in the last {DAYS} days."
        if demand.shoppers >= FEWEST_SHOWN:
            return f"Popular now: {demand.shoppers} shoppers looked at it in the last {DAYS} days."
        return f"From {self._goods.category(place)}, for you to discover."
