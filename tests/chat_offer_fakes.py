"""Offers whose answers can be told by head: what is asked for and not refused, in the order of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.promotions.chat_promotions import Asking, ChatAnswer, ChatPromotion, Standing
from bot.promotions.offer import Offer
from bot.promotions.plans import Plan
from bot.promotions.writer import WriterMissing, Written
from knowledge_base.products import Product

Pair = tuple[Offer, Product]


@dataclass
class FakeOffers:
    """`only_for` maps an offer's id to the one customer who may have it. `refused` has who refused what, None
    for everything; a refusal counts for the conversation alone. `fails` raises whatever is asked."""

    pairs: tuple[Pair, ...] = ()
    only_for: Mapping[str, str] = field(default_factory=dict)
    refused: list[tuple[str, str | None]] = field(default_factory=list)
    asked: list[Asking] = field(default_factory=list)
    most: int = 2
    fails: bool = False

    def answer(self, asking: Asking) -> ChatAnswer:
        self.asked.append(asking)
        if self.fails:
            raise WriterMissing("there are no weights")
        chosen = self._open(asking)[: self.most]
        return ChatAnswer(
            tuple(
                ChatPromotion(number, product, offer, f"{product.name}, with {offer.id}.")
                for number, (offer, product) in enumerate(chosen, start=1)
            )
        )

    def standing(self, asking: Asking) -> Standing:
        if self._open(asking):
            return "open"
        return "refused" if self._fitting(asking) else "none"

    def refuse(self, asking: Asking, sku: str | None) -> None:
        self.refused.append((asking.conversation_id, sku))

    def forgive(self, asking: Asking) -> None:
        skus = {None, *(product.sku for _, product in self._fitting(asking))}
        self.refused = [one for one in self.refused if one[1] not in skus]

    def _open(self, asking: Asking) -> list[Pair]:
        refused = {sku for conversation_id, sku in self.refused if conversation_id == asking.conversation_id}
        return [pair for pair in self._fitting(asking) if not refused & {None, pair[1].sku}]

    def _fitting(self, asking: Asking) -> list[Pair]:
        return [pair for pair in self.pairs if self._fits(*pair, asking)]

    def _fits(self, offer: Offer, product: Product, asking: Asking) -> bool:
        return (
            self.only_for.get(offer.id, asking.customer_id) == asking.customer_id
            and product.sku not in asking.left_out
            and (not asking.is_only_sku or product.sku == asking.sku)
            and (not asking.categories or product.category in asking.categories)
            and (asking.highest_cents is None or product.price_cents <= asking.highest_cents)
            and (not asking.needs_code or offer.code is not None)
        )


class NoTexts:
    """A writer that has learnt nothing, so that a plain text of the facts stands in."""

    sets: Mapping[str, Sequence[Sequence[str]]] = {}

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        return []
