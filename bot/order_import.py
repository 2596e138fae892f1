"""How do orders come into the database, each as it is now, and become what their customers bought?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, selectinload

from bot.catalogue import ImportSummary
from bot.database.connection import Database
from bot.database.tables import OrderLineRow, OrderRow
from bot.order_files import ImportedOrder
from bot.orders import order_of
from bot.shoppers.shop_events import order_event, put_events

ORDERS_AT_ONCE = 1000


class OtherCustomersOrder(Exception):
    """An order with this number is another customer's."""


def put_orders(database: Database, orders: Iterable[ImportedOrder]) -> ImportSummary:
    """Add orders and change those that differ, all or none; those of customers who agree to profiling become
    events too. Customers and products are there already.

    Raises OtherCustomersOrder.
    """
    came = tuple(orders)
    added = changed = without_consent = 0
    with database.session() as session:
        database.hold(session, "orders")
        for start in range(0, len(came), ORDERS_AT_ONCE):
            some = came[start : start + ORDERS_AT_ONCE]
            new, other = _put_some(session, some)
            added, changed = added + new, changed + other
            without_consent += put_events(session, [order_event(o.customer_id, o.order) for o in some])
    return ImportSummary(added, changed, len(came) - added - changed, without_consent)


def _put_some(session: Session, came: Sequence[ImportedOrder]) -> tuple[int, int]:
    known = _known(session, [imported.order.number for imported in came])
    for imported in came:
        stored = known.get(imported.order.number)
        if stored is not None and stored.customer_id != imported.customer_id:
            raise OtherCustomersOrder(f"Order {imported.order.number} is another customer's already.")
    added = [imported for imported in came if imported.order.number not in known]
    changed = [i for i in came if i.order.number in known and known[i.order.number] != i]
    if added:
        session.execute(insert(OrderRow), [_values(imported) for imported in added])
    if changed:
        session.execute(update(OrderRow), [_values(imported) for imported in changed])
        numbers = [imported.order.number for imported in changed]
        old_lines = delete(OrderLineRow).where(OrderLineRow.order_number.in_(numbers))
        session.execute(old_lines.execution_options(synchronize_session=False))
    lines = [
        {"order_number": imported.order.number, **asdict(line)}
        for imported in (*added, *changed)
        for line in imported.order.lines
    ]
    if lines:
        session.execute(insert(OrderLineRow), lines)
    return len(added), len(changed)


def _known(session: Session, numbers: Sequence[str]) -> dict[str, ImportedOrder]:
    query = select(OrderRow).options(selectinload(OrderRow.lines)).where(OrderRow.number.in_(numbers))
    rows = session.scalars(query).all()
    found = {row.number: ImportedOrder(order_of(row), row.customer_id, row.shipping_cents) for row in rows}
    session.expunge_all()
    return found


def _values(imported: ImportedOrder) -> dict[str, object]:
    values = asdict(imported.order)
    del values["lines"]
    return {**values, "customer_id": imported.customer_id, "shipping_cents": imported.shipping_cents}
