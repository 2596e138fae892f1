"""Are stored profiles what their events say, whatever happens while they are made?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from shopper_fakes import NOON, PLACES, encode, event, folding
from sqlalchemy import delete, select, text

from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import EventReaderRow, EventRow, ProfileRow
from bot.shoppers.browsers import Browsers
from bot.shoppers.consent import Consents
from bot.shoppers.events import Events
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profile_updates import EVENTS_AT_ONCE, SEARCH_EVERY, ProfileUpdates
from bot.shoppers.profiles import Profiles
from bot.shoppers.shopper import Shopper


@pytest.fixture(autouse=True)
def _anna_agreed(database: Database) -> None:
    Customers(database).add(
        [Customer("C00001", "anna@mail.example", "Anna", "DE", NOON, profiling_consent=True)]
    )


def keys(database: Database) -> dict[str, int]:
    """How many events are in each stored profile."""
    return {each.shopper.key: each.behaviour.events for each in Profiles(database, folding()).stored()}


def updates(database: Database, meanwhile: Callable[[], object] | None = None) -> ProfileUpdates:
    """`meanwhile` happens once, between the folding of a search and its writing."""
    left = [meanwhile] if meanwhile is not None else []

    def slow(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if left:
            left.pop()()
        return encode(texts)

    return ProfileUpdates(database, Folding(lambda: PLACES, slow, "fake"), lambda: NOON)


def searches(database: Database, first: int = 1, customer: str | None = None) -> None:
    Events(database).record(
        [event(first + n, "Products Searched", None, customer=customer, query=f"lamp {n}") for n in range(3)]
    )


def test_only_what_is_new_is_folded(database: Database) -> None:
    keeper, told = updates(database), list[int]()
    searches(database)
    assert keeper.update_all(told.append) == 1
    assert (keys(database), told) == ({"visitor:browser": 3}, [3])
    assert keeper.update_all(told.append) == 0
    Events(database).record([event(9, at=NOON - timedelta(days=400)), event(10, browser="other")])
    assert keeper.update_all(told.append) == 2
    assert (keys(database), told) == ({"visitor:browser": 4, "visitor:other": 1}, [3, 2])


def test_a_long_history_is_folded_in_batches(database: Database) -> None:
    many = 2 * EVENTS_AT_ONCE + 50
    Events(database).record([event(n, browser=f"b{n % 7}") for n in range(many)])
    told: list[int] = []
    assert updates(database).update_all(told.append) == 7
    assert sum(keys(database).values()) == many
    assert told == [EVENTS_AT_ONCE, EVENTS_AT_ONCE, 50]


def test_a_sign_in_while_profiles_are_made_leaves_one_profile_of_everything(database: Database) -> None:
    searches(database)
    searches(database, first=10, customer="C00001")
    browsers = Browsers(database, lambda: NOON + timedelta(hours=1))
    keeper = updates(database, lambda: browsers.sign_in("browser", "C00001"))
    keeper.update_all()
    assert keys(database) == {"customer:C00001": 6}


def test_a_sign_in_between_two_updates_is_made_good(database: Database) -> None:
    searches(database)
    searches(database, first=10, customer="C00001")
    now = [NOON]
    keeper = ProfileUpdates(database, folding(), lambda: now[0])
    keeper.update_all()
    assert keys(database) == {"customer:C00001": 3, "visitor:browser": 3}
    Browsers(database, lambda: NOON + timedelta(hours=1)).sign_in("browser", "C00001")
    assert keys(database) == {}
    now[0] += SEARCH_EVERY
    assert keeper.update_all() == 1
    assert keys(database) == {"customer:C00001": 6}


def test_after_a_sign_in_the_next_event_is_enough(database: Database) -> None:
    searches(database)
    keeper = updates(database)
    keeper.update_all()
    Browsers(database, lambda: NOON + timedelta(hours=1)).sign_in("browser", "C00001")
    Events(database).record([event(50, customer="C00001")])
    keeper.update_all()
    assert keys(database) == {"customer:C00001": 4}


def test_a_withdrawal_while_profiles_are_made_leaves_none(database: Database) -> None:
    searches(database, customer="C00001")
    consents = Consents(database, lambda: NOON)
    keeper = updates(database, lambda: consents.decide("C00001", False, "site"))
    assert keeper.update_all() == 0
    assert keys(database) == {}


def test_a_second_process_in_between_does_no_harm(database: Database) -> None:
    searches(database)
    keeper = updates(database, lambda: updates(database).update_all())
    keeper.update_all()
    assert keys(database) == {"visitor:browser": 3}
    Events(database).record([event(20)])
    keeper.update_all()
    assert keys(database) == {"visitor:browser": 4}


def test_events_that_come_while_profiles_are_made_are_not_lost(database: Database) -> None:
    searches(database)
    updates(database, lambda: searches(database, first=100)).update_all()
    assert keys(database) == {"visitor:browser": 6}


def test_an_update_that_was_interrupted_goes_on(database: Database) -> None:
    searches(database)

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        updates(database, fail).update_all()
    assert keys(database) == {}
    assert updates(database).update_all() == 1


def test_profiles_of_other_rules_or_another_encoder_are_made_anew(database: Database) -> None:
    searches(database)
    updates(database).update_all()
    assert ProfileUpdates(database, folding(encoder_name="better"), lambda: NOON).update_all() == 1
    with database.reading() as session:
        (row,) = session.scalars(select(ProfileRow))
        assert (row.behaviour["made_by"], row.folded_through) == ("rules 1, better", 3)
    assert keys(database) == {"visitor:browser": 3}


def test_profiles_of_browsers_without_events_go(database: Database) -> None:
    searches(database)
    updates(database).update_all()
    with database.session() as session:
        session.execute(delete(EventRow))
    updates(database).update_all()
    assert keys(database) == {}


def test_an_events_id_is_never_given_twice(database: Database) -> None:
    searches(database)
    updates(database).update_all()
    with database.session() as session:
        session.execute(delete(EventRow))
    searches(database, first=20)
    assert updates(database).update_all() == 1
    with database.reading() as session:
        reader = session.get(EventReaderRow, "profiles")
        assert reader is not None
        assert reader.read_through == 6


def test_stored_and_fresh_profiles_agree(database: Database) -> None:
    keeper, profiles = updates(database), Profiles(database, folding())
    for start in (0, 40, 80):
        Events(database).record(
            [
                event(start + n, sku=("L-1", "T-1", "L-3")[n % 3], at=NOON - timedelta(days=n))
                for n in range(40)
            ]
        )
        keeper.update_all()
    stored = next(iter(profiles.stored()))
    with database.session() as session:
        session.execute(delete(ProfileRow))
    fresh = profiles.of(Shopper(anonymous_id="browser"))
    assert fresh is not None
    assert fresh.embedding is not None
    assert stored.embedding == pytest.approx(fresh.embedding, abs=1e-6)
    assert stored.behaviour.seen == fresh.behaviour.seen
    assert stored.behaviour.price_level == pytest.approx(fresh.behaviour.price_level)


def test_nothing_is_written_where_there_is_no_encoder(database: Database) -> None:
    with pytest.raises(ValueError, match="without one"):
        ProfileUpdates(database, folding(with_encoder=False), lambda: datetime.now(NOON.tzinfo))


def test_a_browsers_events_are_found_without_a_look_at_all_others(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/storekeep.db")
    database.upgrade()
    question = (
        "EXPLAIN QUERY PLAN SELECT id FROM events WHERE anonymous_id IN ('a', 'b') AND customer_id IS NULL"
    )
    with database.reading() as session:
        plan = " ".join(str(row) for row in session.execute(text(question)))
    database.close()
    assert "(anonymous_id=? AND customer_id=?)" in plan
