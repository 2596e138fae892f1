"""Which actions are there? The one list that is registered; nothing is found by scanning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from rasa_sdk import Action

from actions.affirm import Affirm
from actions.clarify import Clarify
from actions.contact_human_agent import ContactHumanAgent
from actions.conversation_customer import AsksConsent, Talks
from actions.deny import Deny
from actions.forget_order import ForgetOrder
from actions.product_question import ProductQuestion
from actions.quoted_answer import AnswersQuestions, NotesQuestions, QuotedAnswers
from actions.recommend import Recommend
from actions.recommendation_record import KeepsEvents, RecommendationRecord
from actions.show_offers import ShowOffers
from actions.track_order import OrderBook, TrackOrder
from actions.track_order_form import TrackOrderForm
from bot.promotions.offer_adviser import OfferAdviser, TellsOffers
from bot.recommendations.adviser import Adviser, KnowsProducts
from bot.recommendations.catalogue_reading import CatalogueReading
from bot.recommendations.recommendation import Recommends
from knowledge_base.shop_details import ShopDetails


class ShopParts(Protocol):
    """What actions need of `bot.assembly.Shop`."""

    @property
    def catalogue(self) -> KnowsProducts: ...

    @property
    def orders(self) -> OrderBook: ...

    @property
    def conversations(self) -> Talks: ...

    @property
    def events(self) -> KeepsEvents: ...

    @property
    def consents(self) -> AsksConsent: ...

    @property
    def chat_events(self) -> NotesQuestions: ...


def make_actions(
    shop: ShopParts,
    answerer: AnswersQuestions,
    recommender: Recommends,
    offers: TellsOffers,
    details: ShopDetails,
    clock: Callable[[], datetime],
) -> tuple[Action, ...]:
    """Every action of domain.yml, in its order."""
    answers = QuotedAnswers(answerer, shop.catalogue, shop.chat_events)
    contact = ContactHumanAgent(shop.conversations, details)
    reading = CatalogueReading(shop.catalogue)
    show_offers = ShowOffers(
        OfferAdviser(offers, shop.catalogue, reading), shop.conversations, shop.consents, details.timezone
    )
    return (
        Affirm(contact, show_offers),
        Deny(show_offers),
        ProductQuestion(answers),
        Recommend(
            Adviser(recommender, shop.catalogue, reading),
            shop.conversations,
            shop.consents,
            RecommendationRecord(shop.events, clock),
        ),
        show_offers,
        TrackOrder(shop.orders, shop.conversations, clock),
        ForgetOrder(),
        contact,
        Clarify(answers, details),
        TrackOrderForm(shop.conversations),
    )
