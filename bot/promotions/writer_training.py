"""How does the writer learn? A GPT-2 over compositions of the copybook; seeded, resumable, stops early.

Some lines are kept out of the compositions that it learns from; after each round its perplexity is measured
on texts of lines that it saw, put together anew, and on texts with lines that it never saw.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.promotions.compositions import Composer, Composition
from bot.promotions.copybook import Line
from bot.promotions.plans import END, NEXT
from bot.promotions.writer_vocabulary import add_special_pieces, learn_vocabulary
from knowledge_base.checkpoint import resume_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

LONGEST = 224
"""In pieces, plan included."""
IGNORED = -100
POOL_BATCHES = 40


@dataclass(frozen=True)
class WriterPlan:
    """`rounds` of `steps_a_round` steps of `batch` compositions each; `learning_rate` is the peak, reached
    after `warmup_steps`, falling as a cosine to a twentieth; `patience` rounds without a better perplexity
    end the training; `held_out` 0..1 of the lines are kept back to measure on,
    by `measured` texts.
    """

    dimensions: int = 256
    layers: int = 6
    heads: int = 8
    dropout: float = 0.0
    rounds: int = 10
    steps_a_round: int = 300
    batch: int = 12
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warmup_steps: int = 80
    patience: int = 3
    held_out: float = 0.04
    measured: int = 200
    seed: int = 7


@dataclass(frozen=True)
class WriterProgress:
    """After one step: `loss` is the cross-entropy in nats a piece."""

    step: int
    steps: int
    loss: float


@dataclass(frozen=True)
class WriterFigures:
    """Perplexities a piece: on texts of known lines put together anew, and on texts with lines never seen."""

    perplexity_known: float
    perplexity_unseen: float
    round: int


@dataclass(frozen=True)
class Trained:
    """The model of the best round, and the figures of each."""

    model: GPT2LMHeadModel
    tokenizer: PreTrainedTokenizerFast
    figures: tuple[WriterFigures, ...]


Report = Callable[[WriterProgress], None]
Say = Callable[[str], None]


def split_lines(lines: Sequence[Line], share: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Lines to learn from, and lines to measure on: evenly over the files, so that every hand is in both."""
    if share <= 0:
        return tuple(lines), ()
    every = round(1 / share)
    kept = tuple(line for number, line in enumerate(lines) if number % every)
    return kept, tuple(line for number, line in enumerate(lines) if not number % every)


def train_writer(
    lines: Sequence[Line],
    decided: Sequence[Composition],
    plan: WriterPlan,
    checkpoint: Path,
    base: str | None = None,
    report: Report = lambda progress: None,
    say: Say = lambda line: None,
) -> Trained:
    """The trained writer. An interrupted run goes on after its last whole round; the checkpoint is gone at
    the end. `base` is a hub name or a directory of a GPT-2 to start from, None for a fresh small one.

    Raises TrainingMismatch if the checkpoint is of another run, OSError if the base cannot be loaded.
    """
    import torch

    torch.manual_seed(plan.seed)
    known, unseen = split_lines(lines, plan.held_out)
    composer = Composer(known)
    model, tokenizer = _begun(lines, plan, base)
    model.train()
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=plan.learning_rate, betas=(0.9, 0.98), weight_decay=plan.weight_decay
    )
    run = {"plan": asdict(plan), "lines": len(lines), "decided": len(decided), "base": base or ""}
    first = resume_checkpoint(checkpoint / "state", run, model, optimiser)
    figures = _kept_figures(checkpoint) if first else []
    tests = (_measured_on(composer, plan), _measured_on(Composer(unseen or known), plan))
    steps = plan.rounds * plan.steps_a_round
    for number in range(first, plan.rounds):
        # All that is drawn in a round follows from its number, so that a resumed run goes the same way.
        torch.manual_seed(plan.seed * 1000 + number)
        batches = _batches(composer, decided, plan, number)
        for place, batch in enumerate(itertools.islice(batches, plan.steps_a_round), 1):
            step = number * plan.steps_a_round + place
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * _schedule(step, steps, plan.warmup_steps)
            loss = _loss(model, _padded(tokenizer, batch))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            report(WriterProgress(step, steps, float(loss.detach())))
        measured = WriterFigures(
            perplexity(model, tokenizer, tests[0]), perplexity(model, tokenizer, tests[1]), number + 1
        )
        figures.append(measured)
        _keep(checkpoint, run, number + 1, model, optimiser, figures)
        say(
            f"round {number + 1} of {plan.rounds}: perplexity {measured.perplexity_known:.2f} on known "
            f"lines, {measured.perplexity_unseen:.2f} with lines never seen"
        )
        if _has_stalled(figures, plan.patience):
            say(f"no better for {plan.patience} rounds: it ends here")
            break
    best = _best(checkpoint, model)
    shutil.rmtree(checkpoint, ignore_errors=True)
    return Trained(best, tokenizer, tuple(figures))


