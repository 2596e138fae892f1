"""Which list answers the next message? What was said before, changed by what the message asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median_high, median_low
from typing import Literal

from bot.recommendations.follow_ups import FollowUp, Move
from bot.recommendations.talk_wishes import Talk
from bot.recommendations.wishes import Wanted
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

SHOWN_AT_ONCE = 4
ABOUT_A_PRODUCT: frozenset[Move] = frozenset({"dismiss", "similar", "goes_with"})

Kind = Literal[
    "for_you", "fitting", "cheaper", "dearer", "similar", "goes_with", "popular", "others", "instead"
]


@dataclass(frozen=True)
class Surroundings:
    """Who writes, and where.

    `shopper` is None for who agreed to nothing: then `seen`, the products of this conversation, oldest first,
    say something. `talked_about` is what was asked about after the last recommendations.
    """

    shopper: Shopper | None = None
    on_page: str | None = None
    talked_about: str | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """The list to ask for. `text` is for this answer alone; `leave_out` are SKUs that this answer does not
    repeat; `about` is the product that was meant."""

    talk: Talk
    kind: Kind
    text: str | None = None
    leave_out: frozenset[str] = frozenset()
    count: int = SHOWN_AT_ONCE
    about: Product | None = None


def sku_meant(follow_up: FollowUp, talk: Talk, around: Surroundings) -> str | None:
    """The product that a message without a name is about, if that can be told."""
    if follow_up.place is not None:
        within = -len(talk.shown) <= follow_up.place < len(talk.shown)
        return talk.shown[follow_up.place] if within else None
    if follow_up.points and around.on_page is not None:
        return around.on_page
    if around.talked_about is not None:
        return around.talked_about
    if len(talk.shown) == 1:
        return talk.shown[0]
    return around.on_page if not talk.shown else None


def next_step(
    talk: Talk,
    moves: frozenset[Move],
    wanted: Wanted,
    product: Product | None,
    known: Mapping[str, Product],
    cheap_cents: int | None,
) -> Step:
    """`known` are the products that were shown last; `cheap_cents` is what counts as cheap where no price was
    seen yet."""
    if "anew" in moves:
        talk = talk.anew()
    if "any_price" in moves:
        talk = talk.without_price()
    if "any_kind" in moves:
        talk = talk.without_kind()
    if product is not None and "dismiss" in moves:
        return _dismissed(talk.dismissing(product.sku), moves, wanted, product)
    if "goes_with" in moves and product is not None:
        about = _about(talk.without_price().with_wanted(_conditions(wanted)), "goes_with", product, wanted)
        return Step(about, "goes_with", about=product)
    if moves & {"cheaper", "dearer"}:
        return _at_another_price(talk, moves, wanted, product, known, cheap_cents)
    if "similar" in moves and product is not None:
        about = _about(talk.with_wanted(_conditions(wanted)), "similar", product, wanted)
        return Step(about, "similar", about=product)
    says_more = wanted.text is not None or wanted.categories != ()
    if "popular" in moves and not says_more:
        changed = replace(talk.with_wanted(wanted), way="popular", about=None, topic=None)
        return Step(changed, "popular")
    if "others" in moves and not says_more:
        return Step(talk.with_wanted(wanted), "others", leave_out=frozenset(talk.offered))
    return _wished(talk, moves, wanted)


def _dismissed(talk: Talk, moves: frozenset[Move], wanted: Wanted, product: Product) -> Step:
    if "cheaper" in moves:
        talk = replace(talk, lowest_cents=None, highest_cents=product.price_cents - 1)
    changed = talk.with_wanted(_conditions(wanted))
    return Step(changed, "instead", leave_out=frozenset(talk.offered), count=1, about=product)


def _at_another_price(
    talk: Talk,
    moves: frozenset[Move],
    wanted: Wanted,
    product: Product | None,
    known: Mapping[str, Product],
    cheap_cents: int | None,
) -> Step:
    """Cheaper or dearer than the product meant, else than the middle one of those that were shown."""
    changed = talk.with_wanted(wanted if product is None else _conditions(wanted))
    prices = [known[sku].price_cents for sku in talk.shown if sku in known]
    if product is not None:
        changed = _about(changed, "similar", product, wanted)
        prices = [product.price_cents]
    if "cheaper" in moves:
        limit = median_low(prices) - 1 if prices else cheap_cents
        if limit is None or not wanted.has_price:
            changed = replace(changed, lowest_cents=None, highest_cents=limit)
        kind: Kind = "cheaper"
    else:
        if prices and not wanted.has_price:
            changed = replace(changed, lowest_cents=median_high(prices) + 1, highest_cents=None)
        kind = "dearer"
    return Step(changed, kind, wanted.text, frozenset(talk.shown), about=product)


def _wished(talk: Talk, moves: frozenset[Move], wanted: Wanted) -> Step:
    says_nothing = wanted == Wanted(is_for_another=wanted.is_for_another)
    if says_nothing and not moves:
        # A plain "recommend me something" begins a new wish; only what was left out stays so.
        talk = replace(
            talk.anew(),
            excluded_categories=talk.excluded_categories,
            excluded_skus=talk.excluded_skus,
            is_for_another=wanted.is_for_another,
        )
    changed = talk.with_wanted(wanted)
    has_conditions = changed.has_price or changed.is_about_something or wanted.text is not None
    return Step(changed, "fitting" if has_conditions else "for_you", wanted.text)


def _about(talk: Talk, way: Literal["similar", "goes_with"], product: Product, wanted: Wanted) -> Talk:
    return replace(talk, way=way, about=product.sku, topic=None, categories=wanted.categories)


def _conditions(wanted: Wanted) -> Wanted:
    """Price and exclusions only: beside a product that is meant, other words are hardly a new topic."""
    return replace(wanted, text=None, topic=None, categories=(), is_for_another=False)
