"""How do offers look in the chat? A sentence, and for each a text and a card with code, terms and buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk.executor import CollectingDispatcher

from actions.quoted_answer import Card, product_card
from actions.recommendation_cards import conditions_text
from bot.promotions.offer import Offer
from bot.promotions.offer_advice import OfferAdvice, ShownOffer
from bot.recommendations.talk_wishes import Talk
from knowledge_base.products import Product
from knowledge_base.shop_documents import price_text

SENTENCES = {
    "found": "utter_show_offers",
    "instead": "utter_show_offers_instead",
    "none": "utter_show_offers_none",
    "no_more": "utter_show_offers_no_more",
    "refused": "utter_show_offers_refused",
    "stopped": "utter_show_offers_stopped",
    "which": "utter_show_offers_which",
    "nothing": "utter_deny",
}


def say_offers(dispatcher: CollectingDispatcher, advice: OfferAdvice, timezone: str) -> None:
    """Says the advice; `timezone` is the shop's IANA name, for the last days."""
    if advice.kind == "was_refused":
        response = (
            "utter_show_offers_was_refused_product" if advice.about else "utter_show_offers_was_refused"
        )
    else:
        response = SENTENCES[advice.kind]
    dispatcher.utter_message(response=response, **offer_facts(advice))
    for shown in advice.offers:
        dispatcher.utter_message(
            text=shown.promotion.text, json_message={"cards": [promotion_card(shown, timezone)]}
        )


def offer_facts(advice: OfferAdvice) -> dict[str, str]:
    """What the sentences put into {product} and {conditions}. Nothing of it is the shopper's own wording."""
    names = [product.name for product in advice.about]
    asked = advice.talk
    conditions = conditions_text(
        Talk(categories=asked.categories, highest_cents=asked.highest_cents), advice.currency
    )
    if asked.is_only_sku and names:
        conditions = f" for {names[0]}{conditions}"
    if asked.needs_code:
        conditions = f" with a code{conditions}"
    return {"product": " and ".join(names), "conditions": conditions}


def promotion_card(shown: ShownOffer, timezone: str) -> Card:
    """`reason` has a line for the code and one for the terms; `code` and `until` are for other programs."""
    product, offer = shown.promotion.product, shown.promotion.offer
    terms = " \N{MIDDLE DOT} ".join(terms_of(shown, timezone))
    card = {
        **product_card(product),
        "price": price_line(offer, product),
        "reason": terms if offer.code is None else f"Code: {offer.code}\n{terms}",
        "until": offer.ends_at.isoformat(),
        "buttons": promotion_buttons(product),
    }
    return card if offer.code is None else {**card, "code": offer.code}


def price_line(offer: Offer, product: Product) -> str:
    """`79.20 EUR instead of 99.00 EUR`; the price alone where the offer does not lower that of one piece."""
    price = price_text(product.price_cents, product.currency)
    reduced = offer.price_cents(product)
    if reduced is None or reduced >= product.price_cents:
        return price
    return f"{price_text(reduced, product.currency)} instead of {price}"


def terms_of(shown: ShownOffer, timezone: str) -> list[str]:
    """What the shopper gets if the price does not show it, from which order value on, and until when."""
    product, offer = shown.promotion.product, shown.promotion.offer
    terms = []
    if offer.price_cents(product) is None:
        terms.append(_gain(shown))
    if offer.minimum_cents is not None:
        terms.append(f"for orders from {price_text(offer.minimum_cents, offer.currency)}")
    terms.append(f"until {_last_day(offer, timezone)}")
    return [terms[0][0].upper() + terms[0][1:], *terms[1:]]


def promotion_buttons(product: Product) -> list[dict[str, Any]]:
    """What they send is read like any other message, so it names the product in full."""
    return [
        {"title": "Not interested", "payload": f"No offers for: {product.name}"},
        {"title": "More offers", "payload": "Show me other offers"},
        {"title": "Tell me more", "payload": f"Tell me more about {product.name}"},
    ]


def _gain(shown: ShownOffer) -> str:
    offer = shown.promotion.offer
    if offer.percent is not None:
        return f"{offer.percent}% off"
    if offer.amount_cents is not None:
        return f"{price_text(offer.amount_cents, offer.currency)} off"
    if offer.kind == "free_shipping":
        return "free shipping"
    return "a product on top" if shown.bundle is None else f"{shown.bundle.name} at no extra cost"


def _last_day(offer: Offer, timezone: str) -> str:
    """`ends_at` is the first moment without the offer, so that midnight ends the day before."""
    last = (offer.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(timezone))
    return f"{last.day} {last:%B}"