def _begun(
    lines: Sequence[Line], plan: WriterPlan, base: str | None
) -> tuple[GPT2LMHeadModel, PreTrainedTokenizerFast]:
    from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

    if base is not None:
        tokenizer = AutoTokenizer.from_pretrained(base)
        model = GPT2LMHeadModel.from_pretrained(base, dtype="float32")
        add_special_pieces(tokenizer)
        model.resize_token_embeddings(len(tokenizer))
        return model, tokenizer
    texts = [line.said_of(several) for line in lines for several in (False, True)]
    tokenizer = learn_vocabulary(texts)
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=LONGEST,
        n_embd=plan.dimensions,
        n_layer=plan.layers,
        n_head=plan.heads,
        resid_pdrop=plan.dropout,
        # Drawing random numbers is slow on a CPU: on the residual path alone, if at all.
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return GPT2LMHeadModel(config), tokenizer


def as_pieces(tokenizer: PreTrainedTokenizerFast, composition: Composition) -> tuple[list[int], int]:
    """The composition in pieces, and how many of them are its plan."""
    plan = tokenizer.convert_tokens_to_ids(composition.plan.words())
    parts = [tokenizer.encode(part, add_special_tokens=False) for part in composition.parts]
    following = tokenizer.convert_tokens_to_ids(NEXT)
    pieces = list(plan)
    for number, part in enumerate(parts):
        pieces += ([following] if number else []) + part
    return [*pieces, tokenizer.convert_tokens_to_ids(END)][:LONGEST], len(plan)


def perplexity(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerFast, compositions: Sequence[Composition]
) -> float:
    """exp of the mean cross-entropy over all pieces of the texts, their plans given."""
    import torch

    was_training = model.training
    model.eval()
    total = count = 0.0
    with torch.inference_mode():
        for begin in range(0, len(compositions), 50):
            ids, labels = _padded(tokenizer, compositions[begin : begin + 50])
            pieces = int((labels[:, 1:] != IGNORED).sum())
            total += float(_loss(model, (ids, labels))) * pieces
            count += pieces
    model.train(was_training)
    return math.exp(total / count)


def _measured_on(composer: Composer, plan: WriterPlan) -> list[Composition]:
    return list(itertools.islice(composer.compositions(plan.seed + 10_000), plan.measured))


def _batches(
    composer: Composer, decided: Sequence[Composition], plan: WriterPlan, number: int
) -> Iterator[list[Composition]]:
    """Texts of like length together, so that little is padded; what people decided on comes by each time."""
    stream = composer.compositions(plan.seed * 1000 + number)
    draw = random.Random(plan.seed * 1000 + number)
    turn = itertools.cycle(decided) if decided else iter(())
    while True:
        pool = list(itertools.islice(stream, plan.batch * POOL_BATCHES))
        pool[: len(decided)] = itertools.islice(turn, min(len(decided), len(pool) // 10))
        pool.sort(key=lambda composition: len(composition.text))
        batches = [pool[begin : begin + plan.batch] for begin in range(0, len(pool), plan.batch)]
        draw.shuffle(batches)
        yield from batches


def _padded(tokenizer: PreTrainedTokenizerFast, batch: Sequence[Composition]) -> tuple[Tensor, Tensor]:
    """Pieces and labels, each int64 (texts, longest); neither the plan nor the padding is learnt."""
    import torch

    rows = [as_pieces(tokenizer, composition) for composition in batch]
    longest = max(len(pieces) for pieces, _ in rows)
    ids = torch.full((len(rows), longest), int(tokenizer.pad_token_id))
    labels = torch.full_like(ids, IGNORED)
    for row, (pieces, planned) in enumerate(rows):
        ids[row, : len(pieces)] = torch.tensor(pieces)
        labels[row, planned : len(pieces)] = torch.tensor(pieces[planned:])
    return ids, labels


def _loss(model: GPT2LMHeadModel, batch: tuple[Tensor, Tensor]) -> Any:
    ids, labels = batch
    # Padding stands after the text, and attention looks back only: no mask is needed.
    return model(input_ids=ids, labels=labels).loss


def _schedule(step: int, steps: int, warmup: int) -> float:
    falling = 0.5 * (1 + math.cos(math.pi * step / max(1, steps)))
    return max(0.05, min(1.0, step / max(1, min(warmup, steps // 4))) * falling)


def _has_stalled(figures: Sequence[WriterFigures], patience: int) -> bool:
    values = [each.perplexity_known for each in figures]
    return len(values) > patience and min(values[-patience:]) >= min(values[:-patience])


def _keep(
    checkpoint: Path, run: dict[str, Any], done: int, model: Any, optimiser: Any, figures: list[WriterFigures]
) -> None:
    """The state to go on from, the figures, and the weights of the best round."""
    from safetensors.torch import save_model

    checkpoint.mkdir(parents=True, exist_ok=True)
    if min(figures, key=lambda each: each.perplexity_known) == figures[-1]:
        save_model(model, str(checkpoint / "best.safetensors"))
    (checkpoint / "figures.json").write_text(json.dumps([asdict(each) for each in figures]), encoding="utf-8")
    save_checkpoint(checkpoint / "state", run, done, model, optimiser)


def _kept_figures(checkpoint: Path) -> list[WriterFigures]:
    stored = json.loads((checkpoint / "figures.json").read_text(encoding="utf-8"))
    return [WriterFigures(**each) for each in stored]


def _best(checkpoint: Path, model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    from safetensors.torch import load_model

    load_model(model, str(checkpoint / "best.safetensors"))
    return model.eval()
