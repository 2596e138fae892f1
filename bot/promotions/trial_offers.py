"""Which offers does a measurement put on products that have none? Invented ones of every kind, seeded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.promotions.details import details_of, statements_of
from bot.promotions.facts import Facts, Reader
from bot.promotions.offer import Offer, OfferKind
from knowledge_base.products import Product

FIRST_NAMES = ("Ida", "Jonas", "Mei", "Tariq", "Lucia", "Piotr", "Amara", "Noor", "Felix", "Sanna")
CODES = ("AUTUMN20", "HELLO10", "WELCOME", "TEATIME", "MARCH-5", "LARK7", "SEEYOU", "FOXGLOVE", "NOON12")
KINDS: tuple[OfferKind | None, ...] = (
    "percentage",
    "percentage",
    "amount",
    "free_shipping",
    "bundle",
    None,
)
STARTED, LONGEST_DAYS = timedelta(days=3), 40


def trial_facts(
    product: Product, others: Sequence[Product], shop_name: str, at: datetime, draw: random.Random
) -> Facts:
    """Facts of one promotion: an offer of a random kind or none, for a random reader or nobody."""
    bundle = draw.choice(others)
    offer = trial_offer(product, bundle, at, draw)
    seen = draw.choice([other for other in others if other.sku != product.sku])
    reader = Reader(
        first_name=draw.choice(FIRST_NAMES) if draw.random() < 0.6 else None,
        interest=product.category if draw.random() < 0.4 else None,
        seen=seen.name if draw.random() < 0.3 else None,
    )
    return Facts(
        product=product,
        shop_name=shop_name,
        at=at,
        offer=offer,
        bundle=bundle if offer is not None and offer.kind == "bundle" else None,
        reader=reader,
        details=details_of(product),
        statements=statements_of(product),
    )


def trial_offer(product: Product, bundle: Product, at: datetime, draw: random.Random) -> Offer | None:
    """A sixth of the products have no offer; the others one that covers them, with a code or a minimum in
    some cases."""
    kind = draw.choice(KINDS)
    if kind is None or (kind == "bundle" and bundle.sku == product.sku):
        return None
    ends = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=draw.randint(2, LONGEST_DAYS)
    )
    minimum = draw.choice((2000, 3000, 5000, 7500, 10_000)) if draw.random() < 0.25 else None
    offer = Offer(
        id=f"TRIAL-{product.sku}",
        kind=kind,
        starts_at=at - STARTED,
        ends_at=ends,
        currency=product.currency,
        percent=draw.choice((5, 10, 12, 15, 20, 25, 30, 40)) if kind == "percentage" else None,
        amount_cents=_amount(product, draw) if kind == "amount" else None,
        bundle_sku=bundle.sku if kind == "bundle" else None,
        code=draw.choice(CODES) if draw.random() < 0.4 else None,
        minimum_cents=None if kind == "bundle" else minimum,
    )
    return offer if offer.covers(product) else None


def _amount(product: Product, draw: random.Random) -> int:
    """In whole euros or half ones, less than the price where that is possible."""
    most = max(1, product.price_cents // 3 // 50)
    return 50 * draw.randint(1, min(most, 100))
