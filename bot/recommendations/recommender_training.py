"""How does the sequence model learn? Next-item prediction with a sampled softmax, resumable, seeded."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.recommendations.co_behaviour import behaviour_vectors
from bot.recommendations.interactions import History, Interactions
from bot.recommendations.sequence_network import (
    NetworkShape,
    SequenceNetwork,
    make_network,
    one_thread,
    starting_vectors,
)
from knowledge_base.checkpoint import resume_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from torch import Tensor

HIDDEN = -1e4
"""A logit that means: not this one."""


@dataclass(frozen=True)
class TrainingPlan:
    """`passes` over all histories; `places_at_once` items in a step; `negatives` items drawn at random for
    each step, beside which the right one has to be found; `learning_rate` is the peak, reached after
    `warmup_steps`, then falls as a cosine to a fiftieth.
    """

    shape: NetworkShape = field(default_factory=NetworkShape)
    passes: int = 12
    places_at_once: int = 1800
    negatives: int = 1024
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    warmup_steps: int = 200
    seed: int = 7


@dataclass(frozen=True)
class Progress:
    """After one step: `loss` is the cross-entropy in nats against the negatives."""

    step: int
    steps: int
    loss: float


Report = Callable[[Progress], None]


def train_network(
    interactions: Interactions,
    texts: npt.NDArray[np.float32],
    plan: TrainingPlan,
    checkpoint: Path | None,
    report: Report = lambda progress: None,
) -> SequenceNetwork:
    """The trained network. With `checkpoint`, a directory, an interrupted run goes on after its last whole
    pass, and ends at the same weights as one without a break; the directory is gone at the end.

    `texts` is (items, text dimensions). Raises TrainingMismatch if the checkpoint is of another run,
    ValueError if no history has two items.
    """
    usable = [history for history in interactions.histories if len(history) >= 2]
    if not usable:
        raise ValueError("there is nothing to learn from: no history has two items or more")
    with one_thread():
        return _train(interactions, usable, texts, plan, checkpoint, report)


def _train(
    interactions: Interactions,
    usable: Sequence[History],
    texts: npt.NDArray[np.float32],
    plan: TrainingPlan,
    checkpoint: Path | None,
    report: Report,
) -> SequenceNetwork:
    import torch

    torch.manual_seed(plan.seed)
    behaviour = behaviour_vectors(interactions, plan.shape.dimensions, plan.seed)
    network = make_network(plan.shape, starting_vectors(behaviour, texts, plan.seed), texts)
    module = network.module.train()
    optimiser = torch.optim.AdamW(
        module.parameters(), lr=plan.learning_rate, betas=(0.9, 0.98), weight_decay=plan.weight_decay
    )
    run = {"plan": asdict(plan), "items": len(interactions.items), "choices": interactions.count}
    first = 0 if checkpoint is None else resume_checkpoint(checkpoint, run, module, optimiser)
    steps_a_pass = len(_batches(usable, plan, 0))
    steps = steps_a_pass * plan.passes
    for number in range(first, plan.passes):
        # All that is drawn in a pass follows from its number, so that a resumed run goes the same way.
        torch.manual_seed(plan.seed * 1000 + number)
        draw = np.random.default_rng((plan.seed, number))
        for place, batch in enumerate(_batches(usable, plan, number), start=1):
            step = number * steps_a_pass + place
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * _schedule(min(step, steps), steps, plan.warmup_steps)
            loss = _loss(network, batch, len(interactions.items), plan, draw)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(module.parameters(), 5.0)
            optimiser.step()
            report(Progress(min(step, steps), steps, float(loss.detach())))
        if checkpoint is not None and number + 1 < plan.passes:
            save_checkpoint(checkpoint, run, number + 1, module, optimiser)
    if checkpoint is not None:
        shutil.rmtree(checkpoint, ignore_errors=True)
    module.eval()
    return network


def _schedule(step: int, steps: int, warmup: int) -> float:
    falling = 0.5 * (1 + math.cos(math.pi * step / max(1, steps)))
    return max(0.02, min(1.0, step / max(1, min(warmup, steps // 4))) * falling)


def _batches(histories: Sequence[History], plan: TrainingPlan, number: int) -> list[list[History]]:
    """One pass: every history once, those of like length together, the batches in a random order."""
    draw = np.random.default_rng((plan.seed, number, 1))
    lengths = np.array([min(len(history), plan.shape.longest + 1) - 1 for history in histories])
    order = np.argsort(lengths + draw.random(len(lengths)), kind="stable")
    batches: list[list[History]] = [[]]
    places = 0
    for place in order:
        batches[-1].append(histories[place])
        places = len(batches[-1]) * int(lengths[place])
        if places >= plan.places_at_once:
            batches.append([])
    full = [batch for batch in batches if batch]
    return [full[place] for place in draw.permutation(len(full))]


def _loss(
    network: SequenceNetwork,
    batch: list[History],
    items: int,
    plan: TrainingPlan,
    draw: np.random.Generator,
) -> Tensor:
    import torch
    from torch.nn import functional

    shown, kinds, following = _padded(batch, plan.shape.longest)
    drawn = torch.from_numpy(draw.choice(items, min(plan.negatives, items), replace=False))
    is_there = following >= 0
    # Only the vectors that this step needs are made: in a large catalogue few of all.
    needed = torch.cat([shown.flatten(), following[is_there], drawn])
    used, place = torch.unique(needed, return_inverse=True)
    vectors = network.item_vectors(used)
    shown_place, target_place, drawn_place = place.split([shown.numel(), int(is_there.sum()), len(drawn)])
    states = network.user_encoder(functional.embedding(shown_place.view_as(shown), vectors), kinds)
    states, targets = states[is_there] * network.scale(), following[is_there]
    right = (states * vectors[target_place]).sum(dim=1, keepdim=True)
    # The drawn ones stand for all: without the correction the softmax would be over a smaller shop.
    wrong = states @ vectors[drawn_place].T + math.log(items / len(drawn))
    wrong = wrong.masked_fill(drawn[None] == targets[:, None], HIDDEN)
    answer = torch.zeros(len(targets), dtype=torch.long)
    return functional.cross_entropy(torch.cat([right, wrong], dim=1), answer)


def _padded(batch: list[History], longest: int) -> tuple[Tensor, Tensor, Tensor]:
    """Items, kinds and the items that follow, each int64 (users, length); -1 follows where nothing does."""
    import torch

    length = min(longest, max(len(history) for history in batch) - 1)
    shown, kinds = (np.zeros((len(batch), length), dtype=np.int64) for _ in range(2))
    following = np.full((len(batch), length), -1, dtype=np.int64)
    for row, history in enumerate(batch):
        items, done = history.items[-length - 1 :], history.kinds[-length - 1 :]
        shown[row, : len(items) - 1] = items[:-1]
        kinds[row, : len(items) - 1] = done[:-1]
        following[row, : len(items) - 1] = items[1:]
    return torch.from_numpy(shown), torch.from_numpy(kinds), torch.from_numpy(following)
