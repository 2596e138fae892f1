"""Which rows of the database are the demo's, and how are they replaced?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from bot.catalogue import store_products, store_reviews
from bot.customers import Customer
from bot.database.tables import (
    BrowserRow,
    ConversationRow,
    CustomerRow,
    EventRow,
    OrderLineRow,
    OrderLookupRow,
    OrderRow,
    ProductRow,
    ProfileRow,
    ReviewRow,
)
from bot.demo.demo_customers import DEMO_EMAIL_ENDING
from bot.demo.demo_orders import DemoOrder
from bot.demo.history import History
from bot.promotions.marketing_consent import marketing_row
from bot.promotions.offer import Offer
from bot.promotions.offers import store_offers
from bot.shoppers.consent import Decision
from bot.shoppers.events import store_events
from bot.shoppers.shopper import VISITOR_PREFIX
from knowledge_base.products import Product, Review


class ForeignData(Exception):
    """The database holds what the demo did not make."""


def refuse_foreign_data(session: Session, products: Sequence[Product]) -> None:
    """Raises ForeignData if there are products or customers, and with them orders, that are not the demo's.

    The demo's customers are those with an address under .example; its products have the sample's SKUs.
    """
    demo_skus = {product.sku for product in products}
    foreign_skus = sorted(set(session.scalars(select(ProductRow.sku))) - demo_skus)
    real_customer = CustomerRow.email.not_like(f"%{DEMO_EMAIL_ENDING}")
    customers = session.scalar(select(func.count()).select_from(CustomerRow).where(real_customer))
    orders = session.scalar(select(func.count()).select_from(OrderRow).join(CustomerRow).where(real_customer))
    if foreign_skus or customers:
        raise ForeignData(
            f"The database holds {len(foreign_skus)} products, {customers} customers and {orders} orders "
            "that are not the demo's. Use another database, or --force to put the demo beside them."
        )


def refuse_collisions(session: Session, customers: Sequence[Customer], history: History) -> None:
    """Raises ForeignData if a customer or order that is not the demo's has an id that the demo needs."""
    real_customer = CustomerRow.email.not_like(f"%{DEMO_EMAIL_ENDING}")
    ids = set(session.scalars(select(CustomerRow.id).where(real_customer)))
    numbers = set(session.scalars(select(OrderRow.number).join(CustomerRow).where(real_customer)))
    taken = ids & {customer.id for customer in customers} | numbers & {
        made.order.number for made in history.orders
    }
    if taken:
        raise ForeignData(f"The demo needs ids that the database holds already, {min(taken)} among them.")


def replace_demo(
    session: Session,
    products: Sequence[Product],
    reviews: Sequence[Review],
    customers: Sequence[Customer],
    history: History,
    at: datetime,
) -> None:
    """Clear what an earlier demo made and put in this one, in the caller's transaction."""
    _clear(session, [product.sku for product in products])
    store_products(session, products, at)
    store_reviews(session, reviews)
    session.execute(insert(CustomerRow), [asdict(customer) for customer in customers])
    _store_orders(session, history.orders)
    store_events(session, history.events)
    session.execute(
        insert(BrowserRow),
        [
            {"anonymous_id": b.anonymous_id, "customer_id": b.customer_id, "signed_in_at": b.at}
            for b in history.browsers
        ],
    )


def store_marketing(
    session: Session, offers: Sequence[Offer], consents: Sequence[tuple[str, Decision]], at: datetime
) -> None:
    """Put in the offers, and the decisions with their purposes, of customers who are there already."""
    store_offers(session, offers, at)
    session.add_all([marketing_row(purpose, decision) for purpose, decision in consents])


def _clear(session: Session, skus: Sequence[str]) -> None:
    """Products stay, for other orders may have them: those that differ are changed afterwards.

    With a customer go their browsers, consents, traits and profile.
    """
    demo_customers = select(CustomerRow.id).where(CustomerRow.email.like(f"%{DEMO_EMAIL_ENDING}"))
    demo_orders = select(OrderRow.number).where(OrderRow.customer_id.in_(demo_customers))
    demo_browsers = select(BrowserRow.anonymous_id).where(BrowserRow.customer_id.in_(demo_customers))
    demo_events = or_(
        EventRow.customer_id.in_(demo_customers),
        EventRow.anonymous_id.in_(demo_browsers),
        EventRow.message_id.like("demo-%"),
    )
    demo_visitors = select(VISITOR_PREFIX + EventRow.anonymous_id).where(
        demo_events, EventRow.anonymous_id.is_not(None)
    )
    for statement in (
        delete(ProfileRow).where(ProfileRow.shopper.in_(demo_visitors)),
        delete(EventRow).where(demo_events),
        delete(ConversationRow).where(ConversationRow.customer_id.in_(demo_customers)),
        delete(OrderLookupRow).where(OrderLookupRow.order_number.in_(demo_orders)),
        delete(OrderLineRow).where(OrderLineRow.order_number.in_(demo_orders)),
        delete(OrderRow).where(OrderRow.customer_id.in_(demo_customers)),
        delete(CustomerRow).where(CustomerRow.email.like(f"%{DEMO_EMAIL_ENDING}")),
        delete(ReviewRow).where(ReviewRow.sku.in_(skus)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _store_orders(session: Session, orders: Sequence[DemoOrder]) -> None:
    rows, lines = [], []
    for made in orders:
        values = asdict(made.order)
        lines += [{"order_number": made.order.number, **line} for line in values.pop("lines")]
        rows.append({**values, "customer_id": made.customer_id, "shipping_cents": made.shipping_cents})
    session.execute(insert(OrderRow), rows)
    session.execute(insert(OrderLineRow), lines)
