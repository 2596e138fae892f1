"""Who chose what, in which order? The histories that recommenders learn from and are measured on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int32]
"""Places in a list of items or of kinds, shape (length,)."""

KINDS = ("viewed", "added", "bought")
"""What was done with an item, from the weakest sign of liking to the strongest."""
VIEWED, ADDED, BOUGHT = range(len(KINDS))


@dataclass(frozen=True)
class Choice:
    """One thing that a user did with an item; `kind` is a place in KINDS."""

    item: str
    kind: int = BOUGHT
    at: datetime | None = None


@dataclass(frozen=True)
class History:
    """What one user chose, oldest first, by places in `Interactions.items` and KINDS."""

    user: str
    items: Places
    kinds: Places

    def __len__(self) -> int:
        return len(self.items)

    def before(self, end: int) -> History:
        """What came before the place `end`; negative counts from the end, as in a slice."""
        return History(self.user, self.items[:end], self.kinds[:end])


@dataclass(frozen=True)
class Interactions:
    """The histories of users over `items` (SKUs or other names, each once)."""

    items: tuple[str, ...]
    histories: tuple[History, ...]

    @property
    def count(self) -> int:
        """How many choices there are in all."""
        return sum(len(history) for history in self.histories)


@dataclass(frozen=True)
class Case:
    """One question of an evaluation: after this history, was it `target` (a place in the items) that came?"""

    history: History
    target: int


@dataclass(frozen=True)
class LeaveOneOut:
    """Each user's last item is for the test, the one before for choosing, the rest for learning.

    `test` histories contain the validation item: it is known by then, though no model learns from it.
    """

    train: Interactions
    validation: tuple[Case, ...]
    test: tuple[Case, ...]


def gather(
    choices: Iterable[tuple[str, Sequence[Choice]]], items: Sequence[str] | None = None
) -> Interactions:
    """Histories from each user's choices, oldest first. `items` None takes the items that were chosen, in the
    order of their first choice; otherwise choices of other items are left out.
    """
    places = {} if items is None else {item: place for place, item in enumerate(items)}
    is_open = items is None
    histories = []
    for user, chosen in choices:
        known = [
            (places.setdefault(choice.item, len(places)) if is_open else places[choice.item], choice.kind)
            for choice in chosen
            if is_open or choice.item in places
        ]
        pairs = np.array(known, dtype=np.int32).reshape(-1, 2)
        histories.append(History(user, pairs[:, 0].copy(), pairs[:, 1].copy()))
    return Interactions(tuple(places), tuple(histories))


def leave_one_out(interactions: Interactions) -> LeaveOneOut:
    """The usual split of sequential recommendation (Kang and McAuley 2018). Users with fewer than three
    items are only learnt from.
    """
    long = [history for history in interactions.histories if len(history) >= 3]
    short = [history for history in interactions.histories if len(history) < 3]
    train = Interactions(interactions.items, (*(history.before(-2) for history in long), *short))
    validation = tuple(Case(history.before(-2), int(history.items[-2])) for history in long)
    test = tuple(Case(history.before(-1), int(history.items[-1])) for history in long)
    return LeaveOneOut(train, validation, test)


@dataclass(frozen=True)
class TimeSplit:
    """What was chosen before `cut` is learnt from; each case asks for the first item after it that is new to
    its user. A cold user has no history before the cut: the case's history is then their first item after
    it. A cold item is a target that nobody chose before the cut.
    """

    train: Interactions
    cases: tuple[Case, ...]
    cold_users: tuple[Case, ...]
    cold_items: tuple[Case, ...]


def split_by_time(choices: Mapping[str, Sequence[Choice]], items: Sequence[str], cut: datetime) -> TimeSplit:
    """`choices` of each user oldest first, with times, each item once. Raises ValueError without a time."""
    before: dict[str, list[Choice]] = {}
    after: dict[str, list[Choice]] = {}
    for user, chosen in choices.items():
        for choice in chosen:
            if choice.at is None:
                raise ValueError(f"a split by time needs the time of every choice; {user!r} has one without")
            (before if choice.at < cut else after).setdefault(user, []).append(choice)
    train = gather(before.items(), items)
    warm = set(np.concatenate([history.items for history in train.histories]).tolist())
    asked, cold = [], []
    for user, later in after.items():
        known = before.get(user, [])
        shown, wanted = (known, later[0]) if known else (later[:1], later[1] if len(later) > 1 else None)
        if wanted is None:
            continue
        made = gather([(user, [*shown, wanted])], items).histories[0]
        case = Case(made.before(-1), int(made.items[-1]))
        asked.append(case)
        if not known:
            cold.append(case)
    new = tuple(case for case in asked if case.target not in warm)
    return TimeSplit(train, tuple(asked), tuple(cold), new)
