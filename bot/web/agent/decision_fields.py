"""Which fields may a decision on a promotion and an order for new ones have, and what is refused?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.promotions.copybook import TONES
from bot.promotions.plans import CHANNELS
from bot.promotions.promotion import DECISIONS, Decided, Promotion, check_decision
from bot.web.bodies import LONGEST_SKU, clean_text
from bot.web.errors import RefusedRequest

DECISION_FIELDS = ("decision", "subject", "text", "reason", "anyway")
WRITING_FIELDS = ("sku", "channel", "customer_id", "tone", "count")
LONGEST_EDIT, LONGEST_EDITED_SUBJECT, LONGEST_REASON = 4000, 200, 200
LONGEST_CUSTOMER_ID = 40
MOST_CANDIDATES = 5


@dataclass(frozen=True)
class PersonsDecision:
    """`subject` and `text` are None where they stay as they are; `anyway` lets pass what the check finds."""

    decision: Decided
    subject: str | None = None
    text: str | None = None
    reason: str | None = None
    anyway: bool = False


@dataclass(frozen=True)
class WritingOrder:
    """What is to be written. `customer_id` None is for nobody in particular, `tone` None for several."""

    sku: str
    channel: str
    customer_id: str | None
    tone: str | None
    count: int


def decision_of(fields: dict[str, object], promotion: Promotion) -> PersonsDecision:
    """The decision on this promotion; raises RefusedRequest 422, UnusableDecision. An edit that changes one
    of subject and text keeps the other."""
    decision = next((one for one in DECISIONS if one == fields.get("decision")), None)
    if decision is None:
        raise _not_one_of("decision", DECISIONS, fields.get("decision"))
    anyway = fields.get("anyway", False)
    if not isinstance(anyway, bool):
        raise RefusedRequest(422, "bad_anyway", f"anyway must be true or false; {str(anyway)[:40]!a} came.")
    subject, text, reason = (
        _text(fields, "subject", LONGEST_EDITED_SUBJECT),
        _text(fields, "text", LONGEST_EDIT),
        _text(fields, "reason", LONGEST_REASON),
    )
    if decision == "rejected" and reason is None:
        raise RefusedRequest(
            422, "no_reason", f"rejected needs a reason of 1 to {LONGEST_REASON} characters; none came."
        )
    if decision == "edited":
        subject, text = _changed(promotion, subject, text)
    check_decision(decision, subject, text, reason)
    return PersonsDecision(_decided(decision), subject, text, reason, anyway)


def writing_order_of(fields: dict[str, object]) -> WritingOrder:
    """What is to be written; raises RefusedRequest 422."""
    channel, tone, count = fields.get("channel"), fields.get("tone"), fields.get("count")
    if channel not in CHANNELS:
        raise _not_one_of("channel", CHANNELS, channel)
    if tone is not None and tone not in TONES:
        raise _not_one_of("tone", TONES, tone)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_CANDIDATES:
        raise RefusedRequest(
            422,
            "bad_count",
            f"count must be a whole number from 1 to {MOST_CANDIDATES}; {str(count)[:40]!a} came.",
        )
    sku = _name(fields.get("sku"), "sku", LONGEST_SKU)
    customer_id = fields.get("customer_id")
    if customer_id is not None:
        customer_id = _name(customer_id, "customer_id", LONGEST_CUSTOMER_ID)
    return WritingOrder(sku, str(channel), customer_id, None if tone is None else str(tone), count)


def _decided(decision: str) -> Decided:
    return "approved" if decision == "approved" else "edited" if decision == "edited" else "rejected"


def _changed(promotion: Promotion, subject: str | None, text: str | None) -> tuple[str | None, str | None]:
    """What of an edit is new, None for what is not."""
    draft = promotion.draft
    if subject is not None:
        if draft.channel != "email":
            raise RefusedRequest(422, "no_subject", f"Only an e-mail has a subject; this is {draft.channel}.")
        subject = " ".join(subject.split())
    subject = None if subject == draft.subject else subject
    text = None if text == draft.text else text
    if subject is None and text is None:
        raise RefusedRequest(
            422,
            "nothing_changed",
            "edited needs a new subject or text; nothing new came.",
        )
    return subject, text


def _text(fields: dict[str, object], name: str, longest: int) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RefusedRequest(422, f"bad_{name}", f"{name} must be text; {str(value)[:40]!a} came.")
    text = clean_text(value)
    if not 1 <= len(text) <= longest:
        raise RefusedRequest(
            422, f"bad_{name}", f"{name} must have 1 to {longest} characters; {len(text)} came."
        )
    return text


def _name(value: object, name: str, longest: int) -> str:
    """An id, without outer blanks."""
    if isinstance(value, str) and 1 <= len(value.strip()) <= longest and value.strip().isprintable():
        return value.strip()
    raise RefusedRequest(
        422,
        f"bad_{name}",
        f"{name} must have 1 to {longest} printable characters; {str(value)[:40]!a} came.",
    )


def _not_one_of(name: str, allowed: Sequence[str], came: object) -> RefusedRequest:
    return RefusedRequest(
        422, f"bad_{name}", f"{name} must be one of {', '.join(allowed)}; {str(came)[:40]!a} came."
    )
