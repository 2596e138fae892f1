"""Who writes a promotion for a product, a customer and a channel, and keeps what was written?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.customers import UnknownCustomer
from bot.promotions.audiences import AudienceFacts
from bot.promotions.check import Message
from bot.promotions.copybook import TONES
from bot.promotions.facts import Facts
from bot.promotions.facts_source import FactsSource, UnknownSku
from bot.promotions.offer import Offer
from bot.promotions.plans import CHANNELS, Channel
from bot.promotions.promoter import Candidate, Promoted, Promoter, Recent, Request, seed_of
from bot.promotions.promotion import Draft, Promotion
from bot.promotions.promotion_record import PromotionRecord
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

Vector = npt.NDArray[np.float32]
MOST_MESSAGES = 20


class GivesOffers(Protocol):
    """What is needed of `bot.promotions.offers.Offers`."""

    def for_product(self, product: Product, shopper: AudienceFacts) -> tuple[Offer, ...]: ...

    def offer(self, offer_id: str) -> Offer | None: ...


class KnowsAudience(Protocol):
    """What is needed of `bot.promotions.audiences.Audiences`."""

    def audience_facts(self, customer_id: str | None) -> AudienceFacts: ...


@dataclass(frozen=True)
class Written:
    """What was written for one product, with the facts that it was written from."""

    product: Product
    facts: Facts
    promoted: Promoted


@dataclass(frozen=True)
class PromotionDesk:
    """`vector_of` gives a shopper's embedding, None where there is none; nothing of it is asked for a
    customer who did not agree to profiling. `unsubscribe_url` is a customer's link against e-mails."""

    source: FactsSource
    offers: GivesOffers
    audiences: KnowsAudience
    record: PromotionRecord
    promoter: Promoter
    vector_of: Callable[[Shopper], Vector | None]
    unsubscribe_url: Callable[[str], str]

    def write(
        self,
        product: Product,
        channel: Channel,
        customer_id: str | None = None,
        tone: str | None = None,
        count: int = 3,
        offer: Offer | None = None,
        seed: int = 0,
    ) -> Written:
        """Messages about one product with the offer that is worth most to the customer, or with the one that
        is given. Raises UnknownCustomer.
        """
        request = self.request(product, channel, customer_id, tone, count, offer, seed)
        return Written(product, request.facts, self.promoter.promote(request))

    def write_all(
        self,
        products: Sequence[Product],
        channel: Channel,
        customer_id: str | None,
        tone: str | None,
        recent: Recent | None = None,
    ) -> list[Written]:
        """One message for each product, written together; `recent` is what was written before in this run."""
        requests = [self.request(product, channel, customer_id, tone, 1, None, 0) for product in products]
        return [
            Written(product, request.facts, promoted)
            for product, request, promoted in zip(
                products, requests, self.promoter.promote_all(requests, recent=recent), strict=True
            )
        ]

    def request(
        self,
        product: Product,
        channel: Channel,
        customer_id: str | None,
        tone: str | None,
        count: int,
        offer: Offer | None,
        seed: int,
        shopper: Shopper | None = None,
    ) -> Request:
        """What the promoter is asked. Raises UnknownCustomer."""
        if customer_id is not None and self.source.customers.customer(customer_id) is None:
            raise UnknownCustomer(f"There is no customer {customer_id!r}.")
        if offer is None:
            audience = self.audiences.audience_facts(customer_id)
            offer = next(iter(self.offers.for_product(product, audience)), None)
        facts = self.source.facts(product, offer, customer_id, shopper)
        if shopper is None and customer_id is not None and self.source.consents.may_profile(customer_id):
            shopper = Shopper(customer_id=customer_id)
        shown = () if customer_id is None else self.record.texts_shown_to(customer_id)
        # The same question on the same day gets the same texts; neither name, age nor gender is in the seed.
        parts = (product.sku, None if offer is None else offer.id, customer_id, channel, len(shown), seed)
        return Request(
            facts=facts,
            channel=channel,
            count=count,
            tone=tone,
            seed=seed_of(*parts, facts.at.date().isoformat()),
            reader_vector=None if shopper is None else self.vector_of(shopper),
            shown=shown,
            rejected=self.record.rejected_texts(),
            unsubscribe_url=None if customer_id is None else self.unsubscribe_url(customer_id),
        )

    def write_candidates(
        self, sku: str, channel: str, customer_id: str | None, tone: str | None, count: int
    ) -> tuple[int, ...]:
        """Write for people to decide on, and keep what passed the check and what did not; gives the ids of
        all. Raises UnknownSku, UnknownCustomer, ValueError for a channel or tone that there is not.
        """
        product = self.source.products.product(sku)
        if product is None:
            raise UnknownSku(f"There is no product {sku!r}.")
        known = next((one for one in CHANNELS if one == channel), None)
        if known is None:
            raise ValueError(f"The channel should be one of {', '.join(CHANNELS)}; came {channel!r}.")
        if tone is not None and tone not in TONES:
            raise ValueError(f"The tone should be one of {', '.join(TONES)}; came {tone!r}.")
        if not 1 <= count <= MOST_MESSAGES:
            raise ValueError(f"The count should be 1 to {MOST_MESSAGES}; came {count}.")
        written = self.write(product, known, customer_id, tone, count)
        candidates = (*written.promoted.messages, *written.promoted.refused)
        return self.record.keep([draft_of(one, written.facts, customer_id) for one in candidates])

    def facts_of(self, promotion: Promotion) -> Facts:
        """The facts for a promotion that was kept, as they are now: an offer that has ended is none any more.

        Raises UnknownSku if the product is no longer sold.
        """
        draft = promotion.draft
        product = self.source.products.product(draft.sku)
        if product is None:
            raise UnknownSku(f"There is no product {draft.sku!r} any more.")
        offer = None if draft.offer_id is None else self.offers.offer(draft.offer_id)
        if offer is not None and not offer.runs(self.source.clock()):
            offer = None
        return self.source.facts(product, offer, draft.customer_id)


def draft_of(
    candidate: Candidate, facts: Facts, customer_id: str | None, conversation_id: str | None = None
) -> Draft:
    """What is kept of a candidate."""
    message: Message = candidate.message
    return Draft(
        sku=facts.product.sku,
        channel=message.channel,
        tone=candidate.tone,
        text=message.text,
        source=candidate.source,
        customer_id=customer_id,
        conversation_id=conversation_id,
        offer_id=None if facts.offer is None else facts.offer.id,
        subject=message.subject,
        written="\n\n".join(candidate.written) if candidate.written else None,
        plan={"plans": [asdict(plan) for plan in candidate.plans]},
        facts=candidate.told,
        findings=candidate.findings,
    )
