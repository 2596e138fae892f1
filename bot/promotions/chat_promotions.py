"""Which offers does the bot tell a shopper who asks, in which words, and what if they are not wanted?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.promotions.audiences import AudienceFacts
from bot.promotions.desk import PromotionDesk, draft_of
from bot.promotions.frequency import Frequency
from bot.promotions.offer import Offer
from bot.promotions.promotion import Refusal
from bot.recommendations.recommendation import Recommends, Wish
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

RANKED = 60
SECONDS = 2.0
"""After so long in a chat, what is not written yet stays with the plain text."""
USUAL_COUNT = 2

Standing = Literal["open", "refused", "none"]


class ListsOffers(Protocol):
    """What is needed of `bot.promotions.offers.Offers`."""

    def for_shopper(
        self, shopper: AudienceFacts, products: Iterable[Product]
    ) -> tuple[tuple[Offer, tuple[Product, ...]], ...]: ...


@dataclass(frozen=True)
class Asking:
    """Who asks, where and for what. `shopper` is whose behaviour may be looked at, None for nobody's. `sku`
    is the product on the page or that was spoken of, and with `is_only_sku` nothing else is asked for; empty
    `categories` and None mean any. `text` is what it should be about, for the ranking only. `left_out` are
    SKUs of which nothing is to be told now; `needs_code` leaves out offers without a code.
    """

    customer_id: str | None
    conversation_id: str
    shopper: Shopper | None = None
    sku: str | None = None
    categories: tuple[str, ...] = ()
    highest_cents: int | None = None
    text: str | None = None
    is_only_sku: bool = False
    needs_code: bool = False
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChatPromotion:
    """One promotion that is shown: its id in the record, and what it says about which product and offer."""

    id: int
    product: Product
    offer: Offer
    text: str


@dataclass(frozen=True)
class ChatAnswer:
    """`promotions` may be empty: because there are no such offers for this shopper, or because they refused
    all that were asked for (`refused_all`)."""

    promotions: tuple[ChatPromotion, ...]
    refused_all: bool = False


class ChatPromotions:
    """Offers in the chat. Whoever asks gets an answer; what they refused is not shown again."""

    def __init__(
        self, desk: PromotionDesk, offers: ListsOffers, recommends: Recommends, frequency: Frequency
    ) -> None:
        self._desk = desk
        self._offers = offers
        self._recommends = recommends
        self._frequency = frequency

    def answer(self, asking: Asking, count: int = USUAL_COUNT) -> ChatAnswer:
        """The offers that fit best, each of another product, with what was shown least of late first."""
        asked = self._asked_for(asking)
        pairs = _without_refused(asked, self._refusals(asking))
        if not pairs:
            return ChatAnswer((), refused_all=asked != [])
        chosen = self._chosen(pairs, asking, count)
        requests = [
            self._desk.request(product, "chat", asking.customer_id, None, 1, offer, turn, asking.shopper)
            for (offer, product), turn in ((pair, self._times_shown(pair[0], asking)) for pair in chosen)
        ]
        shown = []
        for (offer, product), request, promoted in zip(
            chosen, requests, self._desk.promoter.promote_all(requests, SECONDS), strict=True
        ):
            self._desk.record.keep(
                draft_of(one, request.facts, asking.customer_id, asking.conversation_id)
                for one in promoted.refused
            )
            for candidate in promoted.messages:
                draft = draft_of(candidate, request.facts, asking.customer_id, asking.conversation_id)
                (number,) = self._desk.record.keep([draft], needs_approval=False)
                self._desk.record.mark_shown(number)
                shown.append(ChatPromotion(number, product, offer, candidate.message.text))
        return ChatAnswer(tuple(shown))

    def standing(self, asking: Asking) -> Standing:
        """Whether there is something to tell, was all of it refused, or is there no such offer; without
        writing anything."""
        asked = self._asked_for(asking)
        if not asked:
            return "none"
        return "open" if _without_refused(asked, self._refusals(asking)) else "refused"

    def refuse(self, asking: Asking, sku: str | None) -> None:
        """The shopper does not want to hear of a product, or of any offer where `sku` is None."""
        self._desk.record.refuse(asking.customer_id, asking.conversation_id, sku)

    def forgive(self, asking: Asking) -> None:
        """The shopper wants to hear of what is asked for. A refusal of all offers is lifted first; those
        of single products only where it was not that, or where one product is asked for."""
        asked = self._asked_for(asking)
        standing = [
            refusal
            for refusal in self._refusals(asking)
            if any(refusal.is_of(product.sku, offer.id) for offer, product in asked)
        ]
        general = [refusal for refusal in standing if refusal.sku is None and refusal.offer_id is None]
        self._desk.record.forgive(standing if asking.is_only_sku else general or standing)

    def _asked_for(self, asking: Asking) -> list[tuple[Offer, Product]]:
        """The offers that this shopper may have, with each product for which they are asked."""
        products = [product for product in self._desk.source.products.products() if product.stock > 0]
        audience = self._desk.audiences.audience_facts(asking.customer_id)
        return [
            (offer, product)
            for offer, covered in self._offers.for_shopper(audience, products)
            for product in covered
            if _is_asked_for(offer, product, asking)
        ]

    def _refusals(self, asking: Asking) -> tuple[Refusal, ...]:
        return self._desk.record.refusals(asking.customer_id, asking.conversation_id)

    def _chosen(
        self, pairs: Sequence[tuple[Offer, Product]], asking: Asking, count: int
    ) -> list[tuple[Offer, Product]]:
        """Pairs of different offers and products; the product spoken of first, then by what the shopper is
        likely to want, offers that were shown often of late last."""
        order = self._order(asking)
        tired = {
            offer.id: not self._frequency.same_offer.allows(self._times_shown(offer, asking))
            for offer in {offer.id: offer for offer, _ in pairs}.values()
        }
        ranked = sorted(
            pairs,
            key=lambda pair: (
                pair[1].sku != asking.sku,
                tired[pair[0].id],
                order.get(pair[1].sku, len(order)),
            ),
        )
        chosen: list[tuple[Offer, Product]] = []
        for offer, product in ranked:
            if all(offer.id != other.id and product.sku != one.sku for other, one in chosen):
                chosen.append((offer, product))
        return chosen[:count]

    def _order(self, asking: Asking) -> dict[str, int]:
        wish = Wish(text=asking.text, categories=asking.categories, highest_cents=asking.highest_cents)
        found = self._recommends.recommend(asking.shopper, wish, RANKED)
        return {item.sku: place for place, item in enumerate(found.items)}

    def _times_shown(self, offer: Offer, asking: Asking) -> int:
        since = self._frequency.same_offer.since(self._desk.source.clock())
        return self._desk.record.offer_shown_count(
            offer.id, since, asking.customer_id, asking.conversation_id
        )


def _is_asked_for(offer: Offer, product: Product, asking: Asking) -> bool:
    """The price that counts is the one with the offer."""
    if product.sku in asking.left_out or (asking.needs_code and offer.code is None):
        return False
    if product.sku == asking.sku or asking.is_only_sku:
        return product.sku == asking.sku
    if asking.categories and product.category not in asking.categories:
        return False
    reduced = offer.price_cents(product)
    price_cents = product.price_cents if reduced is None else reduced
    return asking.highest_cents is None or price_cents <= asking.highest_cents


def _without_refused(
    pairs: Iterable[tuple[Offer, Product]], refusals: Sequence[Refusal]
) -> list[tuple[Offer, Product]]:
    return [
        (offer, product)
        for offer, product in pairs
        if not any(refusal.is_of(product.sku, offer.id) for refusal in refusals)
    ]
