"""Does the index of a large catalogue find what a full look finds, and does a small one do without?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.recommendations.item_index import EXACT_UP_TO, build_item_index, open_item_index


def unit(rows: int, seed: int) -> np.typing.NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_a_small_catalogue_has_none(tmp_path: Path) -> None:
    build_item_index(unit(100, 1), tmp_path)
    assert open_item_index(tmp_path) is None


@pytest.mark.full
def test_nearly_all_of_the_nearest_are_found_and_the_sum_is_near(tmp_path: Path) -> None:
    vectors = unit(EXACT_UP_TO + 1, 1)
    build_item_index(vectors, tmp_path)
    index = open_item_index(tmp_path)
    assert index is not None
    found, right = [], []
    for query in unit(20, 2):
        scores = 15 * vectors @ query
        near = index.nearest(query, 500)
        found.append(len(set(near[:50].tolist()) & set(np.argsort(-scores)[:50].tolist())) / 50)
        estimate = index.log_sum(scores[near], scores[index.sample], len(vectors))
        right.append(estimate - float(np.log(np.exp(scores.astype(np.float64)).sum())))
    assert np.mean(found) > 0.9
    assert np.abs(right).max() < 0.1
