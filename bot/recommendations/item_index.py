"""Which items of a large catalogue are nearest to a shopper, without looking at every one?

An HNSW graph (Malkov and Yashunin 2016) by usearch, memory-mapped, vectors in bfloat16 (here as exact as half
precision, and built twice as fast). A catalogue up to `EXACT_UP_TO` items is looked through as a whole, which
is exact and as quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

EXACT_UP_TO = 50_000
FILE = "items.usearch"
EXPANSION_BUILDING, EXPANSION_SEARCHING, CONNECTIVITY = 96, 256, 16
SAMPLE = 2000
"""Rows from which the softmax's sum over all the rest is estimated."""


@dataclass(frozen=True)
class ItemIndex:
    """`graph` is usearch's, keys are places in the model's items; `sample` are places drawn once."""

    graph: Any
    sample: npt.NDArray[np.int64]

    def nearest(self, vector: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
        """The places of about the nearest items by cosine, nearest first."""
        return np.asarray(self.graph.search(vector, count).keys, dtype=np.int64)

    def log_sum(self, best: npt.NDArray[np.float32], sampled: npt.NDArray[np.float32], items: int) -> float:
        """Estimates log(sum(exp(scores of all items))): the best ones as they are, the others by those of the
        sample that are below them."""
        highest = float(best.max())
        others = np.exp(sampled[sampled < best.min()] - highest)
        rest = max(0, items - len(best)) * float(others.mean()) if len(others) > 0 else 0.0
        return highest + float(np.log(np.exp(best - highest).sum() + rest))


def build_item_index(vectors: npt.NDArray[np.float32], directory: Path, seed: int = 7) -> None:
    """Writes the index of these vectors (items, dimensions), if they are so many that it pays."""
    if len(vectors) <= EXACT_UP_TO:
        return
    graph = _empty_graph(vectors.shape[1])
    graph.add(np.arange(len(vectors), dtype=np.uint64), np.asarray(vectors, dtype=np.float32), threads=0)
    graph.save(str(directory / FILE))
    sample = np.random.default_rng(seed).choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)
    np.save(directory / "sample.npy", np.sort(sample).astype(np.int64))


def open_item_index(directory: Path) -> ItemIndex | None:
    """The index of a model's directory, None for a catalogue that needs none."""
    path = directory / FILE
    if not path.is_file():
        return None
    from usearch.index import Index

    return ItemIndex(Index.restore(str(path), view=True), np.load(directory / "sample.npy"))


def _empty_graph(dimensions: int) -> Any:
    from usearch.index import Index

    return Index(
        ndim=dimensions,
        metric="cos",
        dtype="bf16",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_BUILDING,
        expansion_search=EXPANSION_SEARCHING,
    )
