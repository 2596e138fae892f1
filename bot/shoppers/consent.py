"""May the shop keep what a customer does, and what did the customer decide about that, when and where?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ConsentRow, CustomerRow, EventRow, ProfileRow, TraitRow
from bot.shoppers.events import hold_events

PROFILING = "profiling"
LONGEST_WORDING = 2000

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Decision:
    """What a customer agreed to or refused. `source` says where, like site, server, chat or import;
    `wording` is the text that they saw, None where it was not told.
    """

    customer_id: str
    is_given: bool
    at: datetime
    source: str
    wording: str | None = None


class Consents:
    """The decisions about profiling in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def may_profile(self, customer_id: str) -> bool:
        """Whether this customer agrees now; nobody does of whom we do not know."""
        with self._database.reading() as session:
            return bool(
                session.scalar(select(CustomerRow.profiling_consent).where(CustomerRow.id == customer_id))
            )

    def decide(self, customer_id: str, is_given: bool, source: str, wording: str | None = None) -> None:
        """Record what the customer decides now. A refusal also deletes their events, profile and traits.

        Raises UnknownCustomer.
        """
        with self._database.session() as session:
            record_decision(session, Decision(customer_id, is_given, self._clock(), source, wording))

    def decisions(self, customer_id: str) -> tuple[Decision, ...]:
        """What the customer decided, the latest last."""
        query = select(ConsentRow).where(
            ConsentRow.customer_id == customer_id, ConsentRow.purpose == PROFILING
        )
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ConsentRow.at, ConsentRow.id))
            return tuple(Decision(r.customer_id, r.is_given, r.at, r.source, r.wording) for r in rows)


def record_decision(session: Session, decision: Decision) -> bool:
    """Record a decision in a transaction of the caller's. False, and nothing changes, if the customer decided
    again after it: it came in late.

    Raises UnknownCustomer.
    """
    hold_events(session)
    customer = session.get(CustomerRow, decision.customer_id, with_for_update=True)
    if customer is None:
        raise UnknownCustomer(f"There is no customer {decision.customer_id!r}.")
    latest = latest_decision(session, decision.customer_id)
    if latest is not None and latest.at > decision.at:
        return False
    session.add(
        ConsentRow(
            customer_id=decision.customer_id,
            purpose=PROFILING,
            is_given=decision.is_given,
            at=decision.at,
            source=decision.source,
            wording=None if decision.wording is None else decision.wording[:LONGEST_WORDING],
        )
    )
    customer.profiling_consent = decision.is_given
    if not decision.is_given:
        _forget_behaviour(session, decision.customer_id)
    session.flush()
    return True


def latest_decision(session: Session, customer_id: str, purpose: str = PROFILING) -> ConsentRow | None:
    """The decision that counts for a purpose, None if the customer never decided on it here."""
    return session.scalar(
        select(ConsentRow)
        .where(ConsentRow.customer_id == customer_id, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
        .limit(1)
    )


def _forget_behaviour(session: Session, customer_id: str) -> None:
    for table in (EventRow, ProfileRow, TraitRow):
        session.execute(
            delete(table).where(table.customer_id == customer_id).execution_options(synchronize_session=False)
        )
