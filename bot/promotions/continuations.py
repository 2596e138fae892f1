"""Which pieces may follow which? Only what people wrote in the same kind of part, about the same facts.

A small model that has seen a line a few times knows well where a text should go, and badly how its words go
on. So the last few pieces have to stand in the copybook in a row, in a line of the same role and number.
Where they go on in several ways the model decides, and lines cross over wherever they share a few words, if
the rest of the line that is crossed over to names only what is still to be named. Where a line ends and
something is left to be named, another one begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.promotions.copybook import Line
from bot.promotions.plans import in_order

BEGIN, STOP = -1, -2
"""Before the first piece of a line, and after its last one."""

Places = frozenset[str]
Table = dict[tuple[int, ...], dict[int, frozenset[Places]]]
"""By the last pieces: what follows, with the places from there to the end of each line that goes on so."""
Encode = Callable[[str], list[int]]


@dataclass(frozen=True)
class Followers:
    """What may come next: pieces that go on, whether the line may end here, and pieces that begin another."""

    pieces: frozenset[int]
    may_stop: bool = False
    beginnings: frozenset[int] = frozenset()


class Continuations:
    """What follows the last pieces of a line, by role, number and the places that it may have."""

    def __init__(
        self, lines: Iterable[Line], encode: Encode, place_of: Mapping[int, str], width: int
    ) -> None:
        """`place_of` is the place of each piece that is one; `width` is how many of the last pieces, 1 or
        more, have to fit, or as many as there are.
        """
        self._width = width
        self._encode = encode
        self._place_of = place_of
        self._lines: dict[str, list[tuple[Places, Line]]] = defaultdict(list)
        for line in lines:
            self._lines[line.role].append((frozenset(in_order(frozenset(line.places))), line))
        self._tables: dict[tuple[str, bool, Places], Table] = {}
        self._ends: dict[tuple[str, Places], bool] = {}
        self._encoded: dict[str, tuple[int, ...]] = {}

    def after(
        self,
        role: str,
        several: bool,
        begun_with: Places,
        open_now: Places,
        pieces: Sequence[int],
    ) -> Followers:
        """`begun_with` are the places that were open when the present line began, `open_now` those that still
        are; `pieces` are those of the present line.
        """
        context = (BEGIN, *pieces)[-self._width :]
        options = self._table(role, several, begun_with).get(context, {})
        found = self._leading_to_an_end(role, options, open_now)
        if STOP not in options or not open_now:
            return Followers(found, STOP in options)
        first = self._table(role, several, open_now).get((BEGIN,), {})
        return Followers(found, False, self._leading_to_an_end(role, first, open_now))

    def _leading_to_an_end(
        self, role: str, options: Mapping[int, frozenset[Places]], open_now: Places
    ) -> frozenset[int]:
        """The pieces from which a line can come to its end, and other lines name what is then left."""
        return frozenset(
            piece
            for piece, rests in options.items()
            if piece != STOP
            and any(rest <= open_now and self._can_be_told(role, open_now - rest) for rest in rests)
        )

    def _can_be_told(self, role: str, left: Places) -> bool:
        """Whether whole lines can name all that is left, nothing twice."""
        if not left:
            return True
        key = (role, left)
        if key not in self._ends:
            owns = {own for own, _ in self._lines[role] if own and own <= left}
            self._ends[key] = any(self._can_be_told(role, left - own) for own in owns)
        return self._ends[key]

    def _table(self, role: str, several: bool, places: Places) -> Table:
        """Of the lines that have some of these places and no other, or none where these are none."""
        key = (role, several, places)
        if key not in self._tables:
            found: dict[tuple[int, ...], dict[int, set[Places]]] = defaultdict(lambda: defaultdict(set))
            for own, line in self._lines[role]:
                if own <= places and (own or not places):
                    self._enter(found, line.said_of(several))
            self._tables[key] = {
                context: {piece: frozenset(rests) for piece, rests in following.items()}
                for context, following in found.items()
            }
        return self._tables[key]

    def _enter(self, found: dict[tuple[int, ...], dict[int, set[Places]]], text: str) -> None:
        if text not in self._encoded:
            self._encoded[text] = (BEGIN, *self._encode(text), STOP)
        pieces = self._encoded[text]
        rest: Places = frozenset()
        for place in range(len(pieces) - 1, 0, -1):
            named = self._place_of.get(pieces[place])
            rest = rest if named is None else rest | {named}
            found[pieces[max(0, place - self._width) : place]][pieces[place]].add(rest)
