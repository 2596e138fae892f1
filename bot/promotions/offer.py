"""What does the shop give away, to whom, on what, and how long?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from knowledge_base.products import Product

OfferKind = Literal["percentage", "amount", "bundle", "free_shipping"]
OFFER_KINDS: tuple[OfferKind, ...] = ("percentage", "amount", "bundle", "free_shipping")
MOST_PERCENT = 90


class ImpossibleOffer(ValueError):
    """An offer contradicts itself; the message says what was allowed and what came."""


@dataclass(frozen=True)
class Audience:
    """Who may have an offer; an empty field lets all through. `countries` are ISO 3166 (two letters);
    `segments` are names as `storekeep segments` shows them; `customers` is 'all', 'first_order' (signed in,
    nothing ordered yet) or 'returning' (ordered before).
    """

    countries: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    customers: Literal["all", "first_order", "returning"] = "all"

    @property
    def is_everybody(self) -> bool:
        """Also those of whom the shop knows nothing."""
        return self == Audience()


@dataclass(frozen=True)
class Offer:
    """One offer of the shop, from `starts_at` up to, not including, `ends_at` (both with tzinfo).

    `percent` is 1..90 for a percentage; `amount_cents` is 1 or more for an amount, in `currency`;
    `bundle_sku` is the product that comes along at no extra cost for a bundle; other kinds leave them None.
    `code` is entered at the checkout, None if the offer counts by itself. `minimum_cents` is the order value
    from which it counts, None for any. Products of `skus` or of `categories`; without both, all products.
    """

    id: str
    kind: OfferKind
    starts_at: datetime
    ends_at: datetime
    currency: str
    percent: int | None = None
    amount_cents: int | None = None
    bundle_sku: str | None = None
    code: str | None = None
    minimum_cents: int | None = None
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    audience: Audience = field(default_factory=Audience)

    def __post_init__(self) -> None:
        wanted = {"percentage": "percent", "amount": "amount_cents", "bundle": "bundle_sku"}
        for kind, name in wanted.items():
            if (getattr(self, name) is not None) != (self.kind == kind):
                needs = "needs" if self.kind == kind else "has no"
                raise ImpossibleOffer(f"offer {self.id}: {self.kind} {needs} {name}")
        if self.percent is not None and not 1 <= self.percent <= MOST_PERCENT:
            raise ImpossibleOffer(
                f"offer {self.id}: percent should be 1 to {MOST_PERCENT}; came {self.percent}"
            )
        for name in ("amount_cents", "minimum_cents"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise ImpossibleOffer(f"offer {self.id}: {name} should be 1 or more; came {value}")
        if self.ends_at <= self.starts_at:
            raise ImpossibleOffer(
                f"offer {self.id}: it should end after it starts; came {self.starts_at:%Y-%m-%d %H:%M} to "
                f"{self.ends_at:%Y-%m-%d %H:%M}"
            )

    def runs(self, at: datetime) -> bool:
        """Whether it counts at this time."""
        return self.starts_at <= at < self.ends_at

    def covers(self, product: Product) -> bool:
        """Whether it counts for this product; a product never comes along with itself, and an amount never
        makes a product free."""
        if self.bundle_sku == product.sku:
            return False
        if self.kind != "free_shipping" and self.currency != product.currency:
            return False
        counts_alone = self.minimum_cents is None or self.minimum_cents <= product.price_cents
        if self.amount_cents is not None and counts_alone and self.amount_cents >= product.price_cents:
            return False
        if not self.skus and not self.categories:
            return True
        return product.sku in self.skus or product.category in self.categories

    def price_cents(self, product: Product) -> int | None:
        """What one piece of the product costs with the offer, in cents; None if the offer changes no price of
        a single piece, or only that of an order which is worth more than the piece.
        """
        if self.minimum_cents is not None and self.minimum_cents > product.price_cents:
            return None
        if self.percent is not None:
            return product.price_cents - round_half_up(product.price_cents * self.percent, 100)
        if self.amount_cents is not None:
            return product.price_cents - self.amount_cents
        return None


def round_half_up(numerator: int, denominator: int) -> int:
    """Whole cents, as a till rounds."""
    return (2 * numerator + denominator) // (2 * denominator)
