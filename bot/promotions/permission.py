"""May this customer be sent one more promotion on this channel just now?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.promotions.frequency import Frequency
from bot.promotions.plans import Channel

NAMES = {"email": "e-mails", "sms": "SMS", "push": "push messages"}


class AsksMarketingConsent(Protocol):
    def may_send(self, customer_id: str, channel: str) -> bool: ...


class CountsShown(Protocol):
    def shown_count(self, customer_id: str, channel: str, since: datetime) -> int: ...


@dataclass(frozen=True)
class Permission:
    """Consent by channel, and the limits of how often."""

    consents: AsksMarketingConsent
    record: CountsShown
    clock: Callable[[], datetime]
    frequency: Frequency = field(default_factory=Frequency)

    def why_not(self, customer_id: str, channel: Channel) -> str | None:
        """Why nothing may be sent, in a sentence; None if it may. In the chat the shopper asks themselves."""
        if channel == "chat":
            return None
        if not self.consents.may_send(customer_id, channel):
            return f"{customer_id} did not agree to {NAMES[channel]} about offers."
        limit = self.frequency.of(channel)
        shown = self.record.shown_count(customer_id, channel, limit.since(self.clock()))
        if not limit.allows(shown):
            days = limit.within.days
            return f"{customer_id} had {shown} {NAMES[channel]} in {days} days; {limit.most} is the limit."
        return None
