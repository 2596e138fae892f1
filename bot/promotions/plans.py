"""What is a text to say, in which order, how long and in which tone? The plan that the writer follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.promotions.copybook import PLACES, ROLES, TONES

Channel = Literal["chat", "email", "sms", "push"]
CHANNELS: tuple[Channel, ...] = ("chat", "email", "sms", "push")
Form = Literal["chat", "subject", "body", "sms", "push"]
FORMS: tuple[Form, ...] = ("chat", "subject", "body", "sms", "push")
"""What is written in one go. An e-mail is a subject and a body."""
FORMS_OF: dict[Channel, tuple[Form, ...]] = {
    "chat": ("chat",),
    "email": ("subject", "body"),
    "sms": ("sms",),
    "push": ("push",),
}
Length = Literal["short", "medium", "long"]
LENGTHS: tuple[Length, ...] = ("short", "medium", "long")
LENGTH_LIMITS: dict[Form, tuple[int, int]] = {
    "chat": (120, 180),
    "subject": (28, 40),
    "body": (230, 330),
    "sms": (75, 105),
    "push": (55, 80),
}
"""Up to how many characters of its unfilled text a form is short, and medium."""
FREE_PLACES = ("kind", "category", "shop")
"""What a text may name wherever it likes: it is true of every product."""

NEXT, END, START = "[next]", "[end]", "[write]"
CONTROLS = (
    *(f"[form:{form}]" for form in FORMS),
    *(f"[tone:{tone}]" for tone in TONES),
    *(f"[{length}]" for length in LENGTHS),
    "[one]",
    "[several]",
    *(f"[{role}]" for role in ROLES),
    START,
    NEXT,
    END,
)


@dataclass(frozen=True)
class Section:
    """A part of a text, a sentence or two: what it is for, and the places that it must have, in the order of
    `PLACES`. The order of the words is the writer's."""

    role: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """`several` says that the product's name is a plural: earbuds, socks."""

    form: Form
    tone: str
    length: Length
    several: bool
    sections: tuple[Section, ...]

    @property
    def places(self) -> frozenset[str]:
        """All that the text must name."""
        return frozenset(place for section in self.sections for place in section.places)

    def words(self) -> list[str]:
        """The plan as the writer reads it, before it writes."""
        words = [
            f"[form:{self.form}]",
            f"[tone:{self.tone}]",
            f"[{self.length}]",
            "[several]" if self.several else "[one]",
        ]
        for section in self.sections:
            words += [f"[{section.role}]", *(f"<{place}>" for place in section.places)]
        return [*words, START]


def in_order(places: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    """Each place once, in the order of `PLACES`, without those that are free."""
    return tuple(place for place in PLACES if place in places and place not in FREE_PLACES)


def length_of(form: Form, text: str) -> Length:
    """How long an unfilled text is for its form."""
    short, medium = LENGTH_LIMITS[form]
    return "short" if len(text) <= short else "medium" if len(text) <= medium else "long"
