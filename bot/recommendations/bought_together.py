"""What goes with a product? Counts of what the same shopper bought in one order or soon after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WITHIN = timedelta(days=60)
FILE = "bought_together.npz"


@dataclass(frozen=True)
class BoughtTogether:
    """`shoppers` is sparse of shape (items, items): how many bought both; None where nothing is known."""

    shoppers: csr_matrix | None

    def with_item(self, place: int) -> dict[int, int]:
        """How many shoppers bought each other item with this one; empty for an unknown place."""
        if self.shoppers is None or not 0 <= place < self.shoppers.shape[0]:
            return {}
        begin, end = self.shoppers.indptr[place], self.shoppers.indptr[place + 1]
        columns, counts = self.shoppers.indices[begin:end], self.shoppers.data[begin:end]
        return {int(column): int(count) for column, count in zip(columns, counts, strict=True)}


def no_pairs() -> BoughtTogether:
    """Before anything was counted."""
    return BoughtTogether(None)


def count_bought_together(purchases: Iterable[Sequence[tuple[int, datetime]]], items: int) -> BoughtTogether:
    """From each shopper's purchases, (place of the item, when) in any order: pairs within 60 days."""
    from scipy.sparse import csr_matrix

    rows: list[int] = []
    columns: list[int] = []
    for bought in purchases:
        pairs = {
            (one, other)
            for one, at in bought
            for other, later in bought
            if one != other and abs(at - later) <= WITHIN
        }
        rows += [one for one, _ in pairs]
        columns += [other for _, other in pairs]
    counts = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(items, items))
    counts.sum_duplicates()
    return BoughtTogether(counts)


def save_bought_together(pairs: BoughtTogether, directory: Path) -> None:
    from scipy.sparse import save_npz

    if pairs.shoppers is not None:
        save_npz(directory / FILE, pairs.shoppers, compressed=False)


def open_bought_together(directory: Path) -> BoughtTogether:
    from scipy.sparse import load_npz

    path = directory / FILE
    return BoughtTogether(load_npz(path).tocsr()) if path.is_file() else no_pairs()
