"""What is bought with a product, more often than chance would have it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WITHIN = timedelta(days=60)
PAIRS_FILE, BUYERS_FILE = "bought_together.npz", "buyers.npy"
FEWEST_SHOPPERS, LEAST_SURPRISE = 4, 2.5
"""Below, it says nothing: among all the pairs of a shop some such are there by chance."""


@dataclass(frozen=True)
class Companion:
    """Another item: how many shoppers bought both, and by how many standard deviations that is more than if
    they were bought independently.
    """

    place: int
    shoppers: int
    surprise: float


@dataclass(frozen=True)
class BoughtTogether:
    """How many of `shoppers` bought two items, `both` (sparse, items x items), and one, `buyers` (items,)."""

    both: csr_matrix
    buyers: npt.NDArray[np.int64]
    shoppers: int

    def companions(self, place: int) -> tuple[Companion, ...]:
        """What four shoppers or more bought with this item, and more than chance says; best first."""
        if not 0 <= place < len(self.buyers):
            return ()
        begin, end = self.both.indptr[place], self.both.indptr[place + 1]
        columns, counts = self.both.indices[begin:end], self.both.data[begin:end]
        expected = self.buyers[place] * self.buyers[columns] / max(1, self.shoppers)
        surprise = (counts - expected) / np.sqrt(expected + 0.5)
        kept = np.flatnonzero((counts >= FEWEST_SHOPPERS) & (surprise >= LEAST_SURPRISE))
        order = kept[np.lexsort((columns[kept], -surprise[kept]))]
        return tuple(Companion(int(columns[n]), int(counts[n]), float(surprise[n])) for n in order)


def no_pairs() -> BoughtTogether:
    """Before anything was counted."""
    return count_bought_together((), 0)


def count_bought_together(purchases: Iterable[Sequence[tuple[int, datetime]]], items: int) -> BoughtTogether:
    """From each shopper's purchases, (place of the item, when) in any order: pairs within 60 days."""
    from scipy.sparse import csr_matrix

    rows: list[int] = []
    columns: list[int] = []
    buyers = np.zeros(items, dtype=np.int64)
    shoppers = 0
    for bought in purchases:
        pairs = {
            (one, other)
            for one, at in bought
            for other, later in bought
            if one != other and abs(at - later) <= WITHIN
        }
        rows += [one for one, _ in pairs]
        columns += [other for _, other in pairs]
        buyers[list({place for place, _ in bought})] += 1
        shoppers += 1
    both = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(items, items))
    both.sum_duplicates()
    return BoughtTogether(both, buyers, shoppers)


def save_bought_together(pairs: BoughtTogether, directory: Path) -> None:
    from scipy.sparse import save_npz

    save_npz(directory / PAIRS_FILE, pairs.both, compressed=False)
    np.save(directory / BUYERS_FILE, np.append(pairs.buyers, pairs.shoppers))


def open_bought_together(directory: Path) -> BoughtTogether:
    """What was saved with a model. Raises OSError."""
    from scipy.sparse import load_npz

    buyers = np.load(directory / BUYERS_FILE)
    return BoughtTogether(load_npz(directory / PAIRS_FILE).tocsr(), buyers[:-1], int(buyers[-1]))
