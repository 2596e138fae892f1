"""Where is the order? `action_track_order` shows it, but only to whom it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation_customer import Talks, customer_of
from actions.forget_order import order_forgotten
from actions.latest_turn import slot
from actions.order_card import OPEN_STATES, order_card, order_facts, order_response
from bot.orders import Order, TooManyTries

ORDERS_SHOWN = 3


class OrderBook(Protocol):
    """What actions need of `bot.orders.Orders`."""

    def of_customer(self, customer_id: str) -> tuple[Order, ...]: ...

    def for_customer(self, number: str, customer_id: str) -> Order | None: ...

    def by_number_and_email(self, number: str, email: str, conversation_id: str) -> Order | None: ...


class TrackOrder(Action):
    def __init__(self, orders: OrderBook, talks: Talks, clock: Callable[[], datetime]) -> None:
        self._orders = orders
        self._talks = talks
        self._clock = clock

    def name(self) -> str:
        return "action_track_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        number, email = slot(tracker, "order_number"), slot(tracker, "email")
        customer = await customer_of(self._talks, tracker.sender_id)
        if customer is not None:
            await self._show_own(dispatcher, customer, number)
        elif number is not None and email is not None:
            await self._show_matching(dispatcher, tracker.sender_id, number, email)
        else:
            dispatcher.utter_message(response="utter_track_order_given_up")
        return order_forgotten()

    async def _show_own(self, dispatcher: CollectingDispatcher, customer: str, number: str | None) -> None:
        if number is None:
            orders = await asyncio.to_thread(self._orders.of_customer, customer)
            self._show(dispatcher, latest(orders), "utter_track_order_none")
        else:
            order = await asyncio.to_thread(self._orders.for_customer, number, customer)
            self._show(dispatcher, () if order is None else (order,), "utter_track_order_not_yours")

    async def _show_matching(
        self, dispatcher: CollectingDispatcher, conversation_id: str, number: str, email: str
    ) -> None:
        try:
            order = await asyncio.to_thread(self._orders.by_number_and_email, number, email, conversation_id)
        except TooManyTries:
            dispatcher.utter_message(response="utter_track_order_too_many_tries")
            return
        self._show(dispatcher, () if order is None else (order,), "utter_track_order_not_found")

    def _show(self, dispatcher: CollectingDispatcher, orders: Sequence[Order], if_none: str) -> None:
        if not orders:
            dispatcher.utter_message(response=if_none)
            return
        cards = {"cards": [order_card(order) for order in orders]}
        if len(orders) > 1:
            dispatcher.utter_message(response="utter_track_order_several", json_message=cards)
            return
        response = order_response(orders[0], self._clock())
        dispatcher.utter_message(response=response, json_message=cards, **order_facts(orders[0]))


def latest(orders: Sequence[Order]) -> Sequence[Order]:
    """The newest open orders, at most three; if all are done, the newest ones."""
    still_open = [order for order in orders if order.state in OPEN_STATES]
    return (still_open if still_open else orders)[:ORDERS_SHOWN]
