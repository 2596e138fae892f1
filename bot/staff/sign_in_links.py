"""How does one of the shop's people come in? By a link from the shop's own machine, valid once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from bot.database.connection import Database
from bot.database.tables import UsedLinkRow
from bot.signed_tokens import SignedTokens, expiry_of

LINK_AUDIENCE = "storekeep-staff-link"
LINK_LIFETIME = timedelta(minutes=15)
LONGEST_NAME = 40
DEFAULT_NAME = "staff"

Clock = Callable[[], datetime]


class UnusableName(ValueError):
    """A name that cannot stand beside a decision; the message says what was allowed and what came."""


class UnusableLink(Exception):
    """The link is not ours, is over or was used; the message says which, and how to get another."""


def link_token(key: str, name: str, at: datetime) -> str:
    """What a link carries for a person who may sign in until 15 minutes after `at`. Raises UnusableName."""
    claims = {"sub": checked_name(name), "jti": secrets.token_urlsafe(24), "exp": at + LINK_LIFETIME}
    return SignedTokens(key, LINK_AUDIENCE).sign(claims)


def sign_in_url(public_url: str, token: str) -> str:
    """The link. The token stands behind the #, so that no server and no log on the way sees it."""
    return f"{public_url}/agent/sign-in#{token}"


def checked_name(name: str) -> str:
    """The name without outer blanks. Raises UnusableName."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UnusableName(f"A name should have 1 to {LONGEST_NAME} printable characters; came {name!a}.")
    return name


class SignInLinks:
    """Takes links, each one once, whichever process it comes to."""

    def __init__(self, key: str, database: Database, clock: Clock) -> None:
        self._tokens = SignedTokens(key, LINK_AUDIENCE)
        self._database = database
        self._clock = clock

    def use(self, token: str) -> str:
        """The name of the person of the link, which is used up by it. Raises UnusableLink."""
        claims = self._tokens.read(token)
        expires_at = None if claims is None else expiry_of(claims)
        if claims is None or expires_at is None or not isinstance(claims.get("jti"), str):
            raise UnusableLink("This link is not ours, or not whole. Ask for a new one.")
        if expires_at <= self._clock():
            raise UnusableLink("This link is over: it is valid for 15 minutes. Ask for a new one.")
        try:
            with self._database.session() as session:
                session.execute(delete(UsedLinkRow).where(UsedLinkRow.expires_at < self._clock()))
                session.add(UsedLinkRow(nonce=claims["jti"], expires_at=expires_at))
        except IntegrityError:
            raise UnusableLink("This link was used already: each is valid once. Ask for a new one.") from None
        return str(claims["sub"])
