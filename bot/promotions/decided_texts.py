"""What does the writer learn from decisions? Texts that people approved, and short ones as they edited them.

An approved text is learnt with its plan. Of an edited one the new wording is taken where a text is one part
(SMS, push, a subject): in longer ones nobody says which sentence belongs to which part of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from bot.promotions.compositions import Composition
from bot.promotions.copybook import PLACES, Line, problems_of
from bot.promotions.layout import STOP
from bot.promotions.plans import FREE_PLACES, Form, Length, Plan, Section, in_order, length_of
from bot.promotions.promotion import Promotion

ONE_PART: Mapping[str, Form] = {"sms": "sms", "push": "push", "email": "subject"}


def decided_compositions(decided: Iterable[Promotion]) -> tuple[Composition, ...]:
    """What can be learnt from, in the order of the decisions."""
    return tuple(composition for one in decided for composition in _compositions(one))


def lines_of(compositions: Iterable[Composition]) -> tuple[Line, ...]:
    """Their parts as lines of a copybook, so that the writer may also go on as they do."""
    return tuple(
        Line(section.role, composition.plan.tone, part)
        for composition in compositions
        for section, part in zip(composition.plan.sections, composition.parts, strict=True)
    )


def _compositions(one: Promotion) -> Iterator[Composition]:
    plans = [_plan(stored) for stored in one.draft.plan.get("plans", ())]
    if one.decision == "edited":
        edited = _edited(one, plans)
        if edited is not None:
            yield edited
        return
    texts = (one.draft.written or "").split("\n\n")
    for plan, text in zip(plans, texts, strict=False):
        parts = tuple(text.split("\n"))
        if len(parts) == len(plan.sections):
            yield Composition(plan, parts)


def _edited(one: Promotion, plans: list[Plan]) -> Composition | None:
    """The new wording with the facts taken out again; None where that is no line of a copybook."""
    form = ONE_PART.get(one.draft.channel)
    text = one.edited_subject if form == "subject" else one.edited_text
    if form is None or text is None or not plans:
        return None
    line = Line(form, plans[0].tone, unfilled(text.removesuffix(STOP).strip(), one.draft.facts))
    if next(problems_of(line), None) is not None:
        return None
    section = Section(form, in_order(frozenset(line.places)))
    plan = Plan(form, line.tone, length_of(form, line.text), plans[0].several, (section,))
    return Composition(plan, (line.text,))


def unfilled(text: str, told: Iterable[str]) -> str:
    """The text with places for its facts, `told` being ``place: words``; longer facts first, each once."""
    facts = [fact.split(": ", 1) for fact in told if ": " in fact]
    for place, words in sorted(facts, key=lambda fact: -len(fact[1])):
        if place in PLACES and place not in FREE_PLACES:
            text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", f"<{place}>", text, count=1)
    return text


def _plan(stored: Mapping[str, Any]) -> Plan:
    """A plan as the record keeps it."""
    return Plan(
        cast(Form, stored["form"]),
        stored["tone"],
        cast(Length, stored["length"]),
        bool(stored["several"]),
        tuple(Section(one["role"], tuple(one["places"])) for one in stored["sections"]),
    )
