"""What did the shopper just say, on which page, and what had the assistant said before?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

# fmt: off
QUESTION_WORDS = frozenset(
    {
        "what", "which", "who", "whose", "whom", "when", "where", "why", "how", "is", "are", "am",
        "was", "were", "do", "does", "did", "can", "could", "will", "would", "should", "shall",
        "may", "might", "has", "have", "had", "any",
    }
)
# fmt: on


def words_said(tracker: Tracker) -> str:
    """The shopper's latest message; empty if there is none."""
    text = tracker.latest_message.get("text")
    return text.strip() if isinstance(text, str) else ""


def intent_of(tracker: Tracker) -> str | None:
    """The intent of the latest message as Rasa took it."""
    intent = tracker.latest_message.get("intent")
    name = intent.get("name") if isinstance(intent, dict) else None
    return name if isinstance(name, str) else None


def product_on_page(tracker: Tracker) -> str | None:
    """The SKU of the product page on which the latest message was written, or None."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            metadata = event.get("metadata")
            sku = metadata.get("product") if isinstance(metadata, dict) else None
            return sku if isinstance(sku, str) and sku else None
    return None


def last_response(tracker: Tracker) -> str | None:
    """The name of the assistant's last response before the latest message; None for a free text."""
    said = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            said = True
        elif said and event.get("event") == "bot":
            metadata = event.get("metadata")
            name = metadata.get("utter_action") if isinstance(metadata, dict) else None
            return name if isinstance(name, str) else None
    return None


def actions_since_said(tracker: Tracker) -> list[str]:
    """The names of the actions that ran since the latest message, the oldest first."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "action":
            names.append(str(event.get("name")))
    return names[::-1]


def slot(tracker: Tracker, name: str) -> str | None:
    """A slot's text. Where a message filled it with several, the first."""
    value: Any = tracker.get_slot(name)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) and value else None


def is_question(text: str) -> bool:
    """Does it read like a question, with or without its mark?"""
    first = text.lower().split(maxsplit=1)[:1]
    return "?" in text or (bool(first) and first[0].strip(",.'\"") in QUESTION_WORDS)
