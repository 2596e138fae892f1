"""How does an answer look in the chat? A quotation, with the passage and the product as cards."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Protocol
from urllib.parse import quote

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from knowledge_base.answers import Answer, Source
from knowledge_base.products import Product
from knowledge_base.shop_documents import price_text

Card = dict[str, Any]


class AnswersQuestions(Protocol):
    """What actions need of `knowledge_base.answers.Answerer`."""

    def answer(self, question: str, sku: str | None = None) -> Answer: ...


class Products(Protocol):
    """What actions need of `bot.catalogue.Catalogue`."""

    def product(self, sku: str) -> Product | None: ...


class NotesQuestions(Protocol):
    """What actions need of `bot.shoppers.chat_events.ChatEvents`. Returns at once and raises nothing."""

    def question_asked(
        self, conversation_id: str, question_id: str, question: str, answered: bool, sku: str | None
    ) -> None: ...


class QuotedAnswers:
    """Asks in a worker thread, so that other conversations go on meanwhile. `notes` None notes nothing."""

    def __init__(
        self, answerer: AnswersQuestions, products: Products, notes: NotesQuestions | None = None
    ) -> None:
        self._answerer = answerer
        self._products = products
        self._notes = notes

    async def find(self, question: str, sku: str | None) -> Answer:
        return await asyncio.to_thread(self._answerer.answer, question, sku)

    def note(self, tracker: Tracker, question: str, answer: Answer, sku_meant: str | None) -> None:
        """Tell what was asked, about the product of the answer or else the one that was meant."""
        if self._notes is None:
            return
        its_id = tracker.latest_message.get("message_id")
        sku = sku_meant if answer.source is None or answer.source.sku is None else answer.source.sku
        self._notes.question_asked(
            tracker.sender_id,
            its_id if isinstance(its_id, str) and its_id else str(uuid.uuid4()),
            question,
            answer.text is not None,
            sku,
        )

    async def say(
        self, dispatcher: CollectingDispatcher, answer: Answer, sku_on_page: str | None = None
    ) -> str | None:
        """Says an answer that was found and gives the SKU that it is about, or None. Else says nothing.

        The product whose page the shopper looks at needs no card.
        """
        source, passage = answer.source, answer.passage
        if source is None or passage is None:
            return None
        product = None
        if source.kind == "product" and source.sku is not None and source.sku != sku_on_page:
            product = await asyncio.to_thread(self._products.product, source.sku)
        cards = [source_card(source, passage)]
        if product is not None:
            cards.append(product_card(product))
        dispatcher.utter_message(text=f'"{answer.sentence}"\n{source.title}', json_message={"cards": cards})
        return source.sku


def source_card(source: Source, passage: str) -> Card:
    return {
        "kind": "source",
        "title": source.title,
        "url": source_address(source),
        "passage": passage,
        "start": source.start,
        "end": source.end,
    }


def product_card(product: Product) -> Card:
    return {
        "kind": "product",
        "sku": product.sku,
        "title": product.name,
        "subtitle": product.brand,
        "price": price_text(product.price_cents, product.currency),
        "url": product_address(product.sku),
        "image": f"{product_address(product.sku)}/picture.svg",
    }


def product_address(sku: str) -> str:
    return f"/products/{quote(sku, safe='')}"


def source_address(source: Source) -> str:
    """The page of the shop front on which the passage stands."""
    if source.kind == "review" and source.sku is not None:
        return f"{product_address(source.sku)}#review-{quote(source.id.rpartition('/')[2], safe='')}"
    if source.sku is not None:
        return product_address(source.sku)
    page, _, section = source.id.partition("#") if source.kind == "policy" else ("faq", "", source.id)
    address = f"/pages/{quote(page, safe='')}"
    return f"{address}#{quote(section, safe='')}" if section else address
