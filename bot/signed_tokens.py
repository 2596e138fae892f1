"""Did we sign this token ourselves, and for this very purpose?

JSON Web Tokens (RFC 7519) with HS256; any other algorithm, `none` included, is refused. One key signs for
several purposes, so each has an audience of its own, and a token of one is none of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt

ISSUER = "storekeep"
LONGEST_TOKEN = 4096
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, the last that a datetime can have."""


@dataclass(frozen=True)
class SignedTokens:
    """`key` has at least 32 bytes (RFC 7518, 3.2)."""

    key: str = field(repr=False)
    audience: str

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims."""
        whole = {**claims, "iss": ISSUER, "aud": self.audience}
        return jwt.encode(whole, self.key, algorithm="HS256")

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that we signed for this audience, else None; `exp` is left to the caller."""
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.key,
                algorithms=["HS256"],
                audience=self.audience,
                issuer=ISSUER,
                options={
                    "require": ["aud", "iss", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        return claims


def expiry_of(claims: Mapping[str, Any]) -> datetime | None:
    """When the token ends; None if it does not say so in a way that we understand."""
    exp = claims.get("exp")
    if not isinstance(exp, int | float) or isinstance(exp, bool) or not 0 <= exp <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(exp, UTC)
