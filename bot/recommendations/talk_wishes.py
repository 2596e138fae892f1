"""What has this conversation asked the recommender for so far, and how does a message change it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.recommendations.wishes import Wanted
from knowledge_base.products import Product

Way = Literal["wish", "similar", "goes_with", "popular"]
WAYS: tuple[Way, ...] = ("wish", "similar", "goes_with", "popular")
MOST_REMEMBERED = 60


@dataclass(frozen=True)
class Talk:
    """The conditions that hold in this conversation; nothing about a person is among them.

    `way` says what was asked for last: products for a wish, or similar to, or going with, the product `about`
    (None for the other two). `shown` are the SKUs of the last answer, `offered` all that were ever shown,
    `dismissed` those that the shopper does not want to see again; newest last.
    """

    topic: str | None = None
    lowest_cents: int | None = None
    highest_cents: int | None = None
    categories: tuple[str, ...] = ()
    excluded_categories: frozenset[str] = field(default_factory=frozenset)
    excluded_skus: frozenset[str] = field(default_factory=frozenset)
    is_for_another: bool = False
    way: Way = "wish"
    about: str | None = None
    shown: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()

    @property
    def has_price(self) -> bool:
        return self.lowest_cents is not None or self.highest_cents is not None

    @property
    def is_about_something(self) -> bool:
        return self.topic is not None or self.categories != () or self.about is not None

    def allows(self, product: Product) -> bool:
        """Whether price, kind and what was left out let the product be shown."""
        lowest = 0 if self.lowest_cents is None else self.lowest_cents
        return (
            lowest <= product.price_cents
            and (self.highest_cents is None or product.price_cents <= self.highest_cents)
            and (self.categories == () or product.category in self.categories)
            and product.category not in self.excluded_categories
            and product.sku not in self.excluded_skus
            and product.sku not in self.dismissed
        )

    def dismissing(self, sku: str) -> Talk:
        return replace(
            self,
            dismissed=_newest((*self.dismissed, sku)),
            shown=tuple(shown for shown in self.shown if shown != sku),
        )

    def showing(self, skus: tuple[str, ...]) -> Talk:
        """These are on the shopper's screen now."""
        return replace(self, shown=skus, offered=_newest((*self.offered, *skus)))

    def without_price(self) -> Talk:
        return replace(self, lowest_cents=None, highest_cents=None)

    def without_kind(self) -> Talk:
        return replace(self, categories=(), excluded_categories=frozenset(), excluded_skus=frozenset())

    def anew(self) -> Talk:
        """No wish any more; what was dismissed stays so."""
        return Talk(shown=self.shown, offered=self.offered, dismissed=self.dismissed)

    def with_wanted(self, wanted: Wanted) -> Talk:
        """What holds after a message that says what it wants.

        A new topic or kind takes the place of the earlier one; a price or an exclusion alone narrows what was
        asked for before. What was left out once stays out until it is asked for by name.
        """
        is_new = wanted.text is not None or wanted.categories != ()
        changed = self
        if is_new:
            keeps_price = not wanted.has_price and not self.is_about_something
            changed = replace(
                self if keeps_price else self.without_price(),
                topic=wanted.topic,
                categories=wanted.categories,
                is_for_another=wanted.is_for_another,
                way="wish",
                about=None,
            )
        elif wanted.is_for_another:
            changed = replace(changed, is_for_another=True)
        if wanted.has_price:
            changed = replace(changed, lowest_cents=wanted.lowest_cents, highest_cents=wanted.highest_cents)
        out = changed.excluded_categories.difference(wanted.categories) | wanted.excluded_categories
        return replace(
            changed,
            excluded_categories=out,
            excluded_skus=changed.excluded_skus | wanted.excluded_skus,
            categories=tuple(name for name in changed.categories if name not in wanted.excluded_categories),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "lowest_cents": self.lowest_cents,
            "highest_cents": self.highest_cents,
            "categories": list(self.categories),
            "excluded_categories": sorted(self.excluded_categories),
            "excluded_skus": sorted(self.excluded_skus),
            "is_for_another": self.is_for_another,
            "way": self.way,
            "about": self.about,
            "shown": list(self.shown),
            "offered": list(self.offered),
            "dismissed": list(self.dismissed),
        }

    @classmethod
    def from_json(cls, value: object) -> Talk:
        """The inverse of `as_json`; what is not of that shape, from another version, counts as not said."""
        if not isinstance(value, Mapping):
            return cls()
        way: Way = next((one for one in WAYS if one == value.get("way")), "wish")
        about = _text(value.get("about"))
        return cls(
            topic=_text(value.get("topic")),
            lowest_cents=_whole(value.get("lowest_cents")),
            highest_cents=_whole(value.get("highest_cents")),
            categories=_texts(value.get("categories")),
            excluded_categories=frozenset(_texts(value.get("excluded_categories"))),
            excluded_skus=frozenset(_texts(value.get("excluded_skus"))),
            is_for_another=value.get("is_for_another") is True,
            way=way,
            about=about,
            shown=_texts(value.get("shown")),
            offered=_texts(value.get("offered")),
            dismissed=_texts(value.get("dismissed")),
        )


def _newest(skus: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, the newest last, and not more than a conversation needs."""
    return tuple(reversed(dict.fromkeys(reversed(skus))))[-MOST_REMEMBERED:]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
