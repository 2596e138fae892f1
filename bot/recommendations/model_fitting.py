"""How do its parts become one next-item model? The network, the co-behaviour, the demand; their shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.recommendations.baselines import popularity
from bot.recommendations.co_behaviour import count_co_behaviour
from bot.recommendations.interactions import Case, Interactions
from bot.recommendations.next_item_model import NextItemModel, from_network
from bot.recommendations.recommender_training import Report, TrainingPlan, train_network
from bot.recommendations.sequence_network import SequenceNetwork

VALIDATION_CASES = 5000


@dataclass(frozen=True)
class FittedModel:
    """A model with the network that its `save` writes the graph from."""

    model: NextItemModel
    network: SequenceNetwork

    def save(self, directory: Path) -> None:
        """Write the model into an existing directory."""
        self.model.save(directory, self.network)


def fit_model(
    train: Interactions,
    validation: Sequence[Case],
    texts: npt.NDArray[np.float32],
    plan: TrainingPlan,
    report: Report,
    checkpoint: Path | None = None,
) -> FittedModel:
    """Learns from `train`; the mixture's share and power are chosen on `validation`. `texts` (items,
    dimensions).

    Raises what `train_network` raises.
    """
    network = train_network(train, texts, plan, checkpoint, report)
    demand = popularity(train).counts
    model = from_network(network, train.items, plan.shape.longest, count_co_behaviour(train), demand)
    return FittedModel(model.with_best_share(some_cases(validation, plan.seed)), network)


def some_cases(cases: Sequence[Case], seed: int) -> list[Case]:
    """Enough of them to choose settings by, drawn by the seed."""
    chosen = np.random.default_rng(seed).permutation(len(cases))[:VALIDATION_CASES]
    return [cases[place] for place in chosen]


def no_texts(interactions: Interactions) -> npt.NDArray[np.float32]:
    """The texts of items of which only the names are known."""
    return np.zeros((len(interactions.items), 0), dtype=np.float32)
