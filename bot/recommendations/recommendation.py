"""What is asked of the recommender, and what does it answer? Shapes that chat, site and commands share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.shoppers.shopper import Shopper


@dataclass(frozen=True)
class Wish:
    """What the shopper asks for just now; the empty wish leaves everything to their behaviour.

    `text` is what the product should be about, in their words. `lowest_cents` and `highest_cents` are
    inclusive. `categories` empty means any; names are the catalogue's own. `like` is the SKU in "more like
    this". `seen` are SKUs of this visit that no stored event tells of (a visitor who agreed to nothing),
    oldest first; they count as views.
    """

    text: str | None = None
    lowest_cents: int | None = None
    highest_cents: int | None = None
    categories: tuple[str, ...] = ()
    excluded_categories: frozenset[str] = field(default_factory=frozenset)
    excluded_skus: frozenset[str] = field(default_factory=frozenset)
    like: str | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """One product for one shopper. `score` compares within one answer only, higher is better; `reason` is a
    whole sentence in plain words that is true."""

    sku: str
    name: str
    score: float
    reason: str


@dataclass(frozen=True)
class Recommendations:
    """Best first; fewer than asked for, or none, where not more fit the wish."""

    items: tuple[Recommendation, ...]
    milliseconds: float


class Recommends(Protocol):
    """What the chat and the site need of `bot.recommendations.recommender.Recommender`. Safe to call from
    several threads; every method takes the state of events, stock and prices at the moment of the call."""

    def recommend(self, shopper: Shopper | None, wish: Wish = Wish(), count: int = 5) -> Recommendations: ...

    def similar(self, sku: str, count: int = 5) -> Recommendations:
        """Alternatives to a product: near in meaning and in behaviour. Empty for an unknown SKU."""
        ...

    def goes_with(self, sku: str, count: int = 5) -> Recommendations:
        """What is bought together with a product, of other kinds. Empty for an unknown SKU."""
        ...

    def popular(self, count: int = 5) -> Recommendations:
        """What is looked at and bought most now."""
        ...
