"""How does looking for an order end? `action_forget_order` leaves the form and empties its slots."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

ORDER_SLOTS = ("order_number", "email", "track_order_failures")


class ForgetOrder(Action):
    def name(self) -> str:
        return "action_forget_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        return [ActiveLoop(None), SlotSet("requested_slot", None), *order_forgotten()]


def order_forgotten() -> list[EventType]:
    return [SlotSet(name, None) for name in ORDER_SLOTS]
