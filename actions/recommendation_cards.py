"""How do recommendations look in the chat? A sentence, and a card a product with its reason and buttons."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.quoted_answer import Card, product_card
from bot.recommendations.adviser import Advice
from bot.recommendations.recommendation import Recommendation
from bot.recommendations.talk_wishes import Talk
from knowledge_base.products import Product
from knowledge_base.shop_documents import price_text

SENTENCES = {
    None: "utter_recommend_which",
    "for_you": "utter_recommend",
    "fitting": "utter_recommend_fitting",
    "cheaper": "utter_recommend_cheaper",
    "dearer": "utter_recommend_dearer",
    "similar": "utter_recommend_similar",
    "goes_with": "utter_recommend_goes_with",
    "popular": "utter_recommend_popular",
    "others": "utter_recommend_others",
    "instead": "utter_recommend_instead",
}
NOTHING = {
    "price": "utter_recommend_nothing_price",
    "kind": "utter_recommend_nothing_kind",
    "topic": "utter_recommend_nothing_topic",
    None: "utter_recommend_nothing",
}
"""What is said where nothing fits, by the condition that is too narrow."""
NOTHING_OF = {
    "cheaper": "utter_recommend_nothing_cheaper",
    "dearer": "utter_recommend_nothing_dearer",
    "instead": "utter_recommend_nothing_instead",
    "others": "utter_recommend_nothing_more",
    "goes_with": "utter_recommend_nothing_goes_with",
}
"""What is said instead where the condition is what was just asked for."""


def say_advice(dispatcher: CollectingDispatcher, advice: Advice) -> None:
    """Says the advice; whatever was found, there is a sentence."""
    if advice.items or advice.kind is None:
        response = SENTENCES[advice.kind]
    else:
        response = NOTHING_OF.get(advice.kind, NOTHING[advice.narrow])
    cards = {"cards": [recommendation_card(item, product) for item, product in advice.items]}
    dispatcher.utter_message(
        response=response, json_message=cards if advice.items else None, **advice_facts(advice)
    )


def advice_facts(advice: Advice) -> dict[str, str]:
    """What the sentences put into {product} and {conditions}. Nothing of it is the shopper's own wording."""
    return {
        "product": "the ones before" if advice.about is None else advice.about.name,
        "conditions": conditions_text(advice.talk, advice.currency),
    }


def conditions_text(talk: Talk, currency: str) -> str:
    """` in Hiking & Camping, up to 50.00 EUR`, with a blank before it; empty if nothing can be named."""
    parts = []
    if talk.categories:
        parts.append(f"in {' or '.join(talk.categories)}")
    lowest, highest = (
        None if cents is None else price_text(cents, currency)
        for cents in (talk.lowest_cents, talk.highest_cents)
    )
    if lowest is not None and highest is not None:
        parts.append(f"from {lowest} to {highest}")
    elif highest is not None:
        parts.append(f"up to {highest}")
    elif lowest is not None:
        parts.append(f"from {lowest}")
    return f" {', '.join(parts)}" if parts else ""


def recommendation_card(item: Recommendation, product: Product) -> Card:
    return {**product_card(product), "reason": item.reason, "buttons": card_buttons(product)}


def card_buttons(product: Product) -> list[dict[str, Any]]:
    """What they send is read like any other message, so it names the product in full."""
    return [
        {"title": "More like this", "payload": f"Show me more like {product.name}"},
        {"title": "Cheaper", "payload": f"Something cheaper than {product.name}"},
        {"title": "Not for me", "payload": f"Not for me: {product.name}"},
    ]
