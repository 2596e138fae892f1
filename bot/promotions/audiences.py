"""Does a shopper belong to those who may have an offer?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.database.connection import Database
from bot.database.tables import CustomerRow, OrderRow
from bot.promotions.offer import Audience

SegmentOf = Callable[[str], str | None]


@dataclass(frozen=True)
class AudienceFacts:
    """What decides whether an offer is for a shopper. `orders` counts those that were not cancelled. A field
    is None where the shop does not know it; of a visitor it knows nothing.
    """

    customer_id: str | None = None
    country: str | None = None
    segment: str | None = None
    orders: int | None = None


VISITOR = AudienceFacts()


def is_in(audience: Audience, facts: AudienceFacts) -> bool:
    """Whether the shopper is in the audience; a visitor only if it is everybody."""
    if audience.is_everybody:
        return True
    if facts.customer_id is None:
        return False
    if audience.countries and facts.country not in audience.countries:
        return False
    if audience.segments and facts.segment not in audience.segments:
        return False
    if audience.customers == "all":
        return True
    return facts.orders is not None and (facts.orders == 0) == (audience.customers == "first_order")


class Audiences:
    """Who a customer is, read from the database. `segment_of` gives a customer's segment by id, None where
    there is none or they do not agree to profiling.
    """

    def __init__(self, database: Database, segment_of: SegmentOf) -> None:
        self._database = database
        self._segment_of = segment_of

    def audience_facts(self, customer_id: str | None) -> AudienceFacts:
        """The facts of a signed-in customer; those of a visitor for None and for an id that nobody has."""
        if customer_id is None:
            return VISITOR
        ordered = select(func.count(OrderRow.number)).where(
            OrderRow.customer_id == customer_id, OrderRow.state != "cancelled"
        )
        with self._database.reading() as session:
            country = session.scalar(select(CustomerRow.country).where(CustomerRow.id == customer_id))
            orders = session.scalar(ordered)
        if country is None:
            return VISITOR
        return AudienceFacts(customer_id, country, self._segment_of(customer_id), orders)
