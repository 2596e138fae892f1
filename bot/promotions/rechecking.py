"""Is a promotion that was kept still true, or what a person made of it? The check, on the facts as of now."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.promotions.check import Message, findings
from bot.promotions.facts import Facts
from bot.promotions.facts_source import UnknownSku
from bot.promotions.layout import Footers
from bot.promotions.plans import CHANNELS
from bot.promotions.promotion import Promotion

FactsOf = Callable[[Promotion], Facts]
"""The facts for a promotion as they are now; raises UnknownSku for a product that is no longer sold."""

GONE = "the product is no longer sold"


def findings_now(
    promotion: Promotion, facts_of: FactsOf, subject: str | None = None, text: str | None = None
) -> tuple[str, ...]:
    """What the check finds today in the promotion, with a new subject or text where one is given."""
    try:
        facts = facts_of(promotion)
    except UnknownSku:
        return (GONE,)
    return findings(message_of(promotion, facts.shop_name, subject, text), facts)


def message_of(
    promotion: Promotion, shop_name: str, subject: str | None = None, text: str | None = None
) -> Message:
    """The promotion as it would be sent. Its footer is the one that it was written with; a new text that does
    not end with that has none."""
    draft = promotion.draft
    channel = next(one for one in CHANNELS if one == draft.channel)
    whole = draft.text if text is None else text
    footer = footer_of(draft.channel, draft.text, shop_name)
    return Message(
        channel,
        draft.subject if subject is None else subject,
        whole,
        footer if whole.endswith(footer) else "",
    )


def footer_of(channel: str, text: str, shop_name: str) -> str:
    """The end of a text that is not copy, empty where there is none."""
    if channel not in ("email", "sms"):
        return ""
    opening = Footers("").of("email" if channel == "email" else "sms", shop_name)
    address = r"https?://\S+" if channel == "email" else ""
    found = re.search(re.escape(opening) + address + r"\Z", text)
    return "" if found is None else found.group()
