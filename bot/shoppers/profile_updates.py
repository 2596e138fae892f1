"""How do stored profiles keep up with the events? New events are folded in, in the order of their ids.

Reading and folding happen outside of any lock, for texts take time to encode. What comes out is written only
if it is still true then: if the customer still agrees, the stored profile is the one it was folded onto, and
it counts as many events as the database has of this shopper. Otherwise the shopper is folded again from the
beginning. So a sign-in, a withdrawal or a second process in between leaves nothing wrong behind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.database.connection import Database
from bot.database.tables import EventReaderRow
from bot.shoppers.events import hold_events
from bot.shoppers.profile_folding import Folded, Folding
from bot.shoppers.profile_rows import (
    Mark,
    NumberedEvent,
    customers_without_profile,
    delete_profiles_without_events,
    event_counts,
    events_of,
    first_events,
    last_event_id,
    profiled,
    profiles_by_other_rules,
    row_of,
    shopper_of,
    store_profiles,
    stored_marks,
    stored_profiles,
)
from bot.shoppers.shopper import Shopper

READER = "profiles"
EVENTS_AT_ONCE = 1000
TRIES = 3
SEARCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class _Step:
    """What one round found: which profiles are stored (`before`, and `marks` to know them again), which
    shoppers to fold from the beginning (`anew`), and the events for it. Afterwards all events up to the id
    `through` are in."""

    before: Mapping[Shopper, Folded]
    marks: Mapping[Shopper, Mark]
    anew: Collection[Shopper]
    events: Mapping[Shopper, Sequence[NumberedEvent]]
    through: int


class ProfileUpdates:
    """The only writer of profiles; any number of processes may have one."""

    def __init__(self, database: Database, folding: Folding, clock: Callable[[], datetime]) -> None:
        """Raises ValueError for a folding without an encoder: what it folds would lack the texts for ever."""
        if not folding.knows_texts:
            raise ValueError("Profiles are written where there is an encoder; came a folding without one.")
        self._database = database
        self._folding = folding
        self._clock = clock
        self._searched_at: datetime | None = None

    def update_all(self, progress: Callable[[int], None] | None = None) -> int:
        """Folds every event that is not in its shopper's profile yet; gives how many profiles were written.

        `progress` is told the number of events read after each batch. It may be interrupted at any point and
        goes on from there next time. Raises the database's errors.
        """
        written = self._make_missing_ones()
        while True:
            read_through, batch = self._next_batch()
            if not batch:
                return written
            is_all = len(batch) < EVENTS_AT_ONCE
            written += self._bring_up(self._behind(batch), batch if is_all else None)
            self._remember(read_through, batch[-1].id)
            if progress is not None:
                progress(len(batch))

    def _next_batch(self) -> tuple[int, tuple[NumberedEvent, ...]]:
        with self._database.reading() as session:
            row = session.get(EventReaderRow, READER)
            read_through = 0 if row is None else row.read_through
            return read_through, first_events(session, read_through, EVENTS_AT_ONCE)

    def _behind(self, batch: Sequence[NumberedEvent]) -> set[Shopper]:
        """The shoppers of these events whose profiles do not have them yet."""
        last = {shopper_of(each.event): each.id for each in batch}
        with self._database.reading() as session:
            marks = stored_marks(session, last)
        return {
            shopper
            for shopper, event_id in last.items()
            if shopper not in marks or marks[shopper][1] < event_id
        }

    def _bring_up(self, shoppers: Iterable[Shopper], latest: tuple[NumberedEvent, ...] | None) -> int:
        """Fold these shoppers up to now; gives how many were written. `latest` are all events after what was
        read before, if they are at hand."""
        missing, anew, written = set(shoppers), set[Shopper](), 0
        for _ in range(TRIES):
            if not missing:
                break
            step = self._find(missing, anew, latest)
            folded = self._fold(step)
            stored, is_untrue = self._write(step, folded)
            written += stored
            missing = anew = is_untrue
        return written

    def _find(
        self, shoppers: set[Shopper], anew: set[Shopper], latest: tuple[NumberedEvent, ...] | None
    ) -> _Step:
        with self._database.reading() as session:
            allowed = profiled(session, shoppers)
            stored = stored_profiles(session, allowed)
            through = latest[-1].id if latest else last_event_id(session)
            anew = {
                shopper
                for shopper in allowed
                if shopper in anew
                or shopper not in stored
                or stored[shopper].made_by != self._folding.made_by
            }
            to_read = anew if latest is not None else allowed
            events = events_of(session, to_read, through) if to_read else {}
        for each in latest or ():
            shopper = shopper_of(each.event)
            if shopper in allowed - to_read:
                events.setdefault(shopper, []).append(each)
        marks = {shopper: (each.made_by, each.through) for shopper, each in stored.items()}
        return _Step(stored, marks, anew, events, through)

    def _fold(self, step: _Step) -> dict[Shopper, Folded]:
        """What is new of each shopper; those without anything new are left out."""
        start = {
            shopper: step.before.get(shopper, self._folding.empty)
            if shopper not in step.anew
            else self._folding.empty
            for shopper in step.events
        }
        new = {
            shopper: [each.event for each in events if each.id > start[shopper].through]
            for shopper, events in step.events.items()
        }
        wanted = [shopper for shopper, events in new.items() if events]
        folded = self._folding.fold([start[each] for each in wanted], [new[each] for each in wanted])
        return {
            shopper: replace(each, through=step.through) for shopper, each in zip(wanted, folded, strict=True)
        }

    def _write(self, step: _Step, folded: Mapping[Shopper, Folded]) -> tuple[int, set[Shopper]]:
        """Stores what is still true; gives how many, and the shoppers of whom it is not. A shopper of whom
        nothing may be kept any more is neither."""
        if not folded:
            return 0, set()
        at = self._clock()
        rows = {shopper: row_of(shopper, each, at) for shopper, each in folded.items()}
        with self._database.session() as session:
            hold_events(session)
            allowed = profiled(session, folded)
            marks = stored_marks(session, allowed)
            counts = event_counts(session, allowed, step.through)
            true = {
                shopper
                for shopper in allowed
                if marks.get(shopper) == step.marks.get(shopper)
                and counts.get(shopper, 0) == folded[shopper].behaviour.events
            }
            # In the order of their keys, so that two writers never wait for each other in a circle.
            store_profiles(session, [rows[shopper] for shopper in sorted(true, key=lambda each: each.key)])
        return len(true), allowed - true

    def _remember(self, was: int, read_through: int) -> None:
        """The next batch begins after `read_through`, unless another process has gone on meanwhile."""
        with self._database.session() as session:
            self._database.hold(session, READER)
            row = session.get(EventReaderRow, READER)
            if row is None:
                session.add(EventReaderRow(name=READER, read_through=read_through))
            elif row.read_through == was:
                row.read_through = read_through

    def _make_missing_ones(self) -> int:
        """Now and then: profiles that were deleted to be made anew, and those that other rules or another
        encoder made; gives how many were written."""
        at = self._clock()
        if self._searched_at is not None and at - self._searched_at < SEARCH_EVERY:
            return 0
        is_first = self._searched_at is None
        self._searched_at = at
        with self._database.reading() as session:
            shoppers = customers_without_profile(session)
            if is_first:
                shoppers += profiles_by_other_rules(session, self._folding.made_by)
        if is_first:
            with self._database.session() as session:
                delete_profiles_without_events(session)
        return sum(
            self._bring_up(shoppers[start : start + EVENTS_AT_ONCE], None)
            for start in range(0, len(shoppers), EVENTS_AT_ONCE)
        )
