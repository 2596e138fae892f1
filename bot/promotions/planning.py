"""Which plans fit these facts? Several for one message, each telling another choice of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.promotions.compositions import SHAPES
from bot.promotions.copybook import DETAILS, Line
from bot.promotions.details import is_several
from bot.promotions.facts import Facts
from bot.promotions.plans import LENGTHS, Form, Length, Plan, Section, in_order

TRIES = 60
OF_NOW_ONLY = ("stock",)
"""What may have changed by the time that a letter is read."""
SMS_PLACES_CHARACTERS = 85
PUSH_PLACES_CHARACTERS = 60
NAME_CHARACTERS = 6
"""What a first name takes, whoever reads: no plan may differ by the name."""


class NoPlan(Exception):
    """The writer knows no text for these facts; the message says for which."""


@dataclass(frozen=True)
class Order:
    """What is wanted: a form, a tone, and a length or None for what fits."""

    form: Form
    tone: str
    length: Length | None = None


def planned(
    order: Order,
    facts: Facts,
    fills: Mapping[str, str],
    sets: Mapping[str, Sequence[Sequence[str]]],
    draw: random.Random,
) -> Plan:
    """A plan that tells all that must be told: the offer with its code and its minimum, or else the price.

    `sets` are the places that one part may have, by "role tone", each as often as the writer saw it. Raises
    NoPlan.
    """
    must = musts(order.form, facts, fills)
    may = _allowed(order.form, facts, fills)
    for _ in range(TRIES):
        shapes = [(shape, weight) for shape, weight in SHAPES[order.form] if _has_room(shape, order.length)]
        roles = draw.choices([shape for shape, _ in shapes], [weight for _, weight in shapes])[0]
        sections = _sections(roles, order.tone, must, may, sets, draw)
        if sections is not None:
            length = order.length or _fitting_length(order.form, sections, fills, draw)
            return Plan(order.form, order.tone, length, is_several(facts.product.name), sections)
    wanted = ", ".join(sorted(must))
    raise NoPlan(f"the writer has no {order.tone} {order.form} that tells {wanted}")


def musts(form: Form, facts: Facts, fills: Mapping[str, str]) -> frozenset[str]:
    """What a text has to name; of a push the product's kind is enough, a subject need not tell anything."""
    if form == "subject":
        return frozenset()
    wanted = {"product"} if form != "push" else set()
    offer = facts.offer
    if offer is None:
        return frozenset(wanted | {"price"})
    heads = {
        "percentage": "percent",
        "amount": "saving",
        "free_shipping": "free_shipping",
        "bundle": "bundle",
    }
    wanted.add(heads[offer.kind])
    return frozenset(wanted | {place for place in ("code", "minimum") if place in fills})


def _allowed(form: Form, facts: Facts, fills: Mapping[str, str]) -> frozenset[str]:
    may = {place for place, words in fills.items() if words}
    if facts.statements:
        may.add("statement")
    if form in ("body", "subject", "sms") or facts.offer is not None:
        may -= set(OF_NOW_ONLY)
    if form in ("sms", "push"):
        may.discard("statement")
    return frozenset(may)


def _has_room(shape: Sequence[str], length: Length | None) -> bool:
    if length is None:
        return True
    return len(shape) <= 3 if length == "short" else len(shape) >= 2 or shape[0] in ("subject", "sms", "push")


def _sections(
    roles: Sequence[str],
    tone: str,
    must: frozenset[str],
    may: frozenset[str],
    sets: Mapping[str, Sequence[Sequence[str]]],
    draw: random.Random,
) -> tuple[Section, ...] | None:
    """A set of places for each part, all that must be named in one of them and none twice; None if chance led
    to nothing that fits."""
    chosen: list[Section] = []
    named: set[str] = set()
    for number, role in enumerate(roles):
        fitting = []
        for places in sets.get(f"{role} {tone}", ()):
            wanted = set(places)
            if not wanted <= may or wanted & named:
                continue
            if role == "about" and ("product" not in named or not wanted & set(DETAILS)):
                continue
            if role == "offer" and "product" not in named | wanted:
                continue
            if role in ("offer", "sms", "push") and not _tells_offer(wanted, must):
                continue
            if role == "hook" and roles[number + 1 : number + 2] == ("about",) and "product" not in wanted:
                continue
            fitting.append(places)
        if not fitting:
            return None
        section = Section(role, in_order(frozenset(draw.choice(fitting))))
        chosen.append(section)
        named |= set(section.places)
    return tuple(chosen) if must <= named else None


def _tells_offer(places: set[str], must: frozenset[str]) -> bool:
    """The part that tells the offer tells its head, or the price where there is none; the code may follow."""
    heads = must - {"product", "code", "minimum"}
    return heads <= places and ("minimum" not in must or "minimum" in places)


def _fitting_length(
    form: Form, sections: Sequence[Section], fills: Mapping[str, str], draw: random.Random
) -> Length:
    """Shorter where the facts themselves are long, so that the text keeps to its form."""
    if form in ("chat", "body"):
        return draw.choice(LENGTHS)
    taken = sum(
        NAME_CHARACTERS if place == "name" else len(fills.get(place, ""))
        for section in sections
        for place in section.places
    )
    room = {"sms": SMS_PLACES_CHARACTERS, "push": PUSH_PLACES_CHARACTERS, "subject": 34}[form]
    return "short" if taken > room * 0.6 else draw.choice(("short", "medium"))


def places_together(lines: Sequence[Line]) -> dict[str, list[list[str]]]:
    """Which places stand together in one part, by "role tone"; each set as often as the root of its lines, so
    that frequent ones are asked for more often, but not only they."""
    counted: dict[str, dict[tuple[str, ...], int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        counted[f"{line.role} {line.tone}"][in_order(frozenset(line.places))] += 1
    return {
        key: [list(places) for places in sorted(sets) for _ in range(max(1, round(sets[places] ** 0.5)))]
        for key, sets in sorted(counted.items())
    }
