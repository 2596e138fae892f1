"""Which facts are there for a product and a shopper just now? Read from the database, nothing is made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.customers import Customer
from bot.promotions.details import details_of, statements_of
from bot.promotions.facts import Facts, Reader
from bot.promotions.offer import Offer
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product
from knowledge_base.shop_details import ShopDetails

LOOKED_AT = "Product Viewed"
EVENTS_READ = 200
REMEMBERED = timedelta(days=60)
ENOUGH_VIEWS = 2
"""So many products of a category make it one that the shopper looks at."""


class UnknownSku(Exception):
    """There is no product with this SKU."""


class KnowsProducts(Protocol):
    def product(self, sku: str) -> Product | None: ...

    def products(self) -> tuple[Product, ...]: ...


class KnowsCustomers(Protocol):
    def customer(self, customer_id: str) -> Customer | None: ...


class KnowsEvents(Protocol):
    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]: ...


class AsksConsent(Protocol):
    def may_profile(self, customer_id: str) -> bool: ...


@dataclass(frozen=True)
class FactsSource:
    """Where facts come from. The name comes from the customer's account; what they looked at only of a
    customer who agreed to profiling, or of a visitor whose browser sends events.
    """

    products: KnowsProducts
    customers: KnowsCustomers
    events: KnowsEvents
    consents: AsksConsent
    details: ShopDetails
    clock: Callable[[], datetime]

    def facts(
        self, product: Product, offer: Offer | None, customer_id: str | None, shopper: Shopper | None = None
    ) -> Facts:
        """`shopper` is whose behaviour may be looked at; None takes the customer's if they agreed."""
        bundle = None
        if offer is not None and offer.bundle_sku is not None:
            bundle = self.products.product(offer.bundle_sku)
        return Facts(
            product=product,
            shop_name=self.details.name,
            at=self.clock(),
            offer=offer,
            bundle=bundle,
            reader=self.reader(product, customer_id, shopper),
            details=details_of(product),
            statements=statements_of(product),
            timezone_name=self.details.timezone,
        )

    def reader(self, product: Product, customer_id: str | None, shopper: Shopper | None) -> Reader:
        """Who reads it, for a text about this product."""
        customer = None if customer_id is None else self.customers.customer(customer_id)
        first_name = None if customer is None else first_name_of(customer.name)
        if shopper is None and customer is not None and self.consents.may_profile(customer.id):
            shopper = Shopper(customer_id=customer.id)
        if shopper is None:
            return Reader(first_name)
        interest, seen = self._looked_at(shopper, product)
        return Reader(first_name, interest, seen)

    def _looked_at(self, shopper: Shopper, product: Product) -> tuple[str | None, str | None]:
        """A category and another product at which the shopper looked of late; of products one of the same
        kind as this one, so that it is a reason."""
        since = self.clock() - REMEMBERED
        skus = [
            event.sku
            for event in self.events.of_shopper(shopper, EVENTS_READ)
            if event.name == LOOKED_AT and event.sku is not None and event.at >= since
        ]
        seen = {sku: self.products.product(sku) for sku in dict.fromkeys(skus)}
        categories = Counter(found.category for found in seen.values() if found is not None)
        likely = [category for category, count in categories.most_common(1) if count >= ENOUGH_VIEWS]
        alike = [
            found.name
            for sku in reversed(skus)
            if sku != product.sku and (found := seen[sku]) is not None and found.category == product.category
        ]
        return (likely[0] if likely else None), (alike[0] if alike else None)


def first_name_of(name: str) -> str | None:
    """The first word of a name as it is written in the account; None where it does not read as one."""
    first = name.split()[0] if name.split() else ""
    return first if first.replace("-", "").replace("'", "").isalpha() and len(first) > 1 else None
