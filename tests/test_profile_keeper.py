"""Do profiles stay up to date in the background, through errors as well?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from bot.shoppers.profile_keeper import ProfileKeeper


def test_it_updates_again_and_again_until_it_is_stopped() -> None:
    calls, third = [0], threading.Event()

    def update() -> int:
        calls[0] += 1
        if calls[0] == 3:
            third.set()
        return 0

    keeper = ProfileKeeper(lambda: update, 0.001)
    keeper.start()
    assert third.wait(5)
    keeper.stop()
    assert "profile-keeper" not in {thread.name for thread in threading.enumerate()}


def test_errors_are_logged_once_and_never_with_their_text(caplog: pytest.LogCaptureFixture) -> None:
    calls, recovered = [0], threading.Event()

    def update() -> int:
        calls[0] += 1
        if calls[0] <= 3:
            raise OSError("a gift for my father in Anna Keller's street 5")
        recovered.set()
        return 1

    keeper = ProfileKeeper(lambda: update, 0.001)
    with caplog.at_level(logging.INFO):
        keeper.start()
        assert recovered.wait(5)
        keeper.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "Profiles are not up to date (OSError); trying again.",
        "Profiles are kept up to date again.",
    ]
    assert keeper.seconds_to_wait == 0.001


def test_the_pause_grows_with_errors_in_a_row() -> None:
    failed = threading.Event()

    def update() -> int:
        failed.set()
        raise OSError

    keeper = ProfileKeeper(lambda: update, 30.0)
    keeper.start()
    assert failed.wait(5)
    keeper.stop()
    assert keeper.seconds_to_wait == 60


def test_what_cannot_be_opened_is_opened_again_later() -> None:
    opened, updated = [0], threading.Event()

    def update() -> int:
        updated.set()
        return 0

    def open_updates() -> Callable[[], int]:
        opened[0] += 1
        if opened[0] < 3:
            raise RuntimeError("no model yet")
        return update

    keeper = ProfileKeeper(open_updates, 0.001)
    keeper.start()
    assert updated.wait(5)
    keeper.stop()
    assert opened[0] == 3


def test_stopping_what_never_started_is_no_problem() -> None:
    ProfileKeeper(lambda: lambda: 0).stop()
