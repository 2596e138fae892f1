"""Does a model come into use as a whole, and does the last one come back?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.model_versions import ModelVersions, UnknownVersion

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    seconds = count()
    return lambda: NOON + timedelta(seconds=next(seconds))


def made(versions: ModelVersions, words: str, use: bool = True) -> str:
    draft = versions.new()
    (draft / "weights").write_text(words)
    return versions.publish(draft, {"NDCG@10": 0.5}, use)


def in_use(versions: ModelVersions) -> str | None:
    current = versions.current()
    return None if current is None else (current / "weights").read_text()


def test_a_draft_is_no_version_until_it_is_published(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path / "models", ticking())
    assert versions.current() is None
    assert versions.all() == ()
    (versions.new() / "weights").write_text("half")
    assert versions.current() is None
    assert versions.all() == ()


def test_the_latest_published_is_in_use_and_the_one_before_comes_back(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, ticking())
    first = made(versions, "one")
    made(versions, "two")
    assert in_use(versions) == "two"
    assert versions.go_back() == first
    assert in_use(versions) == "one"
    assert [version.is_current for version in versions.all()] == [True, False]
    with pytest.raises(UnknownVersion, match="no earlier version"):
        versions.go_back()


def test_a_version_that_was_not_good_enough_is_kept_but_not_used(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, ticking())
    made(versions, "one")
    worse = made(versions, "two", use=False)
    assert in_use(versions) == "one"
    versions.use(worse)
    assert in_use(versions) == "two"


def test_two_versions_of_one_second_have_two_names(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, lambda: NOON)
    assert (made(versions, "one"), made(versions, "two")) == ("20260314-120000", "20260314-120000-2")
    assert [version.figures for version in versions.all()] == [{"NDCG@10": 0.5}, {"NDCG@10": 0.5}]


def test_old_versions_are_cleared_away_but_not_the_one_in_use_nor_the_one_before(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, ticking())
    kept = [made(versions, "one"), made(versions, "two")]
    others = [made(versions, "worse", use=False) for _ in range(8)]
    assert [version.name for version in versions.all()] == [*kept, *others[-5:]]
    assert in_use(versions) == "two"


def test_an_unknown_version_is_refused_with_the_names_that_there_are(tmp_path: Path) -> None:
    versions = ModelVersions(tmp_path, ticking())
    name = made(versions, "one")
    with pytest.raises(UnknownVersion, match=f"no version '../secrets'; there are: {name}"):
        versions.use("../secrets")
