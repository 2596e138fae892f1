"""How does a new writer come about, from the copybook and from what people decided about its texts?"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bot.promotions.compositions import Composer, Composition
from bot.promotions.copybook import Line, read_copybook
from bot.promotions.decided_texts import lines_of
from bot.promotions.writer import Writer, save_writer
from bot.promotions.writer_training import Report, Say, WriterFigures, WriterPlan, train_writer

SAMPLES = 12


@dataclass(frozen=True)
class WriterSummary:
    """What became of a training: the figures of the round that was kept, how many lines and decided texts it
    learnt from, and texts that it wrote, with their places unfilled.
    """

    parameters: int
    lines: int
    decided: int
    perplexity_known: float
    perplexity_unseen: float
    best_round: int
    rounds: int
    train_seconds: float
    samples: tuple[str, ...]


def make_writer(
    out: Path,
    plan: WriterPlan,
    base: str | None = None,
    decided: Sequence[Composition] = (),
    report: Report = lambda progress: None,
    say: Say = lambda line: None,
    lines: Sequence[Line] | None = None,
) -> WriterSummary:
    """Train and write a model directory with ``figures.json``. The checkpoint lies beside it, in
    ``<out>.checkpoint``, until the training has ended.

    Raises BrokenCopybook, TrainingMismatch, and OSError if the base cannot be loaded.
    """
    lines = (*(read_copybook() if lines is None else lines), *lines_of(decided))
    started = perf_counter()
    checkpoint = out.with_name(out.name + ".checkpoint")
    trained = train_writer(lines, decided, plan, checkpoint, base, report, say)
    seconds = perf_counter() - started
    save_writer(trained.model, trained.tokenizer, lines, out)
    best = min(trained.figures, key=lambda figures: figures.perplexity_known)
    summary = WriterSummary(
        parameters=sum(value.numel() for value in trained.model.parameters()),
        lines=len(lines),
        decided=len(decided),
        perplexity_known=round(best.perplexity_known, 3),
        perplexity_unseen=round(best.perplexity_unseen, 3),
        best_round=best.round,
        rounds=len(trained.figures),
        train_seconds=round(seconds, 1),
        samples=_samples(Writer(trained.model, trained.tokenizer, lines), lines, plan.seed),
    )
    _write_figures(out, summary, trained.figures, plan, base)
    return summary


def _samples(writer: Writer, lines: Sequence[Line], seed: int) -> tuple[str, ...]:
    compositions = itertools.islice(Composer(tuple(lines)).compositions(seed + 1), SAMPLES)
    plans = [composition.plan for composition in compositions]
    return tuple(
        f"{text.plan.form}, {text.plan.tone}: {' '.join(text.parts)}" for text in writer.write(plans, seed)
    )


def _write_figures(
    out: Path,
    summary: WriterSummary,
    rounds: Sequence[WriterFigures],
    plan: WriterPlan,
    base: str | None,
) -> None:
    content = {
        **asdict(summary),
        "plan": asdict(plan),
        "base": base,
        "perplexities": [asdict(figures) for figures in rounds],
    }
    (out / "figures.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
