"""What does the recommender reach on a file of choices, beside the usual simple ones on the same split?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from bot.recommendations.baselines import alternating_least_squares, item_neighbours, popularity
from bot.recommendations.interactions import Interactions, LeaveOneOut, leave_one_out
from bot.recommendations.model_fitting import fit_model, no_texts, some_cases
from bot.recommendations.ranking_evaluation import RankingFigures, Scorer, evaluate
from bot.recommendations.recommender_training import Report, TrainingPlan


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
    model = fit_model(split.train, split.validation, no_texts(split.train), plan, report).model
    seconds = perf_counter() - started
    items = len(split.train.items)

    def figures(scorer: Scorer) -> RankingFigures:
        return evaluate(scorer, split.test, items)

    return SeedRun(
        plan.seed,
        figures(model),
        figures(replace(model, share=1.0, model_power=1.0)),
        figures(model.co_behaviour),
        model.share,
        seconds,
    )
