"""Is the number of segments the one that is there, and are they the same each time?"""

from __future__ import annotations

import numpy as np
import pytest

from bot.shoppers.segment_training import (
    Choice,
    Labels,
    Matrix,
    TooFewRows,
    choose,
    nearest_centroid,
    seed_agreement,
    train_segments,
)


def blobs(count: int, of_each: int = 40, seed: int = 0) -> tuple[Matrix, Labels]:
    """Round heaps far from each other, and which heap each row is from."""
    random = np.random.default_rng(seed)
    centres = 10 * np.eye(count, 6)
    rows = np.vstack([centre + random.normal(size=(of_each, 6)) for centre in centres])
    return rows, np.repeat(np.arange(count), of_each)


@pytest.mark.parametrize("count", [2, 4])
def test_it_finds_as_many_as_there_are(count: int) -> None:
    rows, heap = blobs(count)
    found = train_segments(rows, seed=3)
    assert found.chosen.number == count
    assert found.chosen.stability == pytest.approx(1)
    assert found.seed_agreement == pytest.approx(1)
    assert len({(int(a), int(b)) for a, b in zip(found.labels, heap, strict=True)}) == count
    assert [choice.number for choice in found.choices] == list(range(2, 11))


def test_same_seed_same_segments_and_the_largest_first() -> None:
    rows = np.vstack([blobs(3)[0], blobs(1)[0][:20]])
    first, second = train_segments(rows, 5, 3), train_segments(rows, 5, 3)
    assert np.array_equal(first.labels, second.labels)
    assert np.bincount(first.labels).tolist() == [60, 40, 40]
    assert np.array_equal(nearest_centroid(rows, first.centroids), first.labels)


def test_a_fixed_number_is_kept_and_progress_is_told() -> None:
    told: list[str] = []
    assert train_segments(blobs(3)[0], 1, 5, told.append).chosen.number == 5
    assert len(told) == 1
    assert told[0].startswith("5 segments: silhouette 0.")


def test_of_those_near_the_best_the_most_segments_are_chosen() -> None:
    clear, also_clear, unstable = Choice(2, 0.5, 1.0), Choice(5, 0.48, 0.95), Choice(8, 0.6, 0.3)
    assert choose([clear, also_clear, unstable]) == also_clear
    assert choose([Choice(3, -0.1, 0.9), Choice(2, 0.2, -0.1)]).number == 2


def test_noise_is_not_stable() -> None:
    noise = np.random.default_rng(0).normal(size=(200, 12))
    assert seed_agreement(noise, 8, 1, runs=4) < 0.5


def test_too_few_and_broken_rows_are_refused() -> None:
    with pytest.raises(TooFewRows, match="2 segments need at least 4 different shoppers; there are 1"):
        train_segments(np.ones((50, 3)), 1)
    with pytest.raises(TooFewRows, match="9 segments need at least 18"):
        train_segments(blobs(2, 4)[0], 1, 9)
    with pytest.raises(ValueError, match="finite"):
        train_segments(np.array([[1.0, np.nan]]), 1)
