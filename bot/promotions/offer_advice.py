"""What is known of who asks for offers, and what are they told? The words for it are the chat's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.promotions.chat_promotions import ChatPromotion
from bot.promotions.offer_talk import OfferTalk
from bot.recommendations.talk_moves import Surroundings
from knowledge_base.products import Product

Kind = Literal["found", "instead", "none", "no_more", "was_refused", "refused", "stopped", "which", "nothing"]
"""`instead`: none for what was asked for, and others; `was_refused`: the shopper refused it, and is asked;
`refused` and `stopped`: noted, for products and for all offers; `which`: a no to what is no single product;
`nothing`: a no, and nothing was shown that it could mean."""


@dataclass(frozen=True)
class Listener:
    """Who writes in which conversation. `is_answer`: what was said before this message was about offers."""

    customer_id: str | None
    conversation_id: str
    around: Surroundings = field(default_factory=Surroundings)
    is_answer: bool = False


@dataclass(frozen=True)
class ShownOffer:
    """A promotion, with the product that comes along for a bundle."""

    promotion: ChatPromotion
    bundle: Product | None = None


@dataclass(frozen=True)
class OfferAdvice:
    """What to say. `talk` has what was asked for; `about` are the products that were meant or refused. With
    `refused` come `offers` where the message asks for others at once. `currency` is the catalogue's.
    """

    kind: Kind
    talk: OfferTalk
    offers: tuple[ShownOffer, ...] = ()
    about: tuple[Product, ...] = ()
    currency: str = ""
