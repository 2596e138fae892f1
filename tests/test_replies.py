"""Do Rasa's messages become only what the widget knows how to show?"""

from __future__ import annotations

from typing import Any

from bot.web.replies import reply_messages

ID = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
CARD = {"kind": "product", "sku": "OFF-001", "title": "Lamp"}


def shown(card: dict[str, Any]) -> Any:
    return reply_messages(ID, [{"text": "Look", "custom": {"cards": [card]}}])[0]["cards"]


def test_a_card_keeps_its_reason_and_its_buttons() -> None:
    card = CARD | {"reason": "It fits.", "buttons": [{"title": "Not for me", "payload": "Not for me: Lamp"}]}
    assert shown(card) == [card]


def test_a_button_of_a_card_says_words_and_no_command() -> None:
    buttons: list[object] = [
        {"title": "Go", "payload": "/restart"},
        {"title": "", "payload": "x"},
        {"title": "No payload"},
        "Buy",
        {"title": "Yes", "payload": "yes", "more": 1},
    ]
    assert shown(CARD | {"buttons": buttons}) == [CARD | {"buttons": [{"title": "Yes", "payload": "yes"}]}]


def test_what_is_no_reason_and_no_button_is_left_out() -> None:
    assert shown(CARD | {"reason": 5, "buttons": "all"}) == [CARD]
    assert shown(CARD | {"reason": " ", "buttons": []}) == [CARD]
