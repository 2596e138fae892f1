"""Whose behaviour is it? A customer's, or that of a browser in which nobody is signed in."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOMER_PREFIX = "customer:"
VISITOR_PREFIX = "visitor:"


@dataclass(frozen=True)
class Shopper:
    """Exactly one of `customer_id` and `anonymous_id` (the random id that a browser gave itself) is there."""

    customer_id: str | None = None
    anonymous_id: str | None = None

    def __post_init__(self) -> None:
        if (self.customer_id is None) == (self.anonymous_id is None):
            came = "both" if self.customer_id is not None else "neither"
            raise ValueError(f"A shopper is either a customer_id or an anonymous_id; came {came}.")

    @property
    def key(self) -> str:
        """One text for either kind, like customer:C00017 or visitor:6f1c2e7a-...; in `profiles.shopper`."""
        if self.customer_id is not None:
            return CUSTOMER_PREFIX + self.customer_id
        return f"{VISITOR_PREFIX}{self.anonymous_id}"

    @classmethod
    def from_key(cls, key: str) -> Shopper:
        """The inverse of `key`. Raises ValueError for a text that is none."""
        for prefix, name in ((CUSTOMER_PREFIX, "customer_id"), (VISITOR_PREFIX, "anonymous_id")):
            if key.startswith(prefix) and len(key) > len(prefix):
                return cls(**{name: key.removeprefix(prefix)})
        raise ValueError(f"A shopper's key begins with {CUSTOMER_PREFIX} or {VISITOR_PREFIX}; came {key!r}.")
