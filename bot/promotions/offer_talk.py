"""What does a conversation remember of the offers in it? What was shown last, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST_REMEMBERED = 60


@dataclass(frozen=True)
class OfferTalk:
    """`shown` are the SKUs of the last answer, `offered` all that were shown since a new question, newest
    last. The other fields are what was asked for last, as in `Asking`; `asks`: the assistant asked whether
    to show again what was refused, and has no answer yet.
    """

    shown: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    sku: str | None = None
    categories: tuple[str, ...] = ()
    highest_cents: int | None = None
    text: str | None = None
    is_only_sku: bool = False
    needs_code: bool = False
    asks: bool = False

    def showing(self, skus: tuple[str, ...]) -> OfferTalk:
        """These are on the shopper's screen now."""
        offered = tuple(dict.fromkeys((*self.offered, *skus)))[-MOST_REMEMBERED:]
        return replace(self, shown=skus, offered=offered, asks=False)

    def as_json(self) -> dict[str, Any]:
        return {
            "shown": list(self.shown),
            "offered": list(self.offered),
            "sku": self.sku,
            "categories": list(self.categories),
            "highest_cents": self.highest_cents,
            "text": self.text,
            "is_only_sku": self.is_only_sku,
            "needs_code": self.needs_code,
            "asks": self.asks,
        }

    @classmethod
    def from_json(cls, value: object) -> OfferTalk:
        """The inverse of `as_json`; what is not of that shape, from another version, counts as not said."""
        if not isinstance(value, Mapping):
            return cls()
        return cls(
            shown=_texts(value.get("shown")),
            offered=_texts(value.get("offered")),
            sku=_text(value.get("sku")),
            categories=_texts(value.get("categories")),
            highest_cents=_whole(value.get("highest_cents")),
            text=_text(value.get("text")),
            is_only_sku=value.get("is_only_sku") is True,
            needs_code=value.get("needs_code") is True,
            asks=value.get("asks") is True,
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
