"""Products, offers and facts of a shop so small that every promotion can be told by head; and a writer that
writes the same lines for the same plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.promotions.copybook import TONES, Line
from bot.promotions.facts import Facts, Reader
from bot.promotions.offer import Offer
from bot.promotions.planning import places_together
from bot.promotions.plans import FREE_PLACES, Plan, in_order
from bot.promotions.writer import Written
from knowledge_base.products import Product

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STARTS, ENDS = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)
"""In Berlin the offers end with 30 November."""
SHOP, BERLIN = "Larkfield Supply", "Europe/Berlin"
STATEMENT = "This compact stove folds flat and weighs 262 g."

STOVE = Product(
    sku="STOVE",
    name="Brackwater Ember One Gas Stove",
    brand="Brackwater",
    category="Hiking & Camping",
    price_cents=4990,
    currency="EUR",
    stock=4,
    attributes={"Weight": "262 g", "Warranty": "3 years"},
    tags=(),
    description=STATEMENT,
)
EARBUDS = replace(
    STOVE,
    sku="EARBUDS",
    name="Kessry Pip True Wireless Earbuds",
    brand="Kessry",
    category="Audio",
    price_cents=5900,
    stock=40,
    attributes={"Battery life": "9 hours"},
    description="",
)
TEAPOT = replace(
    STOVE,
    sku="TEAPOT",
    name="Mirette Pebble Stoneware Teapot 0.9 l",
    brand="Mirette",
    category="Coffee & Tea",
    price_cents=2990,
    stock=9,
    attributes={},
    description="",
)
PERCENT = Offer("PERCENT", "percentage", STARTS, ENDS, "EUR", percent=20)
AMOUNT = Offer("AMOUNT", "amount", STARTS, ENDS, "EUR", amount_cents=1000)
SHIPPING = Offer("SHIPPING", "free_shipping", STARTS, ENDS, "EUR")
BUNDLE = Offer("BUNDLE", "bundle", STARTS, ENDS, "EUR", bundle_sku=TEAPOT.sku)


def facts_of(product: Product = STOVE, offer: Offer | None = None, **values: Any) -> Facts:
    """Facts about the product for nobody in particular; the stove has a weight, a warranty and a sentence."""
    known = {"weight": "262 g", "warranty": "3 years"} if product is STOVE else {}
    return replace(
        Facts(
            product=product,
            shop_name=SHOP,
            at=NOW,
            offer=offer,
            bundle=TEAPOT if offer is not None and offer.kind == "bundle" else None,
            reader=Reader(),
            details=known,
            statements=(STATEMENT,) if product is STOVE else (),
            timezone_name=BERLIN,
        ),
        **values,
    )


LINES = tuple(
    Line(role, tone, text)
    for tone in TONES
    for role, text in (
        ("subject", "Meet the <product>"),
        ("subject", "<name>, here {is|are} the <product>"),
        ("subject", "<name>, a word from <interest>"),
        ("hook", "Here {is|are} the <product>."),
        ("hook", "A thought from the <interest> shelf: the <product>."),
        ("hook", "After the <seen>, perhaps the <product>?"),
        ("about", "{It weighs|They weigh} <weight>."),
        ("about", "{It has|They have} a warranty of <warranty>."),
        ("about", "<statement>"),
        ("offer", "The price is <price>."),
        ("offer", "The <product> {costs|cost} <price>."),
        ("offer", "{It is|They are} <percent> off until <until>."),
        ("offer", "With <code>, {it is|they are} <percent> off."),
        ("offer", "For orders from <minimum>, you save <saving>."),
        ("offer", "{It comes|They come} with <free_shipping>."),
        ("offer", "The <bundle> comes along at no extra cost."),
        ("close", "Have a look when you like."),
        ("sms", "The <product>: <price>."),
        ("sms", "The <product>: <percent> off until <until>."),
        ("push", "The <product> for <price>."),
        ("push", "<percent> off {this|these} <kind>."),
    )
)


@dataclass
class FixedWriter:
    """Writes the first line that has the places of a part; `asked` are the plans and seeds it was given."""

    lines: Sequence[Line] = LINES
    asked: list[tuple[tuple[Plan, ...], int]] = field(default_factory=list)

    @property
    def sets(self) -> Mapping[str, Sequence[Sequence[str]]]:
        return places_together(self.lines)

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        self.asked.append((tuple(plans), seed))
        return [Written(plan, self._parts(plan), -1.0, True) for plan in plans]

    def _parts(self, plan: Plan) -> tuple[str, ...]:
        return tuple(
            next(
                line.said_of(plan.several)
                for line in self.lines
                if (line.role, line.tone) == (section.role, plan.tone)
                and in_order(line.places) == tuple(p for p in section.places if p not in FREE_PLACES)
            )
            for section in plan.sections
        )
