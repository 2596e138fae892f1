"""Which pieces may follow which? Only what people wrote in the same kind of part, about the same facts.

A small model that has seen a line a few times knows well where a text should go, and badly how its words go
on. So the last few pieces have to stand in the copybook in a row, in a line of the same role and number that
has no other places than those still to be filled; where they go on in several ways the model decides, and
lines cross over wherever they share a few words. Where a line ends and a place is still open, another begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.promotions.copybook import Line
from bot.promotions.plans import in_order

BEGIN, STOP = -1, -2
"""Before the first piece of a line, and after its last one."""
WIDEST, NARROWEST = 5, 3
"""How many pieces have to fit at most, and at least."""

Table = dict[tuple[int, ...], frozenset[int]]
Encode = Callable[[str], list[int]]


@dataclass(frozen=True)
class Followers:
    """What may come next: pieces that go on, whether the line may end here, and pieces that begin another."""

    pieces: frozenset[int]
    may_stop: bool = False
    beginnings: frozenset[int] = frozenset()


class Continuations:
    """What follows the last pieces of a line, by role, number and the places that it may have."""

    def __init__(self, lines: Iterable[Line], encode: Encode) -> None:
        self._encode = encode
        self._lines: dict[str, list[tuple[frozenset[str], Line]]] = defaultdict(list)
        for line in lines:
            self._lines[line.role].append((frozenset(in_order(frozenset(line.places))), line))
        self._tables: dict[tuple[str, bool, frozenset[str]], Table] = {}
        self._encoded: dict[str, tuple[int, ...]] = {}

    def after(
        self,
        role: str,
        several: bool,
        begun_with: frozenset[str],
        open_now: frozenset[str],
        pieces: Sequence[int],
        width: int,
        may: Callable[[int], bool],
    ) -> Followers:
        """`begun_with` are the places that were open when the present line began, `open_now` those that still
        are; `pieces` are those of the present line, `width` of them (or as many as there are) have to fit, or
        a few less where nothing fits; `may` says whether a piece may come at all.
        """
        table = self._table(role, several, begun_with)
        context = (BEGIN, *pieces)[-width:]
        for begin in range(max(1, len(context) - NARROWEST + 1)):
            following = table.get(context[begin:], frozenset())
            found = frozenset(piece for piece in following if piece != STOP and may(piece))
            may_stop = STOP in following
            if may_stop and open_now:
                beginnings = self._table(role, several, open_now).get((BEGIN,), frozenset())
                new = frozenset(piece for piece in beginnings if may(piece))
                if found or new:
                    return Followers(found, False, new)
            elif found or may_stop:
                return Followers(found, may_stop)
        return Followers(frozenset())

    def _table(self, role: str, several: bool, places: frozenset[str]) -> Table:
        """Of the lines that have some of these places and no other, or none where these are none."""
        key = (role, several, places)
        if key not in self._tables:
            found: dict[tuple[int, ...], set[int]] = defaultdict(set)
            for own, line in self._lines[role]:
                if own <= places and (own or not places):
                    self._enter(found, line.said_of(several))
            self._tables[key] = {context: frozenset(following) for context, following in found.items()}
        return self._tables[key]

    def _enter(self, found: dict[tuple[int, ...], set[int]], text: str) -> None:
        if text not in self._encoded:
            self._encoded[text] = (BEGIN, *self._encode(text), STOP)
        pieces = self._encoded[text]
        for place in range(1, len(pieces)):
            for width in range(1, min(WIDEST, place) + 1):
                found[pieces[place - width : place]].add(pieces[place])
