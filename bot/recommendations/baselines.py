"""What do the usual simple recommenders reach on the same split? Popularity, item-kNN, ALS by `implicit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import catch_warnings

import numpy as np
import numpy.typing as npt

from bot.recommendations.interactions import Case, History, Interactions
from bot.recommendations.ranking_evaluation import Scorer, Scores, evaluate

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEIGHBOURS = (50, 200, 1000)
AGE_DECAYS = (1.0, 0.8, 0.6)
FACTORS = (64, 128)
REGULARISATIONS = (0.01, 0.1)
CONFIDENCES = (1.0, 10.0)


@dataclass(frozen=True)
class Popularity:
    """The same for everybody: how often each item was chosen, shape (items,)."""

    counts: npt.NDArray[np.float32]

    def scores(self, histories: Sequence[History]) -> Scores:
        return np.tile(self.counts, (len(histories), 1))


@dataclass(frozen=True)
class ItemNeighbours:
    """Sums of the similarities to a history's items, (items, items); each step back in it counts
    `age_decay` (0..1) less.
    """

    similarity: csr_matrix
    age_decay: float

    def scores(self, histories: Sequence[History]) -> Scores:
        weights = [self.age_decay ** np.arange(len(history) - 1, -1, -1.0) for history in histories]
        rows = _rows(histories, weights, self.similarity.shape[0])
        return np.asarray((rows @ self.similarity).toarray(), dtype=np.float32)


@dataclass(frozen=True)
class Factors:
    """Matrix factors; a history is folded in as `implicit` does for a user who was not there in training."""

    items: npt.NDArray[np.float32]
    regularisation: float
    confidence: float

    def scores(self, histories: Sequence[History]) -> Scores:
        from threadpoolctl import threadpool_limits

        gram = self.items.T @ self.items + self.regularisation * np.eye(self.items.shape[1])
        users = np.zeros((len(histories), self.items.shape[1]), dtype=np.float32)
        # Many small systems: threads would only wait for each other.
        with threadpool_limits(1, "blas"):
            for row, history in enumerate(histories):
                chosen = self.items[np.unique(history.items)]
                weighted = gram + self.confidence * chosen.T @ chosen
                users[row] = np.linalg.solve(weighted, (1 + self.confidence) * chosen.sum(axis=0))
        return np.asarray(users @ self.items.T, dtype=np.float32)


def popularity(train: Interactions) -> Popularity:
    counts = np.zeros(len(train.items), dtype=np.float32)
    for history in train.histories:
        np.add.at(counts, history.items, 1.0)
    return Popularity(counts)


def item_neighbours(train: Interactions, validation: Sequence[Case]) -> ItemNeighbours:
    """Cosine item-kNN by `implicit`, with the number of neighbours and decay best on the validation cases."""
    from implicit.nearest_neighbours import CosineRecommender
    from implicit.utils import ParameterWarning
    from threadpoolctl import threadpool_limits

    chosen: list[tuple[float, ItemNeighbours]] = []
    for neighbours in NEIGHBOURS:
        # It complains of a matrix that it made itself.
        with threadpool_limits(1, "blas"), catch_warnings(action="ignore", category=ParameterWarning):
            model = CosineRecommender(K=min(neighbours, len(train.items)), num_threads=1)
            model.fit(_all_rows(train), show_progress=False)
        for age_decay in AGE_DECAYS:
            scorer = ItemNeighbours(model.similarity.T.tocsr(), age_decay)
            chosen.append((_ndcg(scorer, validation, train), scorer))
    return max(chosen, key=lambda pair: pair[0])[1]


def alternating_least_squares(train: Interactions, validation: Sequence[Case], seed: int) -> Factors:
    """ALS for implicit feedback (Hu et al. 2008) by `implicit`; its settings are those best on the validation
    cases."""
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    rows = _all_rows(train)
    chosen: list[tuple[float, Factors]] = []
    for factors in FACTORS:
        for regularisation in REGULARISATIONS:
            for confidence in CONFIDENCES:
                with threadpool_limits(1, "blas"):
                    model = AlternatingLeastSquares(
                        factors=min(factors, len(train.items)),
                        regularization=regularisation,
                        alpha=confidence,
                        iterations=15,
                        num_threads=1,
                        random_state=seed,
                    )
                    model.fit(rows, show_progress=False)
                scorer = Factors(np.asarray(model.item_factors), regularisation, confidence)
                chosen.append((_ndcg(scorer, validation, train), scorer))
    return max(chosen, key=lambda pair: pair[0])[1]


def _ndcg(scorer: Scorer, cases: Sequence[Case], train: Interactions) -> float:
    return evaluate(scorer, cases, len(train.items)).ndcg_10


def _all_rows(train: Interactions) -> csr_matrix:
    histories = train.histories
    rows = _rows(histories, [np.ones(len(history)) for history in histories], len(train.items))
    rows.data[:] = 1.0
    return rows


def _rows(histories: Sequence[History], weights: Sequence[npt.NDArray[np.float64]], items: int) -> csr_matrix:
    """Shape (histories, items); an item that was chosen twice counts by its later weight at least."""
    from scipy.sparse import csr_matrix

    rows = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    places = np.concatenate([history.items for history in histories])
    return csr_matrix(
        (np.concatenate(weights).astype(np.float32), (rows, places)), shape=(len(histories), items)
    )
