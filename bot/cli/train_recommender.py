"""How does a shop train its recommender? ``storekeep train recommender``, from the events that it has."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from bot.assembly import train_recommender
from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.recommendations.frozen_cases import TooFewShoppers
from bot.recommendations.next_item_model import ModelUnreadable
from bot.recommendations.recommender_training import Progress, TrainingPlan
from bot.recommendations.shop_training import TrainingSummary
from knowledge_base.encoder import ModelMissing


@click.command(
    help="Train the recommender on the shop's events. It replaces the running one only if it is better on a "
    "set that none learns from. Interrupted training goes on where it was."
)
@click.option("--passes", type=click.IntRange(1, 200), default=TrainingPlan().passes, show_default=True)
@click.option("--seed", type=int, default=TrainingPlan().seed, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(passes: int, seed: int, as_json: bool) -> None:
    from tqdm import tqdm

    settings = settings_or_exit()
    problems = (DatabaseUnavailable, ModelMissing, ModelUnreadable)
    with told(bad_input=(TooFewShoppers,), failed=problems), tqdm(unit="step", smoothing=0.05) as bar:

        def show(progress: Progress) -> None:
            bar.total, bar.n = progress.steps, progress.step
            bar.set_postfix(loss=f"{progress.loss:.3f}", refresh=False)
            bar.update(0)

        plan = TrainingPlan(passes=passes, seed=seed)
        summary = train_recommender(settings, plan, show, lambda line: click.echo(line, err=True))
    click.echo(json.dumps(asdict(summary)) if as_json else in_words(summary))


def in_words(summary: TrainingSummary) -> str:
    """What became of the training, in two lines."""
    figures = (
        f"NDCG@10 {summary.ndcg_10:.4f} against {summary.ndcg_10_before:.4f} before, "
        f"HR@10 {summary.hr_10:.4f} against {summary.hr_10_before:.4f}, on {summary.cases} frozen cases"
    )
    state = "is in use now" if summary.is_used else "is kept, but the one before it stays in use"
    learnt = f"{summary.choices} choices of {summary.shoppers} shoppers, {summary.train_seconds:.0f} s"
    return f"version {summary.version} {state} ({learnt})\n{figures}"
