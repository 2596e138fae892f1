"""May this shopper send another message yet?"""

from __future__ import annotations

from collections.abc import Callable

from bot.web.errors import RefusedRequest


class RateLimit:
    """A token bucket for each key: `burst` at once, then one every `seconds_each`.

    Kept as one number a key, the time at which its bucket is full again (the generic cell rate algorithm,
    ITU-T I.371). Keys with a full bucket are forgotten once there are more than `most_keys`.
    `clock` gives monotonic seconds; `note_refusal` is called for each refusal.
    """

    def __init__(
        self,
        burst: int,
        seconds_each: float,
        clock: Callable[[], float],
        note_refusal: Callable[[], None] = lambda: None,
        most_keys: int = 10_000,
    ) -> None:
        self._slack = (burst - 1) * seconds_each
        self._seconds_each = seconds_each
        self._clock = clock
        self._note_refusal = note_refusal
        self._most_keys = most_keys
        self._full_at: dict[str, float] = {}

    def take(self, key: str) -> None:
        """Take one token; raises RefusedRequest 429 with the seconds to wait if there is none."""
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now)
        wait = full_at - now - self._slack
        if wait > 0:
            self._note_refusal()
            raise RefusedRequest(
                429, "rate_limited", f"Too many at once. Try again in {max(1, round(wait))} s.", wait
            )
        if key not in self._full_at and len(self._full_at) >= self._most_keys:
            self._forget_full(now)
        self._full_at[key] = full_at + self._seconds_each

    def _forget_full(self, now: float) -> None:
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        self._most_keys = max(self._most_keys, 2 * len(self._full_at))
