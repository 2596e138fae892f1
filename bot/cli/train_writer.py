"""How does a shop train the writer of its promotions? ``storekeep train writer``, from the copybook."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from bot.assembly import now, open_shop
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.promotions.compositions import Composition
from bot.promotions.copybook import BrokenCopybook
from bot.promotions.decided_texts import decided_compositions
from bot.promotions.promotion_record import PromotionRecord
from bot.promotions.writer_making import WriterSummary, make_writer
from bot.promotions.writer_training import WriterPlan, WriterProgress
from knowledge_base.checkpoint import TrainingMismatch


@click.command(
    help="Train the GPT-2 that writes promotions, on the copybook and on what people approved or edited. "
    "Interrupted training goes on where it was; it ends early when it gets no better."
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Directory for the trained model."
)
@click.option("--base", default=None, help="A GPT-2 to start from: 'gpt2' or a directory. Default: none.")
@click.option("--rounds", type=click.IntRange(1, 1000), default=WriterPlan().rounds, show_default=True)
@click.option(
    "--steps", type=click.IntRange(1, 100_000), default=WriterPlan().steps_a_round, show_default=True
)
@click.option("--batch-size", type=click.IntRange(1, 1024), default=WriterPlan().batch, show_default=True)
@click.option("--learning-rate", type=click.FloatRange(min=0, min_open=True), default=None)
@click.option("--seed", type=int, default=WriterPlan().seed, show_default=True)
@click.option(
    "--decisions/--no-decisions",
    default=True,
    show_default=True,
    help="Learn from what people approved and edited under /agent, too.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    out: Path,
    base: str | None,
    rounds: int,
    steps: int,
    batch_size: int,
    learning_rate: float | None,
    seed: int,
    decisions: bool,
    as_json: bool,
) -> None:
    from tqdm import tqdm

    if out.is_file():
        raise BadInput(f"--out should be a directory; {out} is a file.")
    usual = 1e-4 if base is not None else WriterPlan().learning_rate
    plan = WriterPlan(
        rounds=rounds,
        steps_a_round=steps,
        batch=batch_size,
        learning_rate=learning_rate or usual,
        seed=seed,
    )
    problems = (BrokenCopybook, TrainingMismatch, OSError)
    told_problems = told(bad_input=problems, failed=(DatabaseUnavailable,))
    with told_problems, tqdm(unit="step", smoothing=0.05) as bar:

        def show(progress: WriterProgress) -> None:
            bar.total, bar.n = progress.steps, progress.step
            bar.set_postfix(loss=f"{progress.loss:.3f}", refresh=False)
            bar.update(0)

        def say(line: str) -> None:
            tqdm.write(line, file=sys.stderr)

        decided = decided_by_people() if decisions else ()
        summary = make_writer(out, plan, base, decided, show, say)
    click.echo(json.dumps({"model": str(out), **asdict(summary)}) if as_json else in_words(out, summary))


def decided_by_people() -> tuple[Composition, ...]:
    """What the shop's people decided about promotions."""
    shop = open_shop(settings_or_exit())
    with closing(shop.database):
        return decided_compositions(PromotionRecord(shop.database, now).decided())


def in_words(out: Path, summary: WriterSummary) -> str:
    """What became of the training, and what it writes."""
    head = (
        f"{out}: {summary.parameters:,} parameters, {summary.lines} lines and {summary.decided} decided "
        f"texts, round {summary.best_round} of {summary.rounds} kept, {summary.train_seconds:.0f} s\n"
        f"perplexity {summary.perplexity_known:.2f} on known lines put together anew, "
        f"{summary.perplexity_unseen:.2f} with lines never seen\n"
    )
    return head + "\n".join(f"  {sample}" for sample in summary.samples)
