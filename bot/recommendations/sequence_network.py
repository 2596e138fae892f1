"""How does a history become a vector of the shopper? A transformer over item vectors, read left to right.

After SASRec (Kang and McAuley 2018), with three differences. Item vectors have length 1 and are compared by
cosine with a learned scale. They begin at what co-behaviour says of them (`behaviour_vectors`) instead of at
random, which makes ten passes enough where hundreds were needed. And each is a sum: what its text means, by a
linear map that a ridge regression begins, plus what is its own; a new item has the first part at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.recommendations.interactions import KINDS

if TYPE_CHECKING:
    from torch import Tensor, nn

INITIAL_SCALE, LARGEST_SCALE = 15.0, 60.0
RIDGE = 3.0
"""Strength of the regression from texts to behaviour, in items."""


@dataclass(frozen=True)
class NetworkShape:
    """`dimensions` of a vector, divisible by `heads`; `longest` history in items; `dropout` 0..1 inside the
    blocks and `input_dropout` before them; `own_dropout` 0..1 is the share of items that show their text's
    part alone in a step of training.
    """

    dimensions: int = 128
    layers: int = 2
    heads: int = 2
    longest: int = 50
    dropout: float = 0.5
    input_dropout: float = 0.3
    own_dropout: float = 0.1


@dataclass(frozen=True)
class StartingVectors:
    """Where training begins: `own` (items, dimensions), `text_map` (text dimensions, dimensions).

    The vector of an item is the sum of its own part and of its text times the map, then of length 1.
    """

    own: npt.NDArray[np.float32]
    text_map: npt.NDArray[np.float32]


def starting_vectors(
    behaviour: npt.NDArray[np.float32], texts: npt.NDArray[np.float32], seed: int
) -> StartingVectors:
    """Splits the behaviour vectors into what the texts explain and the rest. Items without behaviour have no
    own part. `texts` is (items, text dimensions), with no columns where there are no texts; then items
    without behaviour get a small random part, so that they differ.
    """
    known = np.linalg.norm(behaviour, axis=1) > 0.5
    seen = texts[known]
    gram = seen.T @ seen + RIDGE * np.eye(texts.shape[1], dtype=np.float32)
    text_map = np.linalg.solve(gram, seen.T @ behaviour[known]).astype(np.float32)
    own = np.where(known[:, None], behaviour - texts @ text_map, 0.0)
    if texts.shape[1] == 0:
        noise = np.random.default_rng(seed).standard_normal(behaviour.shape) / np.sqrt(behaviour.shape[1])
        own = np.where(known[:, None], own, noise)
    return StartingVectors(np.asarray(own, dtype=np.float32), text_map)


@dataclass(frozen=True)
class SequenceNetwork:
    """The parts of one network: `module` holds all parameters; `user_encoder` is in it.

    `item_vectors(places)` gives the vectors of these items, of all for None: (items, dimensions), rows of
    length 1, of which in training some show their text's part alone. `scale()` is what cosines are multiplied
    by before the softmax, 1 to 60.
    """

    module: nn.Module
    user_encoder: nn.Module
    item_vectors: Callable[[Tensor | None], Tensor]
    scale: Callable[[], Tensor]


@contextmanager
def one_thread() -> Iterator[None]:
    """Lets torch use one core: on two that have other work, threads that wait for each other made a step of
    training eight times as long.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def make_network(
    shape: NetworkShape, start: StartingVectors, texts: npt.NDArray[np.float32]
) -> SequenceNetwork:
    """The network at its start; `texts` is (items, text dimensions), as in `starting_vectors`."""
    import torch
    from torch import nn

    encoder = _user_encoder(shape)
    own = nn.Parameter(torch.from_numpy(start.own.copy()))
    text_map = nn.Parameter(torch.from_numpy(start.text_map.copy()))
    log_scale = nn.Parameter(torch.tensor(math.log(INITIAL_SCALE)))
    meanings = torch.from_numpy(np.ascontiguousarray(texts))
    parameters = nn.ParameterDict({"own": own, "text_map": text_map, "log_scale": log_scale})
    module = nn.ModuleDict({"catalogue": parameters, "user_encoder": encoder})

    def item_vectors(places: Tensor | None = None) -> Tensor:
        part, texts = (own, meanings) if places is None else (own[places], meanings[places])
        if module.training and texts.shape[1] > 0:
            part = part * (torch.rand(len(part), 1) >= shape.own_dropout)
        return nn.functional.normalize(part + texts @ text_map, dim=1)

    def scale() -> Tensor:
        return log_scale.clamp(max=math.log(LARGEST_SCALE)).exp()

    return SequenceNetwork(module, encoder, item_vectors, scale)


def _user_encoder(shape: NetworkShape) -> nn.Module:
    """Takes item vectors (users, length, dimensions), kinds int64 (users, length); gives vectors of length 1
    after each item, (users, length, dimensions). A place sees itself and what came before it.
    """
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            wide = 2 * shape.dimensions
            self.before_attention = nn.LayerNorm(shape.dimensions)
            self.project = nn.Linear(shape.dimensions, 3 * shape.dimensions)
            self.attention_out = nn.Linear(shape.dimensions, shape.dimensions)
            self.feed_forward = nn.Sequential(
                nn.LayerNorm(shape.dimensions),
                nn.Linear(shape.dimensions, wide),
                nn.GELU(),
                nn.Dropout(shape.dropout),
                nn.Linear(wide, shape.dimensions),
                nn.Dropout(shape.dropout),
            )
            self.drop = nn.Dropout(shape.dropout)

        def forward(self, states: Tensor) -> Tensor:
            users, length, width = states.shape
            parts = self.project(self.before_attention(states))
            split = parts.view(users, length, 3, shape.heads, width // shape.heads)
            query, key, value = split.permute(2, 0, 3, 1, 4)
            mixed = nn.functional.scaled_dot_product_attention(
                query, key, value, dropout_p=shape.dropout if self.training else 0.0, is_causal=True
            )
            joined = mixed.transpose(1, 2).reshape(users, length, width)
            states = states + self.drop(self.attention_out(joined))
            changed: Tensor = states + self.feed_forward(states)
            return changed

    class UserEncoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.places = nn.Embedding(shape.longest, shape.dimensions)
            nn.init.normal_(self.places.weight, std=0.02)
            self.kinds = nn.Embedding(len(KINDS), shape.dimensions)
            nn.init.zeros_(self.kinds.weight)
            self.drop = nn.Dropout(shape.input_dropout)
            self.blocks = nn.ModuleList(Block() for _ in range(shape.layers))
            self.last = nn.LayerNorm(shape.dimensions)

        def forward(self, vectors: Tensor, kinds: Tensor) -> Tensor:
            states = 0.5 * shape.dimensions**0.5 * vectors
            states = states + self.places.weight[: vectors.shape[1]] + self.kinds(kinds)
            states = self.drop(states)
            for block in self.blocks:
                states = block(states)
            normal: Tensor = torch.nn.functional.normalize(self.last(states), dim=-1)
            return normal

    return UserEncoder()
