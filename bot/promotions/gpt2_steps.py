"""How does a GPT-2 go on piece by piece without waste? Its own arithmetic, keys and values kept in place.

The same numbers as ``GPT2LMHeadModel`` (a test compares them). The general forward pass of transformers makes
masks, caches and checks anew for every piece: for a model as small as the writer that takes several times
as long as the arithmetic itself.
"""

from __future__ import annotations

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
    """One batch of texts at a time: `read` the beginnings, then `step` after step."""

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
        self._hidden: Tensor
        self._next_positions: Tensor
        self._filled = 0

    def read(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits after each beginning, shape (texts, vocabulary). `ids` are int64 (texts, longest), padded on
        the left where `mask` is 0.
        """
        import torch

        texts, length = ids.shape
        shape = (texts, self._heads, self._longest, self._width // self._heads)
        self._keys = [torch.zeros(shape, dtype=self._words.dtype) for _ in self._blocks]
        self._values = [torch.zeros(shape, dtype=self._words.dtype) for _ in self._blocks]
        padding = torch.zeros((texts, 1, 1, self._longest), dtype=self._words.dtype)
        padding[:, 0, 0, :length] = torch.where(mask == 0, -1e9, 0.0)
        self._hidden = padding
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
        self._next_positions = positions[:, -1] + 1
        self._filled = 0
        causal = torch.full((length, length), -1e9, dtype=self._words.dtype).triu(1)
        return self._forward(ids, positions, causal + padding[..., :length])

    def step(self, chosen: Tensor) -> Tensor:
        """Logits after one more piece for each text; `chosen` is int64 (texts,)."""
        positions = self._next_positions[:, None]
        self._next_positions = self._next_positions + 1
        return self._forward(chosen[:, None], positions, self._hidden[..., : self._filled + 1])

    def _forward(self, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        from torch.nn import functional

        begin, end = self._filled, self._filled + ids.shape[1]
        state = self._words[ids] + self._positions[positions]
        for number, block in enumerate(self._blocks):
            heads: Any = _linear(self._norm(state, block.norm_1), block.attention)
            query, key, value = (self._in_heads(part) for part in heads.split(self._width, dim=-1))
            self._keys[number][:, :, begin:end] = key
            self._values[number][:, :, begin:end] = value
            seen = functional.scaled_dot_product_attention(
                query, self._keys[number][:, :, :end], self._values[number][:, :, :end], attn_mask=mask
            )
            state = state + _linear(seen.transpose(1, 2).flatten(2), block.projection)
            wide = functional.gelu(_linear(self._norm(state, block.norm_2), block.wide), approximate="tanh")
            state = state + _linear(wide, block.narrow)
        self._filled = end
        last: Tensor = self._norm(state[:, -1], self._last_norm) @ self._head.T
        return last

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
