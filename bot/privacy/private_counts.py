"""How can the shop publish how many shoppers there are of each kind, and yet not whether one is among them?

Discrete Laplace noise from OpenDP (Ghosh, Roughgarden and Sundararajan 2012, doi:10.1137/09076828X). One
shopper is in one segment, so all counts of a release together cost its epsilon once (McSherry 2009). What was
spent in the last 30 days stands in `private_releases`; it adds up (Dwork et al. 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import PrivateReleaseRow

PERIOD = timedelta(days=30)
LEAST_EPSILON = 0.01
ROUNDING = 1e-9


class BudgetUsedUp(Exception):
    """The release would spend more than the period's budget has left."""


class EpsilonOutOfRange(Exception):
    """The epsilon is not one that can be spent."""


@dataclass(frozen=True)
class Release:
    """Counts that may be published, 0 or more. `spent` is the epsilon that this answer cost, 0 where it is
    what was released before, at `at`; `remaining` is what is left of the budget now."""

    counts: tuple[int, ...]
    epsilon: float
    at: datetime
    spent: float
    remaining: float


class PrivateCounts:
    """The published counts of the shop. `budget` is the epsilon that may be spent in 30 days, above 0."""

    def __init__(self, database: Database, clock: Callable[[], datetime], budget: float) -> None:
        self._database = database
        self._clock = clock
        self._budget = budget

    def release(self, what: str, counts: Sequence[int], epsilon: float, is_renewed: bool = False) -> Release:
        """Counts of disjoint groups with noise. The same `what` with the same epsilon is answered within the
        period with what was released then, unless `is_renewed`.

        Raises EpsilonOutOfRange, or BudgetUsedUp; then nothing is spent.
        """
        if not LEAST_EPSILON <= epsilon <= self._budget:
            raise EpsilonOutOfRange(
                f"The epsilon of a release is {LEAST_EPSILON:g} to {self._budget:g}, the budget of 30 days; "
                f"came {epsilon:g}."
            )
        at = self._clock()
        with self._database.session() as session:
            self._database.hold(session, "private counts")
            remaining = self._budget - _spent_since(session, at - PERIOD)
            before = None if is_renewed else _released_before(session, what, epsilon, at - PERIOD)
            if before is not None:
                return Release(tuple(before.counts), epsilon, before.at, 0.0, max(0.0, remaining))
            if epsilon > remaining + ROUNDING:
                raise BudgetUsedUp(
                    f"{max(0.0, remaining):g} of the privacy budget of {self._budget:g} is left for these 30 "
                    f"days, and this release would cost {epsilon:g}. Ask for one that was made already, or "
                    "wait."
                )
            noisy = add_noise(counts, epsilon)
            session.add(PrivateReleaseRow(what=what, epsilon=epsilon, at=at, counts=list(noisy)))
            return Release(noisy, epsilon, at, epsilon, max(0.0, remaining - epsilon))


def add_noise(counts: Sequence[int], epsilon: float) -> tuple[int, ...]:
    """The counts with discrete Laplace noise of scale 1 / epsilon, cut off below 0. The noise is OpenDP's own
    and cannot be seeded: who knew it could take it off."""
    import opendp.prelude as dp

    dp.enable_features("contrib")
    measurement = dp.m.make_laplace(
        dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int), scale=1.0 / epsilon
    )
    if measurement.map(1) > epsilon * (1 + 1e-6):
        raise AssertionError("the measurement would cost more than it should")
    return tuple(max(0, int(count)) for count in measurement(list(counts)))


def _spent_since(session: Session, since: datetime) -> float:
    spent = session.scalar(select(func.sum(PrivateReleaseRow.epsilon)).where(PrivateReleaseRow.at > since))
    return float(spent or 0.0)


def _released_before(
    session: Session, what: str, epsilon: float, since: datetime
) -> PrivateReleaseRow | None:
    return session.scalar(
        select(PrivateReleaseRow)
        .where(
            PrivateReleaseRow.what == what,
            PrivateReleaseRow.at > since,
            func.abs(PrivateReleaseRow.epsilon - epsilon) < ROUNDING,
        )
        .order_by(PrivateReleaseRow.id.desc())
        .limit(1)
    )
