"""What sets a segment apart, and what is it called in plain words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.shoppers.segment_features import BEHAVIOUR, LOGARITHMIC, Matrix, Raw

CLEAR, VISIBLE = 0.5, 0.2
"""Standard deviations from everyone's mean: from the first on a number is worth a word in the name, from the
second on it may tell two segments apart that would else have the same name."""
LOVED_SHARE, LOVED_TIMES = 0.25, 1.8
"""A category is loved if it has at least this share, and this many times its share over all shoppers."""
MOST_TRAITS = 2
FEW_ORDERS = 0.3
"""A segment with fewer orders a shopper is one of onlookers."""

WORDS: Mapping[str, tuple[str, str]] = {
    "days away": ("not seen for long", "seen lately"),
    "activity": ("who come often", "who come rarely"),
    "orders": ("who order often", "who order rarely"),
    "spend": ("who spend much", "who spend little"),
    "basket": ("who fill their baskets", "who buy one thing at a time"),
    "price level": ("who choose the dearer things", "who choose the cheaper things"),
    "evenings": ("mostly evenings", "rarely evenings"),
    "mornings": ("mostly mornings", "rarely mornings"),
    "weekends": ("mostly weekends", "rarely weekends"),
    "searching": ("who search and ask", "who browse without searching"),
    "chat": ("who chat", "who do not chat"),
}
"""For each number the words for more of it and for less of it than others have."""
PREFERRED = ("spend", "orders", "price level", "evenings", "mornings", "weekends", "days away", "chat")
"""Of these first what is clearest is named; the others only where these do not tell two segments apart."""


@dataclass(frozen=True)
class Trait:
    """One number of a segment beside everyone's. `distance` is in standard deviations of all shoppers, above
    0 for more than others; the means are in plain units, or shares for a category."""

    name: str
    is_category: bool
    mean: float
    mean_of_all: float
    distance: float

    @property
    def words(self) -> str:
        """The difference in a few words."""
        if self.is_category:
            return f"{self.name} {self.mean:.0%} of their interest, {self.mean_of_all:.0%} of everyone's"
        return WORDS[self.name][0 if self.distance > 0 else 1]


def traits_of(raw: Raw, category_names: Sequence[str], members: Matrix) -> tuple[Trait, ...]:
    """What sets the rows where `members`, bool of shape (shoppers,), is True apart from all rows; the
    clearest first, ties by name. There is at least one member."""
    numbers = np.where(np.isnan(raw.numbers), 0.5, raw.numbers)
    for name in LOGARITHMIC:
        column = BEHAVIOUR.index(name)
        numbers[:, column] = np.log1p(numbers[:, column])
    traits = []
    for column, name in enumerate((*BEHAVIOUR, *category_names)):
        is_category = column >= len(BEHAVIOUR)
        values = raw.categories[:, column - len(BEHAVIOUR)] if is_category else numbers[:, column]
        spread = float(values.std())
        inside, everywhere = float(values[members].mean()), float(values.mean())
        distance = (inside - everywhere) / spread if spread > 1e-9 else 0.0
        if name in LOGARITHMIC and not is_category:
            inside, everywhere = float(np.expm1(inside)), float(np.expm1(everywhere))
        traits.append(Trait(name, is_category, inside, everywhere, distance))
    return tuple(sorted(traits, key=lambda trait: (-abs(trait.distance), trait.name)))


def name_segments(segments: Sequence[Sequence[Trait]]) -> tuple[str, ...]:
    """A name for each segment, all different, from the traits as `traits_of` gives them."""
    names: list[str] = []
    for traits in segments:
        head, clear = _head(traits), _words(traits, CLEAR)[:MOST_TRAITS]
        more = [words for words in _words(traits, VISIBLE) if words not in clear]
        candidates = [_name(head, [*clear, *more[:count]]) for count in range(len(more) + 1)]
        free = [name for name in candidates if name not in names]
        names.append(free[0] if free else _numbered(candidates[0], names))
    return tuple(names)


def _head(traits: Sequence[Trait]) -> str:
    """Whom it is about: by the categories that they love, else by how they behave."""
    loved = [
        trait
        for trait in traits
        if trait.is_category
        and trait.mean >= LOVED_SHARE
        and trait.mean >= LOVED_TIMES * max(trait.mean_of_all, 1e-9)
    ]
    if loved:
        by_share = sorted(loved, key=lambda trait: (-trait.mean, trait.name))[:2]
        return " and ".join(trait.name for trait in by_share) + " lovers"
    by_name = {trait.name: trait for trait in traits if not trait.is_category}
    if by_name["orders"].distance >= CLEAR:
        return "Regular buyers"
    if by_name["orders"].mean < FEW_ORDERS:
        return "Onlookers"
    return "Shoppers of everything"


def _words(traits: Sequence[Trait], least: float) -> list[str]:
    """The words of what is at least so far from everyone's, the preferred ones first; nothing twice that is
    said by the head already."""
    clear = [trait for trait in traits if not trait.is_category and abs(trait.distance) >= least]
    orders = next(trait for trait in traits if trait.name == "orders" and not trait.is_category)
    if orders.mean < FEW_ORDERS:
        # Who buys nothing spends nothing and has no basket, which says nothing more.
        clear = [trait for trait in clear if trait.name not in ("spend", "basket", "orders")]
    elif orders.distance >= CLEAR:
        clear = [trait for trait in clear if trait.name != "orders"]
    preferred = [trait.words for trait in clear if trait.name in PREFERRED]
    return preferred + [trait.words for trait in clear if trait.name not in PREFERRED]


def _name(head: str, extra: Sequence[str]) -> str:
    return ", ".join((" ".join((head, *extra[:1])), *extra[1:]))


def _numbered(name: str, taken: Sequence[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
