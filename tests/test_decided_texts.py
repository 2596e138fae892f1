"""What does the writer learn from what people decided?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from bot.promotions.compositions import Composition
from bot.promotions.copybook import Line
from bot.promotions.decided_texts import decided_compositions, lines_of, unfilled
from bot.promotions.layout import STOP
from bot.promotions.plans import Plan, Section
from bot.promotions.promotion import Decided, Draft, Promotion

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHAT = Plan(
    "chat", "warm", "short", False, (Section("hook", ("product",)), Section("offer", ("percent", "until")))
)
SMS = Plan("sms", "plain", "short", True, (Section("sms", ("product", "percent")),))


def promotion(plan: Plan, written: str, decision: Decided, edited_text: str | None = None) -> Promotion:
    draft = Draft(
        sku="AUD-002",
        channel="chat" if plan.form == "chat" else "sms",
        tone=plan.tone,
        text="as it was",
        source="model",
        written=written,
        plan={"plans": [asdict(plan)]},
        facts=("product: Kessry Pip Earbuds", "percent: 20%", "until: 3 May"),
    )
    return Promotion(1, NOON, draft, decision, decision, NOON, "ida", edited_text=edited_text)


def test_an_approved_text_is_learnt_with_its_plan() -> None:
    found = decided_compositions(
        [promotion(CHAT, "Meet the <product>.\nNow <percent> off, until <until>.", "approved")]
    )
    assert found == (Composition(CHAT, ("Meet the <product>.", "Now <percent> off, until <until>.")),)
    assert lines_of(found) == (
        Line("hook", "warm", "Meet the <product>."),
        Line("offer", "warm", "Now <percent> off, until <until>."),
    )


def test_a_short_text_is_learnt_as_it_was_edited_with_its_facts_taken_out() -> None:
    edited = "Kessry Pip Earbuds at 20% off, should you like them." + STOP
    (found,) = decided_compositions([promotion(SMS, "<product>: <percent> off.", "edited", edited)])
    assert found.parts == ("<product> at <percent> off, should you like them.",)
    assert found.plan.sections == (Section("sms", ("product", "percent")),)
    assert found.plan.several


def test_an_edited_text_that_is_no_line_of_a_copybook_is_not_learnt() -> None:
    assert decided_compositions([promotion(SMS, "<product>.", "edited", "The best of 2026!")]) == ()
    assert decided_compositions([promotion(CHAT, "<product>.", "edited", "Long and by hand.")]) == ()


def test_facts_are_taken_out_longest_first_and_once() -> None:
    told = ("product: Ember", "bundle: Ember One Stove", "percent: 5%")
    assert (
        unfilled("Ember One Stove and Ember, 5% or 15%.", told) == "<bundle> and <product>, <percent> or 15%."
    )
