"""How do Rasa's messages become what the widget shows?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

CARD_KINDS = ("source", "product", "order")

Message = dict[str, Any]


def reply_messages(message_id: str, raw: Sequence[dict[str, Any]]) -> list[Message]:
    """The messages `{"id", "text", "buttons"?, "cards"?, "image"?}` that answer the message `message_id`.

    An image or cards without text join the message before them. What has none of our shapes is left out.
    The ids follow from `message_id` and the place, so the same reply has the same ids everywhere.
    """
    messages: list[Message] = []
    for part in raw:
        parts = _parts(part)
        if messages and "text" not in parts and not (messages[-1].keys() & parts.keys() - {"cards"}):
            _join(messages[-1], parts)
        elif parts:
            messages.append({"text": "", **parts})
    return [{"id": reply_id(message_id, place), **message} for place, message in enumerate(messages)]


def said(message_id: str, text: str) -> list[Message]:
    """One message of our own in place of Rasa's."""
    return [{"id": reply_id(message_id, 0), "text": text}]


def reply_id(message_id: str, place: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"storekeep:{UUID(message_id)}:{place}"))


def _parts(part: dict[str, Any]) -> Message:
    found: Message = {}
    if _is_filled(text := part.get("text")):
        found["text"] = text
    if buttons := _buttons(part.get("buttons")):
        found["buttons"] = buttons
    if _is_filled(image := part.get("image")):
        found["image"] = image
    if cards := _cards(part.get("custom")):
        found["cards"] = cards
    return found


def _join(message: Message, parts: Message) -> None:
    cards = message.get("cards", []) + parts.get("cards", [])
    message.update(parts)
    if cards:
        message["cards"] = cards


def _buttons(value: object) -> list[dict[str, str]]:
    """The whole buttons. One with Rasa's `/intent` would be read as words, and is left out."""
    if not isinstance(value, list):
        return []
    return [
        {"title": button["title"], "payload": button["payload"]}
        for button in value
        if isinstance(button, dict) and _is_filled(button.get("title")) and _is_said(button.get("payload"))
    ]


def _cards(custom: object) -> list[dict[str, Any]]:
    cards = custom.get("cards") if isinstance(custom, dict) else None
    if not isinstance(cards, list):
        return []
    return [_card(card) for card in cards if isinstance(card, dict) and card.get("kind") in CARD_KINDS]


def _card(card: dict[str, Any]) -> dict[str, Any]:
    """The card with whole buttons only; a reason that is no text is none."""
    kept = {name: value for name, value in card.items() if name not in ("buttons", "reason")}
    if _is_filled(reason := card.get("reason")):
        kept["reason"] = reason
    if buttons := _buttons(card.get("buttons")):
        kept["buttons"] = buttons
    return kept


def _is_said(payload: object) -> bool:
    return isinstance(payload, str) and _is_filled(payload) and not payload.strip().startswith("/")


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""
