"""Where does Rasa keep what was just said? A talk's last events, in memory and in a file for restarts."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa.action_replies import check_replies_with_one_validator

EVENTS_PER_TALK = 60
TALKS_IN_MEMORY = 500
HOURS_KEPT = 72
SAVES_BETWEEN_CLEANING = 1000


class RecentTrackerStore(TrackerStore):
    """Keeps the last `events_per_talk` events of each talk, so that neither turn nor memory grows with it.

    `talks_in_memory` talks are kept ready; all talks of the last `hours_kept` hours are in a SQLite file,
    where a turn adds its new events only. Rasa runs one turn of a talk at a time, so its tracker is handed
    out without a copy.
    """

    def __init__(
        self,
        domain: Optional[Domain],
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        events_per_talk: int = EVENTS_PER_TALK,
        talks_in_memory: int = TALKS_IN_MEMORY,
        hours_kept: float = HOURS_KEPT,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._events_per_talk = events_per_talk
        self._talks_in_memory = talks_in_memory
        self._seconds_kept = hours_kept * 3600
        self._trackers: "OrderedDict[str, DialogueStateTracker]" = OrderedDict()
        self._saved: "dict[str, Event]" = {}
        self._saves = 0
        # The one place of ours that Rasa builds once in each process that runs actions.
        check_replies_with_one_validator()
        self._file = _open_file(Path(host) if host else talks_file())
        self._forget_old()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        return DialogueStateTracker(sender_id, self.domain.slots, max_event_history=self._events_per_talk)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """Rasa saves a new tracker at once; an empty one needs no place."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            return await super().create_tracker(sender_id, append_action_listen)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        sender_id = tracker.sender_id
        _end_turn(tracker)
        if self.event_broker is not None:
            await self.stream_events(tracker)
        new = self._new_events(tracker)
        if new:
            self._append(sender_id, new)
            self._saved[sender_id] = new[-1]
        self._remember(tracker)
        self._saves += 1
        if self._saves % SAVES_BETWEEN_CLEANING == 0:
            self._forget_old()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        tracker = self._trackers.get(sender_id)
        if tracker is not None:
            self._trackers.move_to_end(sender_id)
            return tracker
        return self._read(sender_id)

    async def keys(self) -> Iterable[str]:
        return [row[0] for row in self._file.execute("SELECT DISTINCT talk FROM events")]

    def _new_events(self, tracker: DialogueStateTracker) -> List[Event]:
        """The events since the last save, by identity: the tracker drops its oldest, so counting fails."""
        last = self._saved.get(tracker.sender_id)
        new: List[Event] = []
        for event in reversed(tracker.events):
            if event is last:
                break
            new.append(event)
        return new[::-1]

    def _append(self, sender_id: str, new: List[Event]) -> None:
        rows = [(sender_id, time.time(), json.dumps(event.as_dict())) for event in new]
        with self._file:
            self._file.executemany("INSERT INTO events (talk, at, event) VALUES (?, ?, ?)", rows)

    def _read(self, sender_id: str) -> Optional[DialogueStateTracker]:
        rows = self._file.execute(
            "SELECT event FROM events WHERE talk = ? ORDER BY id DESC LIMIT ?",
            (sender_id, self._events_per_talk),
        ).fetchall()
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        for event in deserialise_events([json.loads(row[0]) for row in reversed(rows)]):
            tracker.update(event, self.domain)
        self._saved[sender_id] = tracker.events[-1]
        self._remember(tracker)
        return tracker

    def _remember(self, tracker: DialogueStateTracker) -> None:
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        if len(self._trackers) > self._talks_in_memory:
            oldest, _ = self._trackers.popitem(last=False)
            self._saved.pop(oldest, None)

    def _forget_old(self) -> None:
        with self._file:
            self._file.execute("DELETE FROM events WHERE at < ?", (time.time() - self._seconds_kept,))


def _end_turn(tracker: DialogueStateTracker) -> None:
    """Makes the assistant listen again after a turn that was cut off at Rasa's limit of actions.

    Rasa counts the actions since it last listened, so without this every later message would be cut off at
    once.
    """
    if tracker.events and tracker.latest_action_name != ACTION_LISTEN_NAME:
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


def talks_file() -> Path:
    """rasa/talks.db under STOREKEEP_DATA_DIR."""
    return Path(os.environ.get("STOREKEEP_DATA_DIR", ".storekeep")) / "rasa" / "talks.db"


def _open_file(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    file = sqlite3.connect(path, timeout=5, check_same_thread=False)
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS events "
        "(id INTEGER PRIMARY KEY, talk TEXT NOT NULL, at REAL NOT NULL, event TEXT NOT NULL)"
    )
    file.execute("CREATE INDEX IF NOT EXISTS events_of_talk ON events (talk, id)")
    file.execute("CREATE INDEX IF NOT EXISTS events_by_age ON events (at)")
    return file
