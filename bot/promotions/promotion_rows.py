"""How does a promotion lie in its table?"""

from __future__ import annotations

from typing import Any

from bot.database.tables import PromotionRow
from bot.promotions.promotion import Decided, Draft, Promotion


def promotion_of(row: PromotionRow) -> Promotion:
    """A row of the table as a promotion."""
    draft = Draft(
        sku=row.sku,
        channel=row.channel,
        tone=row.tone,
        text=row.text,
        source=row.source,  # type: ignore[arg-type]  # The table's constraint allows no other.
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        offer_id=row.offer_id,
        subject=row.subject,
        written=row.written,
        plan=row.plan,
        facts=tuple(row.facts),
        findings=tuple(row.findings),
    )
    return Promotion(
        id=row.id,
        created_at=row.created_at,
        draft=draft,
        state=row.state,  # type: ignore[arg-type]
        decision=decision_of(row),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        edited_subject=row.edited_subject,
        edited_text=row.edited_text,
        rejection_reason=row.rejection_reason,
        overruled=tuple(row.overruled or ()),
        shown_at=row.shown_at,
    )


def decision_of(row: PromotionRow) -> Decided | None:
    """What a person decided, which stays when the text has been shown."""
    if row.decided_at is None:
        return None
    if row.state == "rejected":
        return "rejected"
    return "approved" if row.edited_text is None and row.edited_subject is None else "edited"


def values_of(draft: Draft) -> dict[str, Any]:
    """The columns of the table that hold a draft."""
    facts, findings = list(draft.facts), list(draft.findings)
    return {**vars(draft), "plan": dict(draft.plan), "facts": facts, "findings": findings}
