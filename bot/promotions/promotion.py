"""What is one promotion: what was written for whom, what people decided about it, and was it shown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.promotions.frequency import SENDING_CHANNELS

PROMOTION_CHANNELS = ("chat", *SENDING_CHANNELS)
DECISIONS = ("approved", "edited", "rejected")

Source = Literal["model", "template"]
Decided = Literal["approved", "edited", "rejected"]
State = Literal["refused", "waiting", "approved", "edited", "rejected", "shown"]


class UnknownPromotion(Exception):
    """There is no promotion with this id."""


class AlreadyDecided(Exception):
    """The promotion does not wait, and what was decided about it is something else."""


class NotApproved(Exception):
    """The promotion may not be shown: nobody approved it yet, or it was refused or rejected."""


class UnusableDecision(ValueError):
    """A decision lacks what it needs or has what it cannot have; the message says which."""


@dataclass(frozen=True)
class Draft:
    """A text about a product as it was written: for a customer, for the visitor of a conversation, or for
    nobody in particular where both are None.

    `channel` is one of PROMOTION_CHANNELS; `subject` is None but for an e-mail. `written` is the text with
    its places unfilled, None for a template; `plan` is what the writer followed, as JSON has it. `facts` are
    what the text says, `findings` why the check refused it, empty if it passed.
    """

    sku: str
    channel: str
    tone: str
    text: str
    source: Source
    customer_id: str | None = None
    conversation_id: str | None = None
    offer_id: str | None = None
    subject: str | None = None
    written: str | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.channel not in PROMOTION_CHANNELS:
            allowed = ", ".join(PROMOTION_CHANNELS)
            raise ValueError(f"The channel of a promotion should be one of {allowed}; came {self.channel!r}.")
        if self.source not in ("model", "template"):
            raise ValueError(f"The source of a promotion should be model or template; came {self.source!r}.")


@dataclass(frozen=True)
class Promotion:
    """A draft that was kept. `decided_by` is None where no person decided; `decision` stays what it was when
    the promotion has been shown, None without one. `overruled` is what the check said of the text that the
    person let through all the same, empty if it said nothing.
    """

    id: int
    created_at: datetime
    draft: Draft
    state: State
    decision: Decided | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    edited_subject: str | None = None
    edited_text: str | None = None
    rejection_reason: str | None = None
    overruled: tuple[str, ...] = ()
    shown_at: datetime | None = None

    @property
    def final_subject(self) -> str | None:
        """The subject as the shopper gets it, None without one."""
        return self.draft.subject if self.edited_subject is None else self.edited_subject

    @property
    def final_text(self) -> str:
        """The text as the shopper gets it."""
        return self.draft.text if self.edited_text is None else self.edited_text


@dataclass(frozen=True)
class Refusal:
    """What a shopper said does not interest them: the product, the offer, or any promotion where both are
    None. With both it is this product, whatever the offer.
    """

    customer_id: str | None
    conversation_id: str | None
    sku: str | None
    offer_id: str | None
    at: datetime

    def is_of(self, sku: str, offer_id: str | None) -> bool:
        """Whether a promotion of this product with this offer was refused by it."""
        if self.sku is not None:
            return self.sku == sku
        return self.offer_id is None or self.offer_id == offer_id


def check_decision(decision: str, subject: str | None, text: str | None, reason: str | None) -> None:
    """Raises UnusableDecision if it is none, or what comes with it does not fit."""
    if decision not in DECISIONS:
        raise UnusableDecision(f"The decision should be one of {', '.join(DECISIONS)}; came {decision!r}.")
    new = [value for value in (subject, text) if value is not None]
    if decision == "edited" and not (new and all(value.strip() for value in new)):
        raise UnusableDecision("edited needs a new subject or text that is not empty.")
    if decision != "edited" and new:
        raise UnusableDecision(f"{decision} has no new subject or text; only edited has.")
    if decision != "rejected" and reason is not None:
        raise UnusableDecision(f"{decision} has no reason; only rejected has.")
