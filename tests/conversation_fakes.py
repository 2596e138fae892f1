"""What do the tests of actions share? Trackers written by hand, and stand-ins that remember."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.conversations import Conversation, UnknownConversation
from bot.orders import Order, OrderLine, TooManyTries
from bot.shoppers.events import Event
from knowledge_base.answers import Answer, Source
from knowledge_base.products import Product
from knowledge_base.shop_details import ShopDetails

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DETAILS = ShopDetails("Larkfield", "help@shop.example", "+49 30 1", "weekdays", "https://shop.example")
LAMP = Product("OFF-001", "Stavell Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, (), "It has 450 lumens.")
NO_ANSWER = Answer(None, 0.1, None, None, 1.0)


def user_said(text: str, intent: str = "product_question", product: str | None = None) -> dict[str, Any]:
    return {"event": "user", "text": text, "intent": intent, "metadata": {"product": product}}


def bot_said(response: str | None) -> dict[str, Any]:
    return {"event": "bot", "metadata": {} if response is None else {"utter_action": response}}


def tracker(
    text: str = "",
    intent: str = "product_question",
    slots: Mapping[str, Any] | None = None,
    earlier: Sequence[dict[str, Any]] = (),
    since: Sequence[dict[str, Any]] = (),
    entities: Mapping[str, str] | None = None,
    product: str | None = None,
    sender: str = "talk-1",
) -> Tracker:
    """A conversation in which `text` was just said; `earlier` and `since` are the events around it."""
    found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
    return Tracker(
        sender,
        dict(slots or {}),
        {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": found},
        [*earlier, user_said(text, intent, product), *since],
        False,
        None,
        {},
        "action_listen",
    )


async def said_by(action: Action, to: Tracker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the action said, without the empty parts, and the events that it returned."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, to, {})
    messages = [
        {k: v for k, v in message.items() if v and k != "template"} for message in dispatcher.messages
    ]
    return messages, [dict(event) for event in events]


def slots_set(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def order(number: str = "LK-100001", state: str = "shipped", **details: Any) -> Order:
    given: dict[str, Any] = {
        "placed_at": datetime(2026, 11, 18, 9, tzinfo=UTC),
        "currency": "EUR",
        "total_cents": 5440,
        "lines": (OrderLine("OFF-001", "Stavell Lamp", 1, 4950),),
        **details,
    }
    return Order(number=number, state=state, **given)


@dataclass
class FakeTalks:
    """`customers` maps the known conversations to their customer, or to None; `browsers` those of visitors to
    the browser's id."""

    customers: dict[str, str | None] = field(default_factory=dict)
    browsers: dict[str, str] = field(default_factory=dict)
    asked_for_a_person: list[str] = field(default_factory=list)

    def find(self, conversation_id: str) -> Conversation | None:
        if conversation_id not in self.customers:
            return None
        return Conversation(
            conversation_id,
            self.customers[conversation_id],
            anonymous_id=self.browsers.get(conversation_id),
        )

    def request_person(self, conversation_id: str) -> None:
        if conversation_id not in self.customers:
            raise UnknownConversation(conversation_id)
        self.asked_for_a_person.append(conversation_id)


@dataclass
class FakeOrders:
    """`owned` maps a customer to the orders, the newest first; `emails` a customer to the address."""

    owned: dict[str, tuple[Order, ...]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    is_exhausted: bool = False

    def of_customer(self, customer_id: str) -> tuple[Order, ...]:
        return self.owned.get(customer_id, ())

    def for_customer(self, number: str, customer_id: str) -> Order | None:
        return next((order for order in self.of_customer(customer_id) if order.number == number), None)

    def by_number_and_email(self, number: str, email: str, conversation_id: str) -> Order | None:
        if self.is_exhausted:
            raise TooManyTries("5 tries are allowed")
        owners = [customer for customer, address in self.emails.items() if address == email]
        return self.for_customer(number, owners[0]) if owners else None


@dataclass
class FakeAnswerer:
    """Answers the questions that it was given answers for; remembers all that it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def answer(self, question: str, sku: str | None = None) -> Answer:
        self.asked.append((question, sku))
        return self.answers.get(question, NO_ANSWER)


@dataclass
class FakeProducts:
    known: dict[str, Product] = field(default_factory=dict)

    def product(self, sku: str) -> Product | None:
        return self.known.get(sku)

    def products(self) -> tuple[Product, ...]:
        return tuple(self.known.values())

    def stamp(self) -> object:
        return tuple(self.known)


@dataclass
class FakeConsents:
    """Only these customers agree to profiling."""

    agreed: frozenset[str] = frozenset()

    def may_profile(self, customer_id: str) -> bool:
        return customer_id in self.agreed


@dataclass
class FakeEvents:
    """Keeps what is recorded, or breaks."""

    kept: list[Event] = field(default_factory=list)
    is_broken: bool = False

    def record(self, events: Iterable[Event]) -> int:
        if self.is_broken:
            raise OSError("the disk is full")
        came = list(events)
        self.kept += came
        return len(came)


def lamp_answer() -> Answer:
    passage = "The lamp has 450 lumens. It weighs 2 kg."
    return Answer(
        "450 lumens", 0.9, Source("product", "OFF-001", "Stavell Lamp", 13, 23, "OFF-001"), passage, 1.0
    )


@dataclass
class FakeQuestionNotes:
    """Remembers the questions that it was told of: conversation, words, whether answered, SKU."""

    told: list[tuple[str, str, bool, str | None]] = field(default_factory=list)

    def question_asked(
        self, conversation_id: str, question_id: str, question: str, answered: bool, sku: str | None
    ) -> None:
        self.told.append((conversation_id, question, answered, sku))
