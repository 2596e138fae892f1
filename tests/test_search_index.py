"""Is the search index renewed incrementally, in one step, and only by one builder at a time?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from knowledge_fakes import FailingEncoder, FakeEncoder, passage

from knowledge_base.search_index import (
    IndexMissing,
    IndexSummary,
    SearchIndex,
    build_index,
    current_version,
    is_current,
    open_index,
)

BATTERY = passage("product", "AUD-001", "Fjell", "The battery lasts 38 hours.", "AUD-001")
DELIVERY = passage("policy", "shipping", "Shipping", "Delivery takes 2 days.")
COLOUR = passage("faq", "faq-001", "Which colour?", "Every colour.")


def opened(directory: Path) -> SearchIndex:
    return open_index(directory, "topics")


def test_what_was_built_is_what_is_opened(tmp_path: Path) -> None:
    assert build_index(tmp_path, [BATTERY, DELIVERY], FakeEncoder()) == IndexSummary(2, 2, 0)
    index = opened(tmp_path)
    assert index.passages == (BATTERY, DELIVERY)
    assert np.array(index.embeddings).tolist() == [[1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]]
    assert index.version == current_version(tmp_path)


def test_only_new_passages_are_embedded(tmp_path: Path) -> None:
    build_index(tmp_path, [BATTERY, DELIVERY], FakeEncoder())
    encoder = FakeEncoder()
    assert build_index(tmp_path, [COLOUR, DELIVERY], encoder) == IndexSummary(2, 1, 1)
    assert encoder.encoded == ["Which colour?. Every colour."]
    assert opened(tmp_path).passages == (COLOUR, DELIVERY)
    assert np.array(opened(tmp_path).embeddings).tolist() == [[0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0]]


def test_nothing_is_written_if_nothing_changed(tmp_path: Path) -> None:
    build_index(tmp_path, [BATTERY], FakeEncoder())
    before = (tmp_path / "current").stat().st_mtime_ns
    encoder = FakeEncoder()
    assert build_index(tmp_path, [BATTERY], encoder) == IndexSummary(1, 0, 1)
    assert (encoder.encoded, (tmp_path / "current").stat().st_mtime_ns) == ([], before)


def test_an_encoder_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    build_index(tmp_path, [BATTERY], FakeEncoder())
    with pytest.raises(RuntimeError, match="broke down"):
        build_index(tmp_path, [BATTERY, DELIVERY], FailingEncoder())
    assert opened(tmp_path).passages == (BATTERY,)
    assert not list(tmp_path.glob("*.building-*"))


def test_an_index_by_another_encoder_is_refused_and_rebuilt_whole(tmp_path: Path) -> None:
    build_index(tmp_path, [BATTERY], FakeEncoder("other"))
    with pytest.raises(
        IndexMissing, match=r"made by 'other', the encoder is 'topics': run 'storekeep index'"
    ):
        opened(tmp_path)
    assert build_index(tmp_path, [BATTERY], FakeEncoder()) == IndexSummary(1, 1, 0)
    assert opened(tmp_path).passages == (BATTERY,)


def test_no_index_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="run 'storekeep index'"):
        opened(tmp_path)
    assert current_version(tmp_path) is None


def test_only_the_present_and_the_last_version_are_kept(tmp_path: Path) -> None:
    versions = []
    for passages in ([BATTERY], [DELIVERY], [COLOUR]):
        build_index(tmp_path, passages, FakeEncoder())
        versions.append(current_version(tmp_path))
    (tmp_path / "abc.building-1").mkdir()
    build_index(tmp_path, [BATTERY], FakeEncoder())
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {versions[0], versions[2]}


def test_an_index_in_use_outlives_its_files(tmp_path: Path) -> None:
    build_index(tmp_path, [BATTERY], FakeEncoder())
    old = opened(tmp_path)
    for passages in ([DELIVERY], [COLOUR], [BATTERY, COLOUR]):
        build_index(tmp_path, passages, FakeEncoder())
    assert np.array(old.embeddings).tolist() == [[1, 0, 0, 0, 0, 0]]
    assert bool(old.lexical.scores("battery")[0] > 0)


def test_an_index_is_current_until_passages_or_encoder_change(tmp_path: Path) -> None:
    assert not is_current(tmp_path, [BATTERY], "topics")
    build_index(tmp_path, [BATTERY], FakeEncoder())
    assert is_current(tmp_path, [BATTERY], "topics")
    assert not is_current(tmp_path, [BATTERY, COLOUR], "topics")
    assert not is_current(tmp_path, [BATTERY], "other")


def test_an_empty_shop_has_an_index(tmp_path: Path) -> None:
    assert build_index(tmp_path, [], FakeEncoder()) == IndexSummary(0, 0, 0)
    assert opened(tmp_path).passages == ()


def test_a_line_separator_in_a_text_does_not_break_the_index(tmp_path: Path) -> None:
    odd = passage("policy", "p", "T", "One\u2028two\x85three")
    build_index(tmp_path, [odd], FakeEncoder())
    assert opened(tmp_path).passages == (odd,)


def test_equal_texts_share_their_embedding_and_keep_their_places(tmp_path: Path) -> None:
    twin = passage("product", "AUD-009", "Fjell", BATTERY.text, "AUD-009")
    build_index(tmp_path, [BATTERY, DELIVERY, twin], FakeEncoder())
    assert np.array(opened(tmp_path).embeddings).argmax(axis=1).tolist() == [0, 2, 0]


def test_builders_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    several = [[BATTERY], [DELIVERY], [COLOUR], [BATTERY, COLOUR]] * 3
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda passages: build_index(tmp_path, passages, FakeEncoder()), several))
    assert [summary.passages for summary in done] == [len(passages) for passages in several]
    assert list(opened(tmp_path).passages) in several
