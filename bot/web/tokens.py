"""Whose conversation is this, and which customer does the shop's own site vouch for?

Both are JSON Web Tokens (RFC 7519) signed with HS256; any other algorithm, `none` included, is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import Any

import jwt

from bot.settings import Settings, kept_token_secret
from bot.web.errors import RefusedRequest

ISSUER = "storekeep"
SESSION_AUDIENCE = "storekeep-chat"
CUSTOMER_AUDIENCE = "storekeep"
LONGEST_TOKEN = 4096

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation's right to be continued, until `expires_at`."""

    conversation_id: str
    expires_at: datetime


class SessionTokens:
    """Makes and reads the tokens that bind a browser to its conversation.

    `key` has at least 32 bytes (RFC 7518, 3.2); `lifetime` is positive.
    """

    def __init__(self, key: str, lifetime: timedelta, clock: Clock) -> None:
        self._key = key
        self._lifetime = lifetime
        self._clock = clock

    def issue(self, conversation_id: str) -> str:
        now = self._clock()
        claims = {
            "iss": ISSUER,
            "aud": SESSION_AUDIENCE,
            "sub": conversation_id,
            "iat": now,
            "exp": now + self._lifetime,
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, token: str) -> Session:
        """The session of a token; raises RefusedRequest 401 `bad_token` or `token_expired`."""
        claims = _claims(token, self._key, SESSION_AUDIENCE, ISSUER)
        if claims is None:
            raise RefusedRequest(401, "bad_token", "The session token is not ours. Start a new session.")
        expires_at = _expiry(claims)
        if expires_at <= self._clock():
            raise RefusedRequest(401, "token_expired", "The session is over. Start a new session.")
        return Session(claims["sub"], expires_at)


class CustomerTokens:
    """Reads the tokens by which the shop's own site says who is signed in there.

    `key` is shared with that site and has at least 32 bytes.
    """

    def __init__(self, key: str, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def sign(self, customer_id: str, lifetime: timedelta) -> str:
        """What the shop's own site does; the demo shop front uses it for its sign-in list."""
        claims = {"aud": CUSTOMER_AUDIENCE, "sub": customer_id, "exp": self._clock() + lifetime}
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, token: str) -> str:
        """The customer's id; raises RefusedRequest 401 `bad_customer_token` or `customer_token_expired`."""
        claims = _claims(token, self._key, CUSTOMER_AUDIENCE, issuer=None)
        if claims is None:
            raise RefusedRequest(401, "bad_customer_token", "The customer token is not signed by this shop.")
        if _expiry(claims) <= self._clock():
            raise RefusedRequest(401, "customer_token_expired", "The customer token is over. Sign in again.")
        return str(claims["sub"])


def customer_key(settings: Settings) -> str | None:
    """The key shared with the shop's own site; None if that site signs no customers in.

    The demo shop front is its own site: where no key is set, it has one that follows from the session key.
    """
    if settings.customer_token_secret is not None:
        return settings.customer_token_secret.get_secret_value()
    if not settings.demo:
        return None
    session_key = kept_token_secret(settings).get_secret_value()
    return digest(session_key.encode(), b"customers of the demo shop", sha256).hex()


def _claims(token: str, key: str, audience: str, issuer: str | None) -> dict[str, Any] | None:
    """The claims under a valid signature, None if it is not ours; `exp` is left to the caller."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=audience,
            issuer=issuer,
            options={
                "require": ["exp", "sub", "aud"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError):
        return None
    return claims if _has_expiry(claims) and claims["sub"] != "" else None


def _has_expiry(claims: dict[str, Any]) -> bool:
    """Whether `exp` is a number of seconds that is a date (years 1 to 9999)."""
    exp = claims["exp"]
    return isinstance(exp, int | float) and not isinstance(exp, bool) and 0 <= exp < 253_402_300_800


def _expiry(claims: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(claims["exp"], UTC)
