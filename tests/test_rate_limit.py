"""How many at once, and how many after that?"""

from __future__ import annotations

import pytest

from bot.web.errors import RefusedRequest
from bot.web.rate_limit import RateLimit


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(limit: RateLimit, key: str, times: int) -> int:
    """How many of so many tries are allowed."""
    allowed = 0
    for _ in range(times):
        try:
            limit.take(key)
            allowed += 1
        except RefusedRequest:
            continue
    return allowed


def test_a_burst_then_one_for_each_interval() -> None:
    seconds = Seconds()
    limit = RateLimit(3, 2.0, seconds)
    assert taken(limit, "a", 5) == 3
    seconds.now = 1.9
    assert taken(limit, "a", 5) == 0
    seconds.now = 2.0
    assert taken(limit, "a", 5) == 1
    seconds.now = 100.0
    assert taken(limit, "a", 5) == 3


def test_each_key_has_its_own_bucket() -> None:
    limit = RateLimit(1, 1.0, Seconds())
    assert [taken(limit, key, 2) for key in ("a", "b")] == [1, 1]


def test_a_refusal_says_how_long_to_wait() -> None:
    limit = RateLimit(2, 5.0, Seconds())
    taken(limit, "a", 2)
    with pytest.raises(RefusedRequest) as refused:
        limit.take("a")
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (429, "rate_limited", 5.0)


def test_refused_tries_cost_nothing() -> None:
    seconds = Seconds()
    limit = RateLimit(1, 1.0, seconds)
    taken(limit, "a", 50)
    seconds.now = 1.0
    assert taken(limit, "a", 1) == 1


def test_full_buckets_are_forgotten_and_the_others_kept() -> None:
    seconds = Seconds()
    limit = RateLimit(1, 1.0, seconds, most_keys=3)
    for key in ("a", "b"):
        limit.take(key)
    seconds.now = 5.0
    limit.take("c")
    limit.take("d")
    assert sorted(limit._full_at) == ["c", "d"]
    assert taken(limit, "c", 1) == 0
