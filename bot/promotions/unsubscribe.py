"""Who wants no more promotions on which channel? The link in a message says it, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.promotions.frequency import SendingChannel, UnknownChannel, sending_channel
from bot.settings import Settings, kept_token_secret
from bot.signed_tokens import SignedTokens

UNSUBSCRIBE_AUDIENCE = "storekeep-unsubscribe"
PATH = "/unsubscribe"


@dataclass(frozen=True)
class Unsubscribing:
    """A customer, and the channel on which they may say no by their link."""

    customer_id: str
    channel: SendingChannel


def unsubscribe_url(settings: Settings, customer_id: str, channel: str) -> str:
    """The link by which this customer gets no more on the channel; it never ends. Raises UnknownChannel."""
    claims = {"sub": customer_id, "channel": sending_channel(channel)}
    query = urlencode({"token": _tokens(settings).sign(claims)})
    return f"{settings.public_url}{PATH}?{query}"


def unsubscribing_of(settings: Settings, token: str) -> Unsubscribing | None:
    """What a link's token says; None if it is not ours."""
    claims = _tokens(settings).read(token)
    if claims is None:
        return None
    try:
        return Unsubscribing(str(claims["sub"]), sending_channel(str(claims.get("channel"))))
    except UnknownChannel:
        return None


def _tokens(settings: Settings) -> SignedTokens:
    return SignedTokens(kept_token_secret(settings).get_secret_value(), UNSUBSCRIBE_AUDIENCE)
