"""How often is what came next among the first that a recommender names? All items not seen are ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.recommendations.interactions import Case, History

Scores = npt.NDArray[np.float32]
CASES_AT_ONCE = 512
LENGTH_OF_LIST = 10


class Scorer(Protocol):
    """Says how likely each item is next: scores of shape (histories, items), higher is likelier.

    Only the order within a row counts.
    """

    def scores(self, histories: Sequence[History]) -> Scores: ...


@dataclass(frozen=True)
class RankingFigures:
    """Means over the cases, 0..1. HR is the share of cases whose target is in the first k (hit rate), NDCG
    weighs it by 1/log2(place + 1); `coverage` is the share of all items that stand in someone's first ten.
    """

    hr_5: float
    hr_10: float
    ndcg_5: float
    ndcg_10: float
    coverage: float
    cases: int

    def as_contract(self) -> dict[str, float]:
        """Under the names that others rely on."""
        return {
            "HR@5": round(self.hr_5, 5),
            "HR@10": round(self.hr_10, 5),
            "NDCG@5": round(self.ndcg_5, 5),
            "NDCG@10": round(self.ndcg_10, 5),
            "coverage": round(self.coverage, 5),
        }


def evaluate(
    scorer: Scorer, cases: Sequence[Case], items: int, progress: Callable[[int], None] = lambda done: None
) -> RankingFigures:
    """Ranks all items that are not in a case's history. Of equal scores the target counts as in the middle,
    so that a model that cannot tell items apart gains nothing by it.

    Raises ValueError without any case.
    """
    if not cases:
        raise ValueError("there is no case to evaluate on: users need at least three items")
    ranks = np.zeros(len(cases), dtype=np.float64)
    named = np.zeros(items, dtype=bool)
    # Histories of like length together: a model then pads little.
    order = sorted(range(len(cases)), key=lambda place: len(cases[place].history))
    for begin in range(0, len(order), CASES_AT_ONCE):
        chosen = order[begin : begin + CASES_AT_ONCE]
        scores = np.array(scorer.scores([cases[place].history for place in chosen]), dtype=np.float32)
        for row, place in enumerate(chosen):
            scores[row, cases[place].history.items] = -np.inf
        targets = np.array([cases[place].target for place in chosen])
        ranks[chosen] = _ranks(scores, targets)
        named[np.argpartition(-scores, min(LENGTH_OF_LIST, items - 1), axis=1)[:, :LENGTH_OF_LIST]] = True
        progress(len(chosen))
    return RankingFigures(
        hr_5=float(np.mean(ranks < 5)),
        hr_10=float(np.mean(ranks < 10)),
        ndcg_5=float(np.mean(np.where(ranks < 5, 1 / np.log2(ranks + 2), 0.0))),
        ndcg_10=float(np.mean(np.where(ranks < 10, 1 / np.log2(ranks + 2), 0.0))),
        coverage=float(named.mean()),
        cases=len(cases),
    )


def _ranks(scores: Scores, targets: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The places of the targets, from 0; shape (cases,). A target that was in the history is last."""
    reached = scores[np.arange(len(targets)), targets][:, None]
    higher = (scores > reached).sum(axis=1)
    equal = (scores == reached).sum(axis=1) - 1
    ranks: npt.NDArray[np.float64] = higher + equal / 2
    return np.where(np.isneginf(reached[:, 0]), scores.shape[1], ranks)
