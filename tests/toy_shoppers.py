"""A toy world with one right answer: even shoppers choose even items in a circle, odd ones odd items."""

from __future__ import annotations

from bot.recommendations.interactions import Choice, Interactions, gather

ITEMS = 20


def even_and_odd(users: int = 40, length: int = 6) -> Interactions:
    """User u chooses its parity's items, each two on from the last, beginning at a place of its own."""
    choices = [
        (f"u{user}", [Choice(f"i{(user + 2 * step) % ITEMS:02d}") for step in range(length)])
        for user in range(users)
    ]
    return gather(choices, [f"i{item:02d}" for item in range(ITEMS)])
