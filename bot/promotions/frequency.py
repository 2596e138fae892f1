"""May one more promotion reach this shopper, after those that did?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SendingChannel = Literal["email", "sms", "push"]
SENDING_CHANNELS: tuple[SendingChannel, ...] = ("email", "sms", "push")
"""How the shop reaches a customer who is not there. In the chat they are there, and may always ask."""


class UnknownChannel(ValueError):
    """A channel by which the shop does not send; the message says which there are."""


@dataclass(frozen=True)
class Limit:
    """At most `most` (0 or more) within any span of `within`."""

    most: int
    within: timedelta

    def __post_init__(self) -> None:
        if self.most < 0 or self.within <= timedelta(0):
            raise ValueError(
                f"A limit should be 0 or more within some time; came {self.most} within {self.within}."
            )

    def since(self, at: datetime) -> datetime:
        """From when on what was shown counts."""
        return at - self.within

    def allows(self, shown: int) -> bool:
        """Whether one more may come after `shown` since then."""
        return shown < self.most


WEEK, DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Frequency:
    """How often promotions may come. `same_offer` is of one offer in the chat that nobody asked for."""

    email: Limit = Limit(2, WEEK)
    sms: Limit = Limit(1, WEEK)
    push: Limit = Limit(2, WEEK)
    same_offer: Limit = Limit(3, DAY)

    def of(self, channel: str) -> Limit:
        """The limit of a sending channel. Raises UnknownChannel."""
        return {"email": self.email, "sms": self.sms, "push": self.push}[sending_channel(channel)]


def sending_channel(name: str) -> SendingChannel:
    """The channel of this name. Raises UnknownChannel."""
    for channel in SENDING_CHANNELS:
        if channel == name:
            return channel
    raise UnknownChannel(f"The channel should be one of {', '.join(SENDING_CHANNELS)}; came {name!r}.")
