"""Which of the demo's customers want to hear of offers, and where did they say so?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from bot.customers import Customer
from bot.promotions.frequency import SendingChannel
from bot.promotions.marketing_consent import MARKETING_PURPOSES
from bot.shoppers.consent import Decision

WORDINGS: dict[SendingChannel, str] = {
    "email": "Yes, send me offers by e-mail, chosen for me. I can stop this at any time.",
    "sms": "Yes, send me offers by SMS, at most one a week. I can stop this at any time.",
    "push": "Yes, show me offers as notifications. I can stop this at any time.",
}
AGREE = 0.6
"""The share of customers who agree to e-mail."""
ALSO_AGREE: dict[SendingChannel, float] = {"sms": 0.3, "push": 0.45}
"""The share of those who agree to e-mail that agrees to another channel too."""
REFUSE = 0.5
"""The share of the others who said no; the rest never decided."""
ASKED_AFTER = timedelta(minutes=5)
SOURCE = "site"


def make_marketing_consents(
    customers: Iterable[Customer], today: datetime, random: Random
) -> tuple[tuple[str, Decision], ...]:
    """Purposes with the decisions on them, made when the accounts were. The first customer agrees to
    e-mail.
    """
    made: list[tuple[str, Decision]] = []
    for place, customer in enumerate(customers):
        at = min(customer.created_at + ASKED_AFTER, today)
        agrees = random.random() < AGREE or place == 0
        if not agrees and random.random() >= REFUSE:
            continue
        made.append(_decision(customer, "email", agrees, at))
        also = [channel for channel, share in ALSO_AGREE.items() if random.random() < share]
        made += [_decision(customer, channel, True, at) for channel in also if agrees]
    return tuple(made)


def _decision(
    customer: Customer, channel: SendingChannel, is_given: bool, at: datetime
) -> tuple[str, Decision]:
    decision = Decision(customer.id, is_given, at, SOURCE, WORDINGS[channel])
    return MARKETING_PURPOSES[channel], decision
