"""May the shop send a customer promotions, by which channel, and what did they decide about that?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from bot.customers import UnknownCustomer
from bot.database.connection import Database
from bot.database.tables import ConsentRow, CustomerRow
from bot.promotions.frequency import SENDING_CHANNELS, SendingChannel, sending_channel
from bot.shoppers.consent import LONGEST_WORDING, Decision, latest_decision

MARKETING_PURPOSES: dict[SendingChannel, str] = {
    channel: f"marketing_{channel}" for channel in SENDING_CHANNELS
}

Clock = Callable[[], datetime]


class MarketingConsents:
    """The decisions about promotions in the database, one by one for e-mail, SMS and push."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def may_send(self, customer_id: str, channel: str) -> bool:
        """Whether the customer agrees now; nobody does who never decided. Raises UnknownChannel."""
        purpose = MARKETING_PURPOSES[sending_channel(channel)]
        with self._database.reading() as session:
            latest = latest_decision(session, customer_id, purpose)
            return latest is not None and latest.is_given

    def decide(
        self, customer_id: str, channel: str, is_given: bool, source: str, wording: str | None = None
    ) -> None:
        """Record what the customer decides now. `source` says where, `wording` is the text that they saw.

        Raises UnknownChannel, UnknownCustomer.
        """
        purpose = MARKETING_PURPOSES[sending_channel(channel)]
        decision = Decision(customer_id, is_given, self._clock(), source, wording)
        with self._database.session() as session:
            if session.get(CustomerRow, customer_id, with_for_update=True) is None:
                raise UnknownCustomer(f"There is no customer {customer_id!r}.")
            session.add(marketing_row(purpose, decision))

    def decisions(self, customer_id: str, channel: str) -> tuple[Decision, ...]:
        """What the customer decided on a channel, the latest last. Raises UnknownChannel."""
        query = select(ConsentRow).where(
            ConsentRow.customer_id == customer_id,
            ConsentRow.purpose == MARKETING_PURPOSES[sending_channel(channel)],
        )
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ConsentRow.at, ConsentRow.id))
            return tuple(Decision(r.customer_id, r.is_given, r.at, r.source, r.wording) for r in rows)


def marketing_row(purpose: str, decision: Decision) -> ConsentRow:
    """The row that keeps a decision on one of `MARKETING_PURPOSES`."""
    return ConsentRow(
        customer_id=decision.customer_id,
        purpose=purpose,
        is_given=decision.is_given,
        at=decision.at,
        source=decision.source,
        wording=None if decision.wording is None else decision.wording[:LONGEST_WORDING],
    )
