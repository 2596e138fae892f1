"""Do published counts protect each shopper, and is the budget kept?"""

from __future__ import annotations

from datetime import timedelta
from statistics import mean

import pytest
from shopper_fakes import NOON
from sqlalchemy import func, select

from bot.database.connection import Database
from bot.database.tables import PrivateReleaseRow
from bot.privacy.private_counts import (
    PERIOD,
    BudgetUsedUp,
    EpsilonOutOfRange,
    PrivateCounts,
    add_noise,
)

COUNTS = (100, 50, 0)


def test_noise_is_of_the_right_size_and_in_whole_shoppers() -> None:
    noisy = [add_noise((1000,), 0.5)[0] for _ in range(400)]
    # Discrete Laplace of scale 2: the mean of the absolute noise is 2 within a few tenths.
    assert 1.4 < mean(abs(count - 1000) for count in noisy) < 2.7
    assert abs(mean(noisy) - 1000) < 1


def test_counts_are_never_below_nobody() -> None:
    assert min(min(add_noise((0, 0, 0), 0.05)) for _ in range(50)) == 0


def test_what_is_spent_is_seen(database: Database) -> None:
    private = PrivateCounts(database, lambda: NOON, 1.0)
    first = private.release("segments 1", COUNTS, 0.4)
    assert first.spent == 0.4
    assert first.remaining == pytest.approx(0.6)
    assert len(first.counts) == 3
    second = private.release("segments 2", COUNTS, 0.4)
    assert second.remaining == pytest.approx(0.2)


def test_the_same_release_is_answered_from_before_and_costs_nothing(database: Database) -> None:
    now = [NOON]
    private = PrivateCounts(database, lambda: now[0], 1.0)
    first = private.release("segments 1", COUNTS, 0.6)
    now[0] += timedelta(days=3)
    again = private.release("segments 1", (7, 7, 7), 0.6)
    assert again.counts == first.counts
    assert (again.spent, again.at) == (0.0, NOON)
    assert again.remaining == pytest.approx(0.4)


def test_a_used_up_budget_refuses_and_spends_nothing(database: Database) -> None:
    now = [NOON]
    private = PrivateCounts(database, lambda: now[0], 1.0)
    private.release("segments 1", COUNTS, 0.7)
    with pytest.raises(BudgetUsedUp, match=r"0\.3 of the privacy budget of 1 is left .* would cost 0\.7"):
        private.release("segments 1", COUNTS, 0.7, is_renewed=True)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PrivateReleaseRow)) == 1
    now[0] += PERIOD
    assert private.release("segments 1", COUNTS, 0.7).spent == 0.7


def test_the_whole_budget_can_be_spent_in_parts(database: Database) -> None:
    private = PrivateCounts(database, lambda: NOON, 0.3)
    for number in range(3):
        last = private.release(f"segments {number}", COUNTS, 0.1)
    assert last.remaining == pytest.approx(0)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, 1.5, float("nan"), float("inf")])
def test_an_epsilon_out_of_range_is_refused(database: Database, epsilon: float) -> None:
    with pytest.raises(EpsilonOutOfRange, match=r"0\.01 to 1, the budget of 30 days; came"):
        PrivateCounts(database, lambda: NOON, 1.0).release("segments 1", COUNTS, epsilon)
