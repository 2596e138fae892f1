"""Which items are chosen near each other? Counts of what follows what, weighted by how near.

A directed item-to-item model: a pair counts gamma^(gap - 1) in the direction of time and less against it,
rows and columns are damped by their sums (as in SLIST and in tuned item-kNN; Ferrari Dacrema et al. 2019
found such models hard to beat), and a history's items vote with weights that fall with their age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.recommendations.interactions import History, Interactions, Places
from bot.recommendations.ranking_evaluation import Scores

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LONGEST_GAP = 50


@dataclass(frozen=True)
class CoBehaviourPlan:
    """`gap_decay` 0..1 for each step between the two of a pair; `backward` 0..1 is the weight of a pair
    against the direction of time; `row_damping` and `column_damping` 0..1 are the powers of the sums that
    are divided by; `age_decay` 0..1 for each step back in a history that votes. Chosen on the validation
    items of Amazon Beauty (docs/figures.md).
    """

    gap_decay: float = 0.7
    backward: float = 0.2
    row_damping: float = 0.3
    column_damping: float = 0.15
    age_decay: float = 0.6


class CoBehaviour:
    """`weights` is sparse float32 of shape (items, items): the row was chosen, the column follows."""

    def __init__(self, weights: csr_matrix, plan: CoBehaviourPlan = CoBehaviourPlan()) -> None:
        self.weights = weights
        self.plan = plan

    def scores(self, histories: Sequence[History]) -> Scores:
        """Probabilities of what is next, shape (histories, items); rows of zeros where nothing is known."""
        from scipy.sparse import csr_matrix

        rows = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
        places = np.concatenate([history.items for history in histories])
        votes = np.concatenate([self.votes(len(history)) for history in histories])
        shape = (len(histories), self.weights.shape[0])
        summed = (csr_matrix((votes, (rows, places)), shape=shape) @ self.weights).toarray()
        total = summed.sum(axis=1, keepdims=True)
        return np.asarray(summed / np.where(total > 0, total, 1.0), dtype=np.float32)

    def votes(self, length: int) -> npt.NDArray[np.float32]:
        """The weight of each item of a history of that length, oldest first; the newest has 1."""
        return np.asarray(self.plan.age_decay ** np.arange(length - 1, -1, -1), dtype=np.float32)


def count_co_behaviour(interactions: Interactions, plan: CoBehaviourPlan = CoBehaviourPlan()) -> CoBehaviour:
    """Counts the pairs of all histories and damps them."""
    from scipy.sparse import diags

    counts = pair_counts(interactions, plan.gap_decay, plan.backward)
    row_sums = np.asarray(counts.sum(axis=1)).ravel()
    column_sums = np.asarray(counts.sum(axis=0)).ravel()
    rows = diags(np.maximum(row_sums, 1e-9) ** -plan.row_damping)
    columns = diags(np.maximum(column_sums, 1e-9) ** -plan.column_damping)
    return CoBehaviour((rows @ counts @ columns).tocsr().astype(np.float32), plan)


def pair_counts(interactions: Interactions, gap_decay: float, backward: float) -> csr_matrix:
    """Shape (items, items), float64; an item never pairs with itself."""
    from scipy.sparse import csr_matrix

    rows: list[Places] = []
    columns: list[Places] = []
    weights: list[npt.NDArray[np.float64]] = []
    for gap in range(1, LONGEST_GAP + 1):
        long = [history.items for history in interactions.histories if len(history) > gap]
        if not long:
            break
        earlier = np.concatenate([items[:-gap] for items in long])
        later = np.concatenate([items[gap:] for items in long])
        differs = earlier != later
        rows.append(earlier[differs])
        columns.append(later[differs])
        weights.append(np.full(int(differs.sum()), gap_decay ** (gap - 1)))
    count = len(interactions.items)
    if not rows:
        return csr_matrix((count, count), dtype=np.float64)
    pairs = (np.concatenate(rows), np.concatenate(columns))
    forward = csr_matrix((np.concatenate(weights), pairs), shape=(count, count))
    return (forward + backward * forward.T).tocsr()


def behaviour_vectors(interactions: Interactions, dimensions: int, seed: int) -> npt.NDArray[np.float32]:
    """A vector for each item, shape (items, dimensions), length 1 or, for one without any pair, 0.

    Truncated SVD of the damped logarithmic pair counts, as in GloVe-like factorisations (Levy and Goldberg
    2014): items that are chosen near each other, or near the same others, have like vectors.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import svds

    items = len(interactions.items)
    vectors = np.zeros((items, dimensions), dtype=np.float32)
    counts = pair_counts(interactions, CoBehaviourPlan().gap_decay, backward=1.0).tocoo()
    rank = min(dimensions, items - 1)
    if counts.nnz == 0 or rank < 1:
        return vectors
    sums = np.asarray(counts.tocsr().sum(axis=1)).ravel()
    expected = np.sqrt(sums[counts.row] * sums[counts.col])
    damped = np.log1p(counts.data * np.sqrt(sums.sum()) / np.maximum(expected, 1e-9))
    matrix = csr_matrix((damped, (counts.row, counts.col)), shape=counts.shape)
    start = np.random.default_rng(seed).standard_normal(items)
    left, values, _ = svds(matrix, k=rank, v0=start)
    vectors[:, :rank] = (left * np.sqrt(values))[:, ::-1]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.where(lengths > 1e-6, vectors / np.maximum(lengths, 1e-6), 0.0), dtype=np.float32)
