"""What does the recommender reach on a file of choices, beside the usual simple ones on the same split?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import numpy.typing as npt

from bot.recommendations.baselines import alternating_least_squares, item_neighbours, popularity
from bot.recommendations.co_behaviour import count_co_behaviour
from bot.recommendations.interactions import Case, Interactions, LeaveOneOut, leave_one_out
from bot.recommendations.next_item_model import NextItemModel, from_network
from bot.recommendations.ranking_evaluation import RankingFigures, Scorer, evaluate
from bot.recommendations.recommender_training import Report, TrainingPlan, train_network

VALIDATION_CASES = 5000


@dataclass(frozen=True)
class SeedRun:
    """One training. `share` is the transformer's part of the mixture, chosen on validation items; the
    transformer alone and the co-behaviour alone are told beside it.
    """

    seed: int
    figures: RankingFigures
    transformer: RankingFigures
    co_behaviour: RankingFigures
    share: float
    train_seconds: float


@dataclass(frozen=True)
class FileFigures:
    """Our runs, and the others' by name; users, items and choices are those of the file."""

    runs: tuple[SeedRun, ...]
    beside: Mapping[str, RankingFigures]
    users: int
    items: int
    choices: int

    def as_contract(self) -> dict[str, object]:
        """Means over the seeds under the names that others rely on, then each run and each other model."""
        names = ("HR@5", "HR@10", "NDCG@5", "NDCG@10", "coverage")
        each = [run.figures.as_contract() for run in self.runs]
        means: dict[str, object] = {
            name: round(float(np.mean([one[name] for one in each])), 5) for name in names
        }
        return {
            **means,
            "train_seconds": round(float(np.mean([run.train_seconds for run in self.runs])), 1),
            "runs": [
                {
                    "seed": run.seed,
                    **run.figures.as_contract(),
                    "share": run.share,
                    "train_seconds": round(run.train_seconds, 1),
                    "transformer": run.transformer.as_contract(),
                    "co_behaviour": run.co_behaviour.as_contract(),
                }
                for run in self.runs
            ],
            "beside": {name: figures.as_contract() for name, figures in self.beside.items()},
            "users": self.users,
            "items": self.items,
            "choices": self.choices,
            "cases": self.runs[0].figures.cases,
        }


def evaluate_file(
    interactions: Interactions,
    plan: TrainingPlan,
    seeds: tuple[int, ...],
    report: Report,
    say: Callable[[str], None],
) -> FileFigures:
    """Leave-one-out over all items not seen; every choice of settings is made on the validation items.

    Raises ValueError if no user has three items.
    """
    split = leave_one_out(interactions)
    chosen = some_cases(split.validation, seeds[0])
    beside = {}
    for name, make in (
        ("popularity", lambda: popularity(split.train)),
        ("item_knn", lambda: item_neighbours(split.train, chosen)),
        ("implicit_als", lambda: alternating_least_squares(split.train, chosen, seeds[0])),
    ):
        say(name)
        beside[name] = evaluate(make(), split.test, len(interactions.items))
    runs = tuple(_run(split, replace(plan, seed=seed), report, say) for seed in seeds)
    return FileFigures(runs, beside, len(interactions.histories), len(interactions.items), interactions.count)


def _run(split: LeaveOneOut, plan: TrainingPlan, report: Report, say: Callable[[str], None]) -> SeedRun:
    say(f"ours, seed {plan.seed}")
    started = perf_counter()
    model = fit(split, no_texts(split.train), plan, report)
    seconds = perf_counter() - started
    items = len(split.train.items)

    def figures(scorer: Scorer) -> RankingFigures:
        return evaluate(scorer, split.test, items)

    return SeedRun(
        plan.seed,
        figures(model),
        figures(replace(model, share=1.0)),
        figures(model.co_behaviour),
        model.share,
        seconds,
    )


def fit(
    split: LeaveOneOut, texts: npt.NDArray[np.float32], plan: TrainingPlan, report: Report
) -> NextItemModel:
    """The model of the training items, its share chosen on validation cases. `texts` (items, dimensions)."""
    network = train_network(split.train, texts, plan, None, report)
    counts = popularity(split.train).counts
    model = from_network(
        network,
        split.train.items,
        plan.shape.longest,
        count_co_behaviour(split.train),
        counts / max(1.0, float(counts.sum())),
    )
    return model.with_best_share(some_cases(split.validation, plan.seed))


def some_cases(cases: Sequence[Case], seed: int) -> list[Case]:
    """Enough of them to choose settings by, drawn by the seed."""
    chosen = np.random.default_rng(seed).permutation(len(cases))[:VALIDATION_CASES]
    return [cases[place] for place in chosen]


def no_texts(interactions: Interactions) -> npt.NDArray[np.float32]:
    """The texts of items of which only the names are known."""
    return np.zeros((len(interactions.items), 0), dtype=np.float32)
