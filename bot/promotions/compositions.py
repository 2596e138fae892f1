"""How do the lines of the copybook become whole texts to learn from, each with the plan that it follows?"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.promotions.copybook import TONES, Line
from bot.promotions.plans import FORMS, FREE_PLACES, NEXT, Form, Plan, Section, in_order, length_of

SHAPES: dict[Form, tuple[tuple[tuple[str, ...], float], ...]] = {
    "chat": (
        (("hook", "offer"), 3),
        (("hook", "about", "offer"), 4),
        (("hook", "about", "offer", "close"), 2),
        (("hook", "offer", "close"), 2),
        (("hook", "offer", "about"), 1),
        (("offer", "about"), 1),
    ),
    "subject": ((("subject",), 1),),
    "body": (
        (("hook", "about", "offer", "close"), 4),
        (("hook", "about", "about", "offer", "close"), 4),
        (("hook", "offer", "about", "close"), 2),
        (("hook", "about", "about", "about", "offer", "close"), 1),
        (("offer", "about", "about", "close"), 1),
    ),
    "sms": ((("sms",), 5), (("hook", "offer"), 2), (("offer",), 2), (("offer", "close"), 1)),
    "push": ((("push",), 5), (("hook", "offer"), 1), (("offer",), 2)),
}
"""In which order parts follow one another, with how often."""
FORM_WEIGHTS: dict[Form, float] = {"chat": 3, "subject": 2, "body": 4, "sms": 2, "push": 2}
LONGEST = {"chat": 330, "subject": 60, "body": 560, "sms": 135, "push": 115}
"""In characters, unfilled."""
TRIES = 40


@dataclass(frozen=True)
class Composition:
    """A text to learn from: `parts` has one text for each section of the plan, with places unfilled."""

    plan: Plan
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The parts with what divides them."""
        return f" {NEXT} ".join(self.parts)


@dataclass(frozen=True)
class Composer:
    """Puts lines together at random; the same seed gives the same compositions."""

    lines: tuple[Line, ...]

    @cached_property
    def _by_places(self) -> dict[tuple[str, str], dict[tuple[str, ...], list[Line]]]:
        """The lines of a role and a tone, by the places that they have, free ones included."""
        found: dict[tuple[str, str], dict[tuple[str, ...], list[Line]]] = defaultdict(dict)
        for line in self.lines:
            places = tuple(sorted(set(line.places)))
            found[line.role, line.tone].setdefault(places, []).append(line)
        return found

    def compositions(self, seed: int) -> Iterator[Composition]:
        """Without end."""
        draw = random.Random(seed)
        while True:
            yield self.composition(draw)

    def composition(self, draw: random.Random) -> Composition:
        """One text of a random form, tone and shape. Raises ValueError if the lines allow none."""
        for _ in range(TRIES):
            form = draw.choices(FORMS, [FORM_WEIGHTS[form] for form in FORMS])[0]
            shapes = SHAPES[form]
            roles = draw.choices([shape for shape, _ in shapes], [weight for _, weight in shapes])[0]
            tone, several = draw.choice(TONES), draw.random() < 0.4
            chosen = self._chosen(roles, tone, form, draw)
            if chosen is None:
                continue
            parts = tuple(line.said_of(several) for line in chosen)
            text = " ".join(parts)
            if len(text) > LONGEST[form]:
                continue
            sections = tuple(Section(line.role, in_order(frozenset(line.places))) for line in chosen)
            return Composition(Plan(form, tone, length_of(form, text), several, sections), parts)
        raise ValueError("the copybook has too few lines to put texts together from")

    def _chosen(self, roles: Sequence[str], tone: str, form: Form, draw: random.Random) -> list[Line] | None:
        """Lines that can stand one after another: no fact twice, the product named once and before "it"."""
        chosen: list[Line] = []
        named: set[str] = set()
        for number, role in enumerate(roles):
            sets = self._by_places.get((role, tone), {})
            fitting = [places for places in sets if _may_follow(places, role, named, number, roles)]
            if not fitting:
                return None
            # Each set of places comes about as often, however many lines it has: rare ones are what the
            # writer would else not learn.
            places = draw.choices(fitting, [len(sets[one]) ** 0.5 for one in fitting])[0]
            chosen.append(draw.choice(sets[places]))
            named |= set(places) - set(FREE_PLACES)
        return chosen if "product" in named or form in ("push", "subject") else None


def _may_follow(places: Sequence[str], role: str, named: set[str], number: int, roles: Sequence[str]) -> bool:
    if not named.isdisjoint(places):
        return False
    if role == "offer" and "product" not in named and "product" not in places:
        return False
    if role == "about" and "product" not in named:
        return False
    if role == "hook" and len(roles) > 1 and roles[number + 1] == "about":
        return "product" in places
    return True
