"""Are shoppers put where they belong, now and after the model comes from disk?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from segment_fakes import KINDS, shopper, shoppers
from shopper_fakes import NOON, event, folding

from bot.database.connection import Database
from bot.database.tables import SegmentCountRow
from bot.model_versions import ModelVersions
from bot.shoppers.events import Events
from bot.shoppers.segment_making import MadeSegments, make_segments
from bot.shoppers.segment_training import TooFewRows
from bot.shoppers.segment_trend import SegmentTrend
from bot.shoppers.segments import list_segments, load_segments
from bot.shoppers.shopper import Shopper


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> ModelVersions:
    return ModelVersions(tmp_path_factory.mktemp("segments"), lambda: datetime(2026, 3, 15, tzinfo=UTC))


@pytest.fixture(scope="module")
def made(versions: ModelVersions) -> MadeSegments:
    return make_segments(shoppers(), versions, NOON, seed=7)


def test_each_kind_of_shopper_gets_a_segment_with_a_fitting_name(made: MadeSegments) -> None:
    assert made.clustering.chosen.number == 3
    assert made.clustering.seed_agreement == pytest.approx(1)
    names = sorted(segment.name for segment in made.model.segments)
    assert [name.split()[0] for name in names] == ["Coffee", "Lamps", "Tents"]
    assert names[0] == "Coffee lovers mostly evenings, who spend much"
    assert "mostly weekends" in names[1]
    assert "mostly mornings" in names[2]


def test_a_new_shopper_is_assigned_at_once_with_reasons(made: MadeSegments) -> None:
    for kind in KINDS:
        membership = made.model.membership(shopper(kind, 999, Random(5)), NOON)
        assert membership.segment.name.startswith(kind)
        assert 1 <= len(membership.reasons) <= 3
    coffee = made.model.membership(shopper("Coffee", 1, Random(5)), NOON)
    assert "mostly evenings" in coffee.reasons


def test_a_reason_is_given_only_if_it_is_true_of_the_shopper(made: MadeSegments) -> None:
    for person in shoppers(seed=9):
        membership = made.model.membership(person, NOON)
        if person.behaviour.orders == 0:
            assert not {"who order often", "who spend much"} & set(membership.reasons)


def test_the_model_comes_back_from_disk_the_same(made: MadeSegments, versions: ModelVersions) -> None:
    directory = versions.current()
    assert directory is not None
    assert sorted(path.name for path in directory.iterdir()) == [
        "figures.json",
        "picture.png",
        "segments.json",
        "segments.npz",
        "version.json",
    ]
    again = load_segments(directory)
    people = shoppers(seed=2)
    assert np.array_equal(again.assign(people, NOON), made.model.assign(people, NOON))
    assert again.segments == made.model.segments
    assert (directory / "picture.png").read_bytes().startswith(b"\x89PNG")
    figures = json.loads((directory / "figures.json").read_text())
    assert (figures["seed"], figures["shoppers"], figures["chosen"]["number"]) == (7, 120, 3)


def test_the_same_seed_makes_the_same_segments(made: MadeSegments, tmp_path: Path) -> None:
    again = make_segments(shoppers(), ModelVersions(tmp_path, lambda: NOON), NOON, seed=7, number=3)
    assert again.model.segments == made.model.segments
    assert np.array_equal(again.clustering.labels, made.clustering.labels)


def test_the_list_has_sizes_and_what_is_typical(made: MadeSegments) -> None:
    listing = list_segments(made.model, shoppers(), NOON)
    assert sum(listing.sizes) == 120
    for segment, skus in zip(made.model.segments, listing.products, strict=True):
        assert skus
        assert all(sku.startswith(segment.name.split()[0]) for sku in skus)
    nobody = list_segments(made.model, [], NOON)
    assert (nobody.sizes, nobody.products) == ((0, 0, 0), ((), (), ()))


def test_too_few_shoppers_make_no_segments(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, lambda: NOON)
    with pytest.raises(TooFewRows, match="at least 20 shoppers with 5 events each"):
        make_segments(shoppers(of_each=3), versions, NOON, seed=7)
    assert versions.current() is None


def test_sizes_of_the_past_count_who_was_there_then(database: Database, made: MadeSegments) -> None:
    Events(database).record(
        [
            event(1, at=NOON - timedelta(days=40), browser="early"),
            event(2, at=NOON, browser="early"),
            event(3, at=NOON, browser="late"),
        ]
    )
    people = [Shopper(anonymous_id="early"), Shopper(anonymous_id="late")]
    day = NOON.date() - timedelta(days=30)
    trend = SegmentTrend(database, folding())
    model, told = made.model, list[int]()
    # The fakes' embeddings have four dimensions, as those of the model have.
    sizes = trend.sizes("v1", model, people, day, told.append)
    assert sum(sizes) == 1
    assert told == [2]
    with database.reading() as session:
        assert session.get(SegmentCountRow, ("v1", day, 0)) is not None
    assert trend.sizes("v1", model, [], day) == sizes
    assert sum(trend.sizes("v1", model, people, NOON.date())) == 2
