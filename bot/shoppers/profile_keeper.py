"""Who keeps profiles up to date while the shop runs? A thread that folds in new events every two seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 2.0
MOST_SECONDS_BETWEEN = 120.0


class ProfileKeeper:
    """Runs `open_updates()` once, and what it gives again and again, in a thread of its own.

    `open_updates` may take long, as it waits for a model. After an error the pause doubles, up to two
    minutes; the first error in a row is logged, by its kind alone: its text could hold what a shopper wrote.
    """

    def __init__(
        self, open_updates: Callable[[], Callable[[], int]], seconds_between: float = SECONDS_BETWEEN
    ) -> None:
        self._open_updates = open_updates
        self._seconds_between = seconds_between
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="profile-keeper", daemon=True)
        self.seconds_to_wait = seconds_between

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the round that runs now, waiting at most so long; what is not folded yet is folded after
        the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        update: Callable[[], int] | None = None
        while not self._stopping.is_set():
            try:
                update = self._open_updates() if update is None else update
                update()
            except Exception as error:
                self._tell_once(error)
                self.seconds_to_wait = min(MOST_SECONDS_BETWEEN, 2 * self.seconds_to_wait)
            else:
                if self.seconds_to_wait > self._seconds_between:
                    logger.info("Profiles are kept up to date again.")
                self.seconds_to_wait = self._seconds_between
            self._stopping.wait(self.seconds_to_wait)

    def _tell_once(self, error: Exception) -> None:
        if self.seconds_to_wait == self._seconds_between:
            logger.error("Profiles are not up to date (%s); trying again.", type(error).__name__)
