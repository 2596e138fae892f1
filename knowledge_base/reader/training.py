"""How is a reader made from a sentence encoder or improved from an earlier reader? Fine-tuning with
checkpoints on disk."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.checkpoint import TrainingMismatch, resume_checkpoint, save_checkpoint
from knowledge_base.reader.exercises import Exercise

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

CHECKPOINT_EVERY_STEPS = 100

__all__ = ["StepReport", "TrainingMismatch", "TrainingPlan", "batches", "train"]


@dataclass(frozen=True)
class TrainingPlan:
    """Settings of one run. ``learning_rate`` is the peak, reached after ``warmup_share`` (0..1) of all steps,
    then falls to 0.

    ``train_embeddings`` False keeps the word embeddings of the base model: a third faster on a CPU and half
    the optimiser's memory.
    """

    epochs: float = 1.0
    batch_size: int = 32
    learning_rate: float = 1e-4
    warmup_share: float = 0.06
    weight_decay: float = 0.01
    seed: int = 7
    train_embeddings: bool = False


@dataclass(frozen=True)
class StepReport:
    """Progress after one optimiser step: loss is the mean of start and end cross-entropy in nats."""

    step: int
    steps: int
    loss: float


def batches(exercises: Sequence[Exercise], plan: TrainingPlan) -> Iterator[list[Exercise]]:
    """The run's batches in order, the same for the same seed; exercises of like length share a batch to waste
    no padding."""
    rng = random.Random(plan.seed)
    remaining = math.ceil(len(exercises) * plan.epochs)
    while remaining > 0:
        order = rng.sample(range(len(exercises)), len(exercises))[:remaining]
        remaining -= len(order)
        pool = plan.batch_size * 40
        one_pass = []
        for begin in range(0, len(order), pool):
            near = sorted(
                order[begin : begin + pool], key=lambda index: len(exercises[index].window.token_ids)
            )
            one_pass += [near[at : at + plan.batch_size] for at in range(0, len(near), plan.batch_size)]
        rng.shuffle(one_pass)
        for batch in one_pass:
            yield [exercises[index] for index in batch]


def train(
    model: PreTrainedModel,
    exercises: Sequence[Exercise],
    plan: TrainingPlan,
    checkpoint_dir: Path,
    report: Callable[[StepReport], None],
) -> None:
    """Fine-tunes ``model`` in place, going on from ``checkpoint_dir`` if an interrupted run of the same plan
    left one there.

    Raises TrainingMismatch if the checkpoint is of another plan or another number of exercises.
    """
    import torch

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    model.base_model.embeddings.requires_grad_(plan.train_embeddings)
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trainable, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    todo = list(batches(exercises, plan))
    identity = {"plan": asdict(plan), "exercises": len(exercises)}
    done = resume_checkpoint(checkpoint_dir, identity, model, optimiser)
    for step, batch in enumerate(todo[done:], done + 1):
        # Dropout depends on the step alone, so that a resumed run goes the same way as one without a break.
        torch.manual_seed(plan.seed + step)
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * _schedule(step, len(todo), plan.warmup_share)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            loss = model(**_collate(batch, device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        report(StepReport(step, len(todo), float(loss.detach())))
        if step % CHECKPOINT_EVERY_STEPS == 0:
            save_checkpoint(checkpoint_dir, identity, step, model, optimiser)
    model.eval()


def _schedule(step: int, steps: int, warmup_share: float) -> float:
    warmup = max(1, round(steps * warmup_share))
    return min(step / warmup, max(0.0, (steps - step + 1) / max(1, steps - warmup)))


def _collate(batch: Sequence[Exercise], device: torch.device) -> dict[str, torch.Tensor]:
    """Tensors of shape (batch, longest window) and the two targets of shape (batch,)."""
    import torch

    longest = max(len(exercise.window.token_ids) for exercise in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    segments, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, exercise in enumerate(batch):
        length = len(exercise.window.token_ids)
        ids[row, :length] = torch.tensor(exercise.window.token_ids)
        segments[row, :length] = torch.tensor(exercise.window.segment_ids)
        mask[row, :length] = 1
    return {
        "input_ids": ids.to(device),
        "token_type_ids": segments.to(device),
        "attention_mask": mask.to(device),
        "start_positions": torch.tensor([exercise.start for exercise in batch], device=device),
        "end_positions": torch.tensor([exercise.end for exercise in batch], device=device),
    }
