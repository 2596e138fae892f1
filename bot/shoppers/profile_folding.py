"""What is kept of a shopper between two events, and how do new events come into it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.shoppers.behaviour import Behaviour
from bot.shoppers.behaviour_tally import fold_behaviour
from bot.shoppers.events import Event
from bot.shoppers.meaning import Encode, Meaning, TextVectors, Vectors, fold_meaning
from bot.shoppers.product_places import ProductPlaces
from knowledge_base.encoder import DEFAULT_ENCODER

RULES = 1
"""Raise it when the same events fold to something else: profiles made by other rules are made anew."""


@dataclass(frozen=True)
class Folded:
    """All events of one shopper up to the id `through`, added up. `made_by` names rules and encoder."""

    made_by: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    meaning: Meaning | None = None
    through: int = 0

    def as_json(self) -> dict[str, Any]:
        """What stands in `profiles.behaviour`; the direction of the meaning stands beside it."""
        length = None if self.meaning is None else self.meaning.length
        return {"made_by": self.made_by, "meaning_length": length, **self.behaviour.as_json()}

    @classmethod
    def from_stored(cls, data: dict[str, Any], embedding: bytes | None, through: int) -> Folded:
        """The inverse of `as_json`. Raises KeyError or ValueError for what it does not write."""
        length = data["meaning_length"]
        meaning = None if embedding is None else Meaning.from_bytes(embedding, length)
        return cls(data["made_by"], Behaviour.from_json(data), meaning, through)


class Folding:
    """Adds events to what is known. `encode` is None in a process without an encoder: there, words, and
    products too new to have a vector, change the behaviour but not the meaning."""

    def __init__(
        self,
        places: Callable[[], ProductPlaces],
        encode: Encode | None = None,
        encoder_name: str = DEFAULT_ENCODER,
    ) -> None:
        self._places = places
        self._texts = None if encode is None else TextVectors(encode)
        self.made_by = f"rules {RULES}, {encoder_name}"

    @property
    def knows_texts(self) -> bool:
        """Is there an encoder, so that what is folded here may be kept?"""
        return self._texts is not None

    @property
    def empty(self) -> Folded:
        """A shopper of whom nothing was folded yet."""
        return Folded(self.made_by)

    def fold(self, before: Sequence[Folded], events: Sequence[Sequence[Event]]) -> tuple[Folded, ...]:
        """Each one with its new events added; texts of all of them are encoded at once. `through` stays."""
        places = self._places()
        vectors = Vectors((event for each in events for event in each), places, self._texts)
        return tuple(
            replace(
                folded,
                behaviour=fold_behaviour(folded.behaviour, new, places),
                meaning=fold_meaning(folded.meaning, new, vectors),
            )
            for folded, new in zip(before, events, strict=True)
        )
