"""What becomes of the calls that came in? One transaction: sign-ins and decisions first, then what may be
stored, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import CustomerRow
from bot.shoppers.browsers import forget_browser, owners, sign_browser_in
from bot.shoppers.consent import Decision, record_decision
from bot.shoppers.event_calls import Call, Rejection
from bot.shoppers.events import Event, hold_events, store_events
from bot.shoppers.shop_events import order_event_id, review_event_id
from bot.shoppers.traits import put_traits

KEYS_PER_QUERY = 1000

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Arrival:
    """The calls of one request by their places in it. Each `user_id` is proven by now: by the server's key or
    by a token of the shop's site; `source` says which, server or site.
    """

    calls: Sequence[tuple[int, Call]]
    source: str
    is_untracked: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one request's calls; their numbers add up to how many came."""

    accepted: int = 0
    repeated: int = 0
    no_consent: int = 0
    do_not_track: int = 0
    ignored_traits: int = 0
    rejected: list[Rejection] = field(default_factory=list)


class EventIntake:
    """Takes what the collector received into the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Store the calls of several requests, all or none; gives the outcome of each request."""
        with self._database.session() as session:
            hold_events(session)
            return _Taking(session, self._clock(), arrivals).run()


class _Taking:
    """One transaction's work."""

    def __init__(self, session: Session, now: datetime, arrivals: Sequence[Arrival]) -> None:
        self._session = session
        self._now = now
        self._arrivals = arrivals
        named = {
            call.user_id for arrival in arrivals for _, call in arrival.calls if call.user_id is not None
        }
        self._agrees = _agreements(session, named)
        self._signed_in: dict[str, str] = {}
        self._forgotten: set[str] = set()
        self._waiting: list[tuple[Outcome, Event]] = []

    def run(self) -> list[Outcome]:
        for arrival in self._arrivals:
            for _, call in arrival.calls:
                if call.kind == "identify":
                    self._hear(arrival, call)
        outcomes = [Outcome() for _ in self._arrivals]
        for arrival, outcome in zip(self._arrivals, outcomes, strict=True):
            for index, call in arrival.calls:
                event = self._look(arrival, index, call, outcome)
                if event is not None:
                    self._waiting.append((outcome, event))
        attributed = list(self._attributed())
        new = set(store_events(self._session, [event for _, event in attributed]))
        for outcome, event in attributed:
            if event.message_id in new:
                new.remove(event.message_id)
                outcome.accepted += 1
            else:
                outcome.repeated += 1
        return outcomes

    def _look(self, arrival: Arrival, index: int, call: Call, outcome: Outcome) -> Event | None:
        """The event that is to be stored; otherwise what became of the call is noted."""
        customer = call.user_id
        if customer is not None and customer not in self._agrees:
            detail = f"should be a customer of this shop; came {customer!r}"
            outcome.rejected.append(Rejection(index, "userId", detail))
            return None
        if arrival.is_untracked or call.is_untracked:
            outcome.do_not_track += 1
            return None
        if customer is not None and call.anonymous_id is not None:
            self._sign_in(call.anonymous_id, customer)
        if customer is None:
            may_store = call.consent is True and call.anonymous_id not in self._forgotten
        else:
            may_store = self._agrees[customer]
        if not may_store or call.consent is False:
            outcome.no_consent += 1
            return None
        if call.name is None:
            self._identify(call, outcome)
            return None
        return _event(call, call.name, customer)

    def _hear(self, arrival: Arrival, call: Call) -> None:
        """What an identify says of consent: a customer's decision is recorded, a browser's refusal obeyed.

        A refusal is heard in spite of do-not-track.
        """
        customer, agrees = call.user_id, call.consent
        if agrees is None or (agrees and (arrival.is_untracked or call.is_untracked)):
            return
        if customer is None:
            if not agrees and call.anonymous_id is not None:
                forget_browser(self._session, call.anonymous_id)
                self._forgotten.add(call.anonymous_id)
        elif customer in self._agrees and self._agrees[customer] != agrees:
            decision = Decision(customer, agrees, call.at, arrival.source)
            if record_decision(self._session, decision):
                self._agrees[customer] = agrees

    def _sign_in(self, anonymous_id: str, customer: str) -> None:
        if self._signed_in.get(anonymous_id) != customer:
            self._signed_in[anonymous_id] = customer
            sign_browser_in(self._session, anonymous_id, customer, self._now)

    def _identify(self, call: Call, outcome: Outcome) -> None:
        outcome.accepted += 1
        outcome.ignored_traits += call.ignored_traits
        if call.user_id is None:
            outcome.ignored_traits += len(call.traits)
        else:
            put_traits(self._session, call.user_id, call.traits, call.at)

    def _attributed(self) -> Iterator[tuple[Outcome, Event]]:
        """Give what a browser did before its sign-in, and that comes in only now, to who signed in."""
        events = [event for _, event in self._waiting if event.customer_id is None]
        nobodys = {event.anonymous_id for event in events if event.anonymous_id is not None}
        known = owners(self._session, nobodys)
        for outcome, event in self._waiting:
            owner = None if event.anonymous_id is None else known.get(event.anonymous_id)
            if event.customer_id is not None or owner is None or event.at > owner[2]:
                yield outcome, event
            elif owner[1]:
                yield outcome, _of_customer(replace(event, customer_id=owner[0]))
            else:
                outcome.no_consent += 1


def _agreements(session: Session, customer_ids: set[str]) -> dict[str, bool]:
    """Which of the customers are there, and do they agree to profiling?"""
    found: dict[str, bool] = {}
    wanted = sorted(customer_ids)
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        query = select(CustomerRow.id, CustomerRow.profiling_consent).where(
            CustomerRow.id.in_(wanted[start : start + KEYS_PER_QUERY])
        )
        found.update({row[0]: row[1] for row in session.execute(query)})
    return found


def _event(call: Call, name: str, customer_id: str | None) -> Event:
    return _of_customer(
        Event(
            message_id=call.message_id,
            name=name,
            at=call.at,
            customer_id=customer_id,
            anonymous_id=call.anonymous_id,
            sku=call.sku,
            properties=call.properties,
        )
    )


def _of_customer(event: Event) -> Event:
    """An order or a review of a customer counts once, whoever tells of it."""
    if event.customer_id is None:
        return event
    if event.name == "Order Completed":
        order = str(event.properties["order_id"])
        return replace(event, message_id=order_event_id(event.customer_id, order))
    if event.name == "Product Reviewed" and event.sku is not None:
        return replace(event, message_id=review_event_id(event.customer_id, event.sku))
    return event
