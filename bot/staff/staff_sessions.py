"""Which of the shop's people is at this browser?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.signed_tokens import SignedTokens, expiry_of

STAFF_AUDIENCE = "storekeep-staff"
STAFF_SESSION = timedelta(hours=12)

Clock = Callable[[], datetime]


class StaffSessions:
    """Makes and reads what a browser keeps for 12 hours after its person signed in."""

    def __init__(self, key: str, clock: Clock) -> None:
        self._tokens = SignedTokens(key, STAFF_AUDIENCE)
        self._clock = clock

    def issue(self, name: str) -> str:
        """A session of the person with this name, which was checked before."""
        now = self._clock()
        return self._tokens.sign({"sub": name, "iat": now, "exp": now + STAFF_SESSION})

    def name_of(self, token: str) -> str | None:
        """The person's name; None if the session is not ours or is over."""
        claims = self._tokens.read(token)
        expires_at = None if claims is None else expiry_of(claims)
        if claims is None or expires_at is None or expires_at <= self._clock():
            return None
        return str(claims["sub"])
