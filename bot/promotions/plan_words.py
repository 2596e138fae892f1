"""What was the writer told to write, in words that people read?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ROLE_WORDS = {
    "subject": "a subject",
    "hook": "an opening",
    "about": "about the product",
    "offer": "the offer",
    "close": "an ending",
    "sms": "a text message",
    "push": "a push message",
}


def plan_in_words(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """A line for each text of the plan, as a promotion keeps it: `Body, medium: an opening with name; the
    offer with price, code`. What does not read as a plan is left out; a template has none.
    """
    plans = plan.get("plans")
    return tuple(_lines(plans)) if isinstance(plans, list) else ()


def _lines(plans: list[Any]) -> Iterator[str]:
    for one in plans:
        if not isinstance(one, Mapping):
            continue
        sections = one.get("sections")
        told = [_section(section) for section in sections] if isinstance(sections, list) else []
        head = f"{str(one.get('form', 'text')).capitalize()}, {one.get('length', 'any length')}"
        yield f"{head}: {'; '.join(told)}" if told else head


def _section(section: Any) -> str:
    if not isinstance(section, Mapping):
        return str(section)
    role = str(section.get("role", ""))
    places = section.get("places")
    words = ROLE_WORDS.get(role, role)
    if not isinstance(places, list) or not places:
        return words
    return f"{words} with {', '.join(str(place).replace('_', ' ') for place in places)}"
