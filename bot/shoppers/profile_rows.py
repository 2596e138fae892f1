"""Which rows of the database make up shoppers and their profiles? Used inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.database.tables import CustomerRow, EventRow, ProfileRow
from bot.shoppers.events import Event
from bot.shoppers.profile_folding import Folded
from bot.shoppers.shopper import VISITOR_PREFIX, Shopper

_EVENTS = select(
    EventRow.id,
    EventRow.message_id,
    EventRow.name,
    EventRow.at,
    EventRow.customer_id,
    EventRow.anonymous_id,
    EventRow.sku,
    EventRow.properties,
)
"""In the order of the fields of `Event`, after the id."""

Mark = tuple[str, int]
"""Who made a stored profile, and up to which event."""


@dataclass(frozen=True)
class NumberedEvent:
    """An event with its id; a later one has a greater id."""

    id: int
    event: Event


def shopper_of(event: Event) -> Shopper:
    """Whose event it is: the customer's, or else the browser's."""
    if event.customer_id is not None:
        return Shopper(customer_id=event.customer_id)
    return Shopper(anonymous_id=event.anonymous_id)


def first_events(session: Session, after: int, limit: int) -> tuple[NumberedEvent, ...]:
    """The first `limit` events with greater ids than `after`, in the order of their ids."""
    return _numbered(session, _EVENTS.where(EventRow.id > after).limit(limit))


def events_of(
    session: Session, shoppers: Collection[Shopper], through: int
) -> dict[Shopper, list[NumberedEvent]]:
    """All events of each shopper up to the id `through`, in the order of their ids."""
    found: dict[Shopper, list[NumberedEvent]] = defaultdict(list)
    for numbered in _numbered(session, _EVENTS.where(_of(shoppers), EventRow.id <= through)):
        found[shopper_of(numbered.event)].append(numbered)
    return found


def event_counts(session: Session, shoppers: Collection[Shopper], through: int) -> dict[Shopper, int]:
    """How many events up to the id `through` each shopper has; those without any are left out."""
    names, browsers = _ids(shoppers)
    counts: dict[Shopper, int] = {}
    if names:
        rows = session.execute(
            select(EventRow.customer_id, func.count())
            .where(EventRow.customer_id.in_(names), EventRow.id <= through)
            .group_by(EventRow.customer_id)
        )
        counts |= {Shopper(customer_id=name): count for name, count in rows}
    if browsers:
        rows = session.execute(
            select(EventRow.anonymous_id, func.count())
            .where(
                EventRow.anonymous_id.in_(browsers),
                EventRow.customer_id.is_(None),
                EventRow.id <= through,
            )
            .group_by(EventRow.anonymous_id)
        )
        counts |= {Shopper(anonymous_id=name): count for name, count in rows}
    return counts


def last_event_id(session: Session) -> int:
    """The id of the event that came last, 0 without any."""
    return session.scalar(select(func.max(EventRow.id))) or 0


def profiled(session: Session, shoppers: Iterable[Shopper]) -> set[Shopper]:
    """Those of whom a profile may be kept: browsers, and customers who agree to it now."""
    names, browsers = _ids(shoppers)
    query = select(CustomerRow.id).where(CustomerRow.id.in_(names), CustomerRow.profiling_consent)
    agreed = {Shopper(customer_id=name) for name in session.scalars(query)} if names else set()
    return agreed | {Shopper(anonymous_id=name) for name in browsers}


def customers_without_profile(session: Session) -> tuple[Shopper, ...]:
    """Customers who agree to profiling and have events, but no profile."""
    query = select(CustomerRow.id).where(
        CustomerRow.profiling_consent,
        ~exists().where(ProfileRow.customer_id == CustomerRow.id),
        exists().where(EventRow.customer_id == CustomerRow.id),
    )
    return tuple(Shopper(customer_id=name) for name in session.scalars(query.order_by(CustomerRow.id)))


def profiles_by_other_rules(session: Session, made_by: str) -> tuple[Shopper, ...]:
    """Whose profiles were made by other rules or another encoder than these."""
    query = select(ProfileRow.shopper).where(ProfileRow.behaviour["made_by"].as_string() != made_by)
    return tuple(Shopper.from_key(key) for key in session.scalars(query.order_by(ProfileRow.shopper)))


def delete_profiles_without_events(session: Session) -> None:
    """Take away profiles of browsers whose events are all gone."""
    browser = func.substr(ProfileRow.shopper, len(VISITOR_PREFIX) + 1)
    statement = delete(ProfileRow).where(
        ProfileRow.customer_id.is_(None),
        ~exists().where(EventRow.anonymous_id == browser, EventRow.customer_id.is_(None)),
    )
    session.execute(statement.execution_options(synchronize_session=False))


def stored_profiles(session: Session, shoppers: Iterable[Shopper]) -> dict[Shopper, Folded]:
    """What is stored of each shopper; those without a row are left out."""
    keys = [shopper.key for shopper in shoppers]
    rows = session.scalars(select(ProfileRow).where(ProfileRow.shopper.in_(keys)))
    return {Shopper.from_key(row.shopper): folded_of(row) for row in rows}


def stored_marks(session: Session, shoppers: Iterable[Shopper]) -> dict[Shopper, Mark]:
    """What tells each stored profile from any other state of it."""
    keys = [shopper.key for shopper in shoppers]
    query = select(ProfileRow.shopper, ProfileRow.behaviour["made_by"].as_string(), ProfileRow.folded_through)
    rows = session.execute(query.where(ProfileRow.shopper.in_(keys)))
    return {Shopper.from_key(key): (made_by, through) for key, made_by, through in rows}


def row_of(shopper: Shopper, folded: Folded, at: datetime) -> dict[str, Any]:
    """A profile's row as `store_profiles` takes it."""
    return {
        "shopper": shopper.key,
        "customer_id": shopper.customer_id,
        "folded_through": folded.through,
        "behaviour": folded.as_json(),
        "embedding": None if folded.meaning is None else folded.meaning.as_bytes(),
        "updated_at": at,
    }


def store_profiles(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write profiles over what is there of the same shoppers."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(ProfileRow) if is_postgresql else sqlite.insert(ProfileRow)
    changed = ("folded_through", "behaviour", "embedding", "updated_at")
    statement = insert.on_conflict_do_update(
        index_elements=[ProfileRow.shopper], set_={name: insert.excluded[name] for name in changed}
    )
    if rows:
        session.execute(statement, rows)


def folded_of(row: ProfileRow) -> Folded:
    """A stored profile, as it is folded further."""
    return Folded.from_stored(row.behaviour, row.embedding, row.folded_through)


def _numbered(session: Session, query: Select[Any]) -> tuple[NumberedEvent, ...]:
    # Columns, not objects of the ORM: a history of a million events is read in half the time.
    rows = session.execute(query.order_by(EventRow.id))
    return tuple(NumberedEvent(row[0], Event(*row[1:])) for row in rows)


def _of(shoppers: Iterable[Shopper]) -> ColumnElement[bool]:
    names, browsers = _ids(shoppers)
    return or_(
        EventRow.customer_id.in_(names),
        and_(EventRow.anonymous_id.in_(browsers), EventRow.customer_id.is_(None)),
    )


def _ids(shoppers: Iterable[Shopper]) -> tuple[list[str], list[str]]:
    shoppers = tuple(shoppers)
    return (
        sorted(each.customer_id for each in shoppers if each.customer_id is not None),
        sorted(each.anonymous_id for each in shoppers if each.anonymous_id is not None),
    )
