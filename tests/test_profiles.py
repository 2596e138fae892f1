"""Does the shop know its shoppers, and only those who let it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pytest
from sample_shop import sample_products
from shopper_fakes import NOON, event, folding, order
from sqlalchemy import update

from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import CustomerRow, ProfileRow, TraitRow
from bot.shoppers.behaviour import Behaviour, Encounter
from bot.shoppers.events import Event, Events
from bot.shoppers.product_places import ProductPlaces
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profile_updates import ProfileUpdates
from bot.shoppers.profiles import GivenTrait, Profile, Profiles
from bot.shoppers.shopper import Shopper
from knowledge_base.encoder import MiniLmEncoder

ANNA, BEN, VISITOR = Shopper("C00001"), Shopper("C00002"), Shopper(anonymous_id="browser")


@pytest.fixture(autouse=True)
def _two_customers(database: Database) -> None:
    """Anna agreed to profiling, Ben did not."""
    Customers(database).add(
        [
            Customer("C00001", "anna@mail.example", "Anna", "DE", NOON, profiling_consent=True),
            Customer("C00002", "ben@mail.example", "Ben", "DE", NOON),
        ]
    )


def record(database: Database, events: Iterable[Event]) -> None:
    Events(database).record(events)


def keep(database: Database) -> int:
    return ProfileUpdates(database, folding(), lambda: NOON).update_all()


def profile_of(database: Database, shopper: Shopper, with_encoder: bool = True) -> Profile:
    profile = Profiles(database, folding(with_encoder)).of(shopper)
    assert profile is not None
    return profile


def test_a_profile_has_what_was_done_up_to_now_stored_or_not(database: Database) -> None:
    record(database, [event(1, customer="C00001")])
    assert profile_of(database, ANNA).behaviour.seen == (Encounter("L-1", NOON),)
    assert keep(database) == 1
    record(database, [event(2, sku="T-1", customer="C00001", at=NOON + timedelta(hours=1))])
    profile = profile_of(database, ANNA)
    assert [each.sku for each in profile.behaviour.seen] == ["T-1", "L-1"]
    assert profile.embedding is not None
    assert profile.embedding.tolist() == pytest.approx([0.7070, 0.7072, 0, 0], abs=1e-3)


def test_a_customer_who_did_not_agree_has_none(database: Database) -> None:
    record(database, [event(1, customer="C00002")])
    assert keep(database) == 0
    assert Profiles(database, folding()).of(BEN) is None
    assert Profiles(database, folding()).count() == 0


def test_nobody_and_nothing_have_none(database: Database) -> None:
    profiles = Profiles(database, folding())
    assert profiles.of(Shopper("C09999")) is None
    assert profiles.of(VISITOR) is None
    assert profiles.of(ANNA) == Profile(ANNA, Behaviour())


def test_traits_are_those_that_the_customer_gave(database: Database) -> None:
    with database.session() as session:
        session.add(TraitRow(customer_id="C00001", name="age_band", value="25-34", given_at=NOON))
    assert profile_of(database, ANNA).traits == (GivenTrait("age_band", "25-34", NOON),)


def test_a_browser_shows_nothing_that_a_customer_did_in_it(database: Database) -> None:
    record(database, [event(1, sku="L-1"), event(2, sku="T-1", customer="C00001")])
    keep(database)
    assert [each.sku for each in profile_of(database, VISITOR).behaviour.seen] == ["L-1"]
    assert [each.sku for each in profile_of(database, ANNA).behaviour.seen] == ["T-1"]


def test_where_there_is_no_encoder_newer_words_wait_but_newer_products_count(database: Database) -> None:
    record(database, [event(1, "Products Searched", None, query="tent")])
    keep(database)
    record(database, [event(2, sku="L-1"), event(3, "Products Searched", None, query="lamp shade")])
    profile = profile_of(database, VISITOR, with_encoder=False)
    assert profile.embedding is not None
    assert profile.embedding.tolist() == pytest.approx([1 / 3.25**0.5, 1.5 / 3.25**0.5, 0, 0])
    assert [words.text for words in profile.behaviour.words] == ["tent", "lamp shade"]


def test_events_that_changed_hands_behind_a_profile_are_seen(database: Database) -> None:
    record(database, [event(1), event(2, sku="T-1", customer="C00001")])
    keep(database)
    with database.session() as session:
        session.execute(update(CustomerRow).values(country="AT"))
        rows = session.get(ProfileRow, "customer:C00001")
        assert rows is not None
        rows.folded_through = 99
        rows.behaviour = {**rows.behaviour, "counts": {"Product Viewed": 7}}
    assert profile_of(database, ANNA).behaviour.events == 1


def test_the_nearest_look_at_the_same_things(database: Database) -> None:
    record(
        database,
        [
            event(1, sku="L-1", customer="C00001"),
            event(2, sku="L-2", browser="lamp lover"),
            event(3, sku="T-1", browser="camper"),
            event(4, sku="T-1", browser="both"),
            event(5, sku="L-1", browser="both"),
            event(6, "Cart Viewed", None, browser="silent"),
        ],
    )
    keep(database)
    nearest = Profiles(database, folding()).nearest(ANNA, 2)
    assert [each.shopper.anonymous_id for each in nearest] == ["lamp lover", "both"]
    assert [each.similarity for each in nearest] == pytest.approx([1, 2**-0.5])
    assert Profiles(database, folding()).nearest(Shopper(anonymous_id="silent"), 2) == ()
    assert Profiles(database, folding()).nearest(BEN, 2) == ()


def test_all_stored_profiles_come_in_the_order_of_their_keys(database: Database) -> None:
    record(database, [event(1), order(2, customer="C00001", L_1=1)])
    keep(database)
    stored = list(Profiles(database, folding()).stored())
    assert [each.shopper for each in stored] == [ANNA, VISITOR]
    assert stored[0].behaviour.orders == 1
    assert all(
        np.linalg.norm(each.embedding) == pytest.approx(1) for each in stored if each.embedding is not None
    )


@pytest.mark.full
def test_with_minilm_who_reads_and_asks_of_one_thing_is_near_who_searches_it(database: Database) -> None:
    encoder = MiniLmEncoder()
    places = ProductPlaces(sample_products())
    real = Folding(lambda: places, encoder.encode, encoder.name)
    running = next(each for each in sample_products() if each.category == "Running")
    record(
        database,
        [
            event(
                1, "Products Searched", None, customer="C00001", query="trail running shoes for wet ground"
            ),
            event(
                2, "Question Asked", None, browser="runner", text="Which jogging trainers grip in the rain?"
            ),
            event(3, sku=running.sku, browser="reader"),
            event(4, "Products Searched", None, browser="cook", query="cast iron skillet for steaks"),
            event(
                5, "Product Reviewed", "GONE", browser="drinker", rating=5, text="The best espresso beans."
            ),
        ],
    )
    assert ProfileUpdates(database, real, lambda: NOON).update_all() == 5
    profiles = Profiles(database, real)
    nearest = profiles.nearest(ANNA, 4)
    assert [each.shopper.anonymous_id for each in nearest[:2]] == ["runner", "reader"]
    assert nearest[0].similarity > 0.5 > 0.4 > nearest[2].similarity
    anna = profiles.of(ANNA)
    assert anna is not None
    assert anna.embedding is not None
    assert anna.embedding.shape == (384,)
    # The same text alone: what else is encoded with it does not change its vector.
    assert anna.embedding == pytest.approx(
        encoder.encode(["trail running shoes for wet ground"])[0], abs=1e-5
    )
