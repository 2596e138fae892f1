"""Which offers run now, for which product and which shopper, the most valuable first?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.catalogue import ImportSummary
from bot.database.connection import Database
from bot.database.tables import OfferRow, ProductRow
from bot.promotions.audiences import AudienceFacts, is_in
from bot.promotions.offer import Audience, Offer
from knowledge_base.products import Product

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class _Running:
    """An offer, and what the product that comes along costs, in cents of the offer's currency; 0 for none."""

    offer: Offer
    bundle_cents: int

    def rank(self, product: Product) -> tuple[int, bool, str]:
        """The lower, the more valuable with one piece of the product; an offer that only counts from an order
        of more comes last, and ties go by id.
        """
        minimum_cents = self.offer.minimum_cents
        needs_more = minimum_cents is not None and minimum_cents > product.price_cents
        price_cents = self.offer.price_cents(product)
        saving_cents = self.bundle_cents if price_cents is None else product.price_cents - price_cents
        return (0 if needs_more else -saving_cents, needs_more, self.offer.id)


class Offers:
    """The offers in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, offers: Iterable[Offer]) -> ImportSummary:
        """Add offers and change those that differ, all or none. What does not come stays as it is."""
        with self._database.session() as session:
            self._database.hold(session, "offers")
            return store_offers(session, offers, self._clock())

    def offer(self, offer_id: str) -> Offer | None:
        """The offer with this id, running or not, or None."""
        with self._database.reading() as session:
            row = session.get(OfferRow, offer_id.replace("\0", ""))
            return None if row is None else _offer(row)

    def offers(self) -> tuple[Offer, ...]:
        """All offers, past and coming ones too, in the order of their ids."""
        with self._database.reading() as session:
            return tuple(_offer(row) for row in session.scalars(select(OfferRow).order_by(OfferRow.id)))

    def running(self, at: datetime | None = None) -> tuple[Offer, ...]:
        """The offers that count at a time, now if None, in the order of their ids; without those whose bundle
        product is not for sale or not in stock.
        """
        return tuple(running.offer for running in self._running(at))

    def for_product(
        self, product: Product, shopper: AudienceFacts, at: datetime | None = None
    ) -> tuple[Offer, ...]:
        """The running offers that cover the product and are for the shopper, the largest saving on one piece
        first.
        """
        fitting = [running for running in self._running(at) if _fits(running.offer, product, shopper)]
        return tuple(running.offer for running in sorted(fitting, key=lambda each: each.rank(product)))

    def for_shopper(
        self, shopper: AudienceFacts, products: Iterable[Product], at: datetime | None = None
    ) -> tuple[tuple[Offer, tuple[Product, ...]], ...]:
        """The running offers that are for the shopper, each with those of the products that it covers, in
        their order; the largest saving on one of them first. An offer that covers none is left out.
        """
        came = tuple(products)
        found = []
        for running in self._running(at):
            covered = tuple(product for product in came if _fits(running.offer, product, shopper))
            if covered:
                best = min(running.rank(product) for product in covered)
                found.append((best, running.offer, covered))
        return tuple((offer, covered) for _, offer, covered in sorted(found, key=lambda each: each[0]))

    def _running(self, at: datetime | None) -> list[_Running]:
        moment = self._clock() if at is None else at
        bundle = and_(ProductRow.sku == OfferRow.bundle_sku, ProductRow.stock > 0)
        query = (
            select(OfferRow, ProductRow.price_cents, ProductRow.currency)
            .outerjoin(ProductRow, bundle)
            .where(OfferRow.starts_at <= moment, OfferRow.ends_at > moment)
            .where(or_(OfferRow.bundle_sku.is_(None), ProductRow.sku.is_not(None)))
        )
        with self._database.reading() as session:
            return [
                _Running(_offer(row), cents if currency == row.currency else 0)
                for row, cents, currency in session.execute(query.order_by(OfferRow.id))
            ]


def store_offers(session: Session, offers: Iterable[Offer], at: datetime) -> ImportSummary:
    """What Offers.put does, in a transaction of the caller's. Of one id the last offer counts."""
    rows = {offer.id: _values(offer, at) for offer in offers}
    stored = session.execute(select(OfferRow.id, OfferRow.content_hash))
    known = {row.id: row.content_hash for row in stored}
    added = [row for offer_id, row in rows.items() if offer_id not in known]
    changed = [row for id_, row in rows.items() if id_ in known and known[id_] != row["content_hash"]]
    if added:
        session.execute(insert(OfferRow), added)
    if changed:
        session.execute(update(OfferRow), changed)
    return ImportSummary(len(added), len(changed), len(rows) - len(added) - len(changed))


def _fits(offer: Offer, product: Product, shopper: AudienceFacts) -> bool:
    return offer.covers(product) and is_in(offer.audience, shopper)


def _values(offer: Offer, at: datetime) -> dict[str, Any]:
    audience = {name: _listed(value) for name, value in asdict(offer.audience).items()}
    values = {name: _listed(value) for name, value in asdict(offer).items()} | {"audience": audience}
    # The same moment in another zone is the same offer.
    times = {"starts_at": offer.starts_at.timestamp(), "ends_at": offer.ends_at.timestamp()}
    content_hash = hashlib.sha256(json.dumps(values | times).encode()).hexdigest()
    return {**values, "content_hash": content_hash, "updated_at": at}


def _listed(value: object) -> object:
    """A tuple as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def _offer(row: OfferRow) -> Offer:
    return Offer(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # The table's constraint allows no other.
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        currency=row.currency,
        percent=row.percent,
        amount_cents=row.amount_cents,
        bundle_sku=row.bundle_sku,
        code=row.code,
        minimum_cents=row.minimum_cents,
        skus=tuple(row.skus),
        categories=tuple(row.categories),
        audience=Audience(
            countries=tuple(row.audience["countries"]),
            segments=tuple(row.audience["segments"]),
            customers=row.audience["customers"],
        ),
    )
