"""Which actions are there? The one list that is registered; nothing is found by scanning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from rasa_sdk import Action

from actions.affirm import Affirm
from actions.clarify import Clarify
from actions.contact_human_agent import ContactHumanAgent
from actions.conversation_customer import Talks
from actions.forget_order import ForgetOrder
from actions.product_question import ProductQuestion
from actions.quoted_answer import AnswersQuestions, Products, QuotedAnswers
from actions.track_order import OrderBook, TrackOrder
from actions.track_order_form import TrackOrderForm
from knowledge_base.shop_details import ShopDetails


class ShopParts(Protocol):
    """What actions need of `bot.assembly.Shop`."""

    @property
    def catalogue(self) -> Products: ...

    @property
    def orders(self) -> OrderBook: ...

    @property
    def conversations(self) -> Talks: ...


def make_actions(
    shop: ShopParts, answerer: AnswersQuestions, details: ShopDetails, clock: Callable[[], datetime]
) -> tuple[Action, ...]:
    """Every action of domain.yml, in its order."""
    answers = QuotedAnswers(answerer, shop.catalogue)
    contact = ContactHumanAgent(shop.conversations, details)
    return (
        Affirm(contact),
        ProductQuestion(answers),
        TrackOrder(shop.orders, shop.conversations, clock),
        ForgetOrder(),
        contact,
        Clarify(answers, details),
        TrackOrderForm(shop.conversations),
    )
