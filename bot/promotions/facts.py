"""What may a text about one product for one shopper say? Everything else is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.promotions.offer import Offer
from knowledge_base.products import Product


@dataclass(frozen=True)
class Reader:
    """The shopper who will read it, as far as they told us or agreed that we look: `first_name` from the
    account, `interest` a category that they look at, `seen` the name of another product that they looked
    at. Age, gender and the like are left out on purpose: no text may differ by them.
    """

    first_name: str | None = None
    interest: str | None = None
    seen: str | None = None


@dataclass(frozen=True)
class Facts:
    """The facts of one promotion. `bundle` is the product that comes along, None but for a bundle;
    `details` are short facts of the product's page by their place (weight, material, ...), `statements`
    whole sentences of it, word for word. `timezone_name` is the shop's, for dates.
    """

    product: Product
    shop_name: str
    at: datetime
    offer: Offer | None = None
    bundle: Product | None = None
    reader: Reader = Reader()
    details: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[str, ...] = ()
    timezone_name: str = "UTC"
