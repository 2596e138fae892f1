"""How does a GPT-2 go on piece by piece without waste? Its own arithmetic, keys and values kept in place.

The same numbers as ``GPT2LMHeadModel`` (a test compares them). It takes several pieces of each text at once,
as many as are known already, where `generate` of transformers takes one: `benchmarks.promotion_speed` has the
pieces a second of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import GPT2LMHeadModel


@dataclass(frozen=True)
class _Block:
    """The weights of one layer; matrices are (in, out)."""

    norm_1: tuple[Tensor, Tensor]
    norm_2: tuple[Tensor, Tensor]
    attention: tuple[Tensor, Tensor]
    projection: tuple[Tensor, Tensor]
    wide: tuple[Tensor, Tensor]
    narrow: tuple[Tensor, Tensor]


class Gpt2Steps:
    """One batch of texts at a time: `begin`, then `read` as many pieces of each as are known already."""

    def __init__(self, model: GPT2LMHeadModel) -> None:
        body, config = model.transformer, model.config
        self._words, self._positions = body.wte.weight.detach(), body.wpe.weight.detach()
        self._head = model.lm_head.weight.detach()
        self._last_norm = _pair(body.ln_f)
        self._heads, self._width = int(config.n_head), int(config.n_embd)
        self._epsilon = float(config.layer_norm_epsilon)
        self._longest = int(config.n_positions)
        self._blocks = [
            _Block(
                norm_1=_pair(block.ln_1),
                norm_2=_pair(block.ln_2),
                attention=_pair(block.attn.c_attn),
                projection=_pair(block.attn.c_proj),
                wide=_pair(block.mlp.c_fc),
                narrow=_pair(block.mlp.c_proj),
            )
            for block in body.h
        ]
        self._keys: list[Tensor] = []
        self._values: list[Tensor] = []
        self._filled: Tensor

    def begin(self, texts: int) -> None:
        """Forget what was read; `texts` new ones begin."""
        import torch

        shape = (texts, self._heads, self._longest, self._width // self._heads)
        self._keys = [torch.zeros(shape) for _ in self._blocks]
        self._values = [torch.zeros(shape) for _ in self._blocks]
        self._filled = torch.zeros(texts, dtype=torch.int64)

    def keep(self, texts: Sequence[int]) -> None:
        """Go on with these texts only, numbered anew."""
        import torch

        chosen = torch.tensor(list(texts), dtype=torch.int64)
        self._keys = [keys[chosen] for keys in self._keys]
        self._values = [values[chosen] for values in self._values]
        self._filled = self._filled[chosen]

    def read(self, pieces: Sequence[Sequence[int]]) -> Tensor:
        """Read one piece or more of each text; logits after each, shape (texts, most pieces, vocabulary).

        A row is meaningless after the last of its own pieces.
        """
        import torch
        from torch.nn import functional

        most = max(map(len, pieces))
        ids = torch.tensor([[*some, *([0] * (most - len(some)))] for some in pieces])
        positions = (self._filled[:, None] + torch.arange(most)).clamp(max=self._longest - 1)
        end = int(positions.max()) + 1
        # What is beyond a text's own pieces is never looked at, and overwritten by what comes next.
        hidden = torch.arange(end) > positions[:, None, :, None]
        mask = torch.zeros(hidden.shape).masked_fill(hidden, -1e9)
        rows = torch.arange(len(pieces))[:, None]
        state = self._words[ids] + self._positions[positions]
        for number, block in enumerate(self._blocks):
            heads: Any = _linear(self._norm(state, block.norm_1), block.attention)
            query, key, value = (self._in_heads(part) for part in heads.split(self._width, dim=-1))
            self._keys[number][rows, :, positions] = key.transpose(1, 2)
            self._values[number][rows, :, positions] = value.transpose(1, 2)
            seen = functional.scaled_dot_product_attention(
                query, self._keys[number][:, :, :end], self._values[number][:, :, :end], attn_mask=mask
            )
            state = state + _linear(seen.transpose(1, 2).flatten(2), block.projection)
            wide = functional.gelu(_linear(self._norm(state, block.norm_2), block.wide), approximate="tanh")
            state = state + _linear(wide, block.narrow)
        self._filled = self._filled + torch.tensor([len(some) for some in pieces])
        logits: Tensor = self._norm(state, self._last_norm) @ self._head.T
        return logits

    def _in_heads(self, part: Tensor) -> Tensor:
        texts, length, width = part.shape
        return part.view(texts, length, self._heads, width // self._heads).transpose(1, 2)

    def _norm(self, state: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
        from torch.nn import functional

        return functional.layer_norm(state, (self._width,), weights[0], weights[1], self._epsilon)


def _linear(state: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
    import torch

    flat = torch.addmm(weights[1], state.reshape(-1, state.shape[-1]), weights[0])
    return flat.view(*state.shape[:-1], -1)


def _pair(module: Any) -> tuple[Tensor, Tensor]:
    return module.weight.detach(), module.bias.detach()
