"""How are the writer's weights moved? Matrices by Muon, everything else by AdamW, as one optimiser.

Muon (Jordan et al. 2024) makes the steps of a matrix orthogonal. It learns what is seen seldom, and a
copybook is made of lines that are seen seldom, in fewer steps than AdamW. The one of torch 2.13 multiplies
in bfloat16, which a CPU without units for it emulates: twenty seconds a step instead of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

MOMENTUM = 0.95
BETAS = (0.9, 0.98)
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5
RMS_OF_ADAM = 0.2
"""Steps are scaled to the usual size of AdamW's, so that one learning rate serves both (Liu et al. 2025)."""


class WriterOptimiser:
    """Looks like one optimiser of torch to a checkpoint: AdamW's states come after Muon's."""

    def __init__(self, model: nn.Module, learning_rate: float, weight_decay: float) -> None:
        import torch

        self._matrices: list[nn.Parameter] = []
        others: list[nn.Parameter] = []
        for name, value in model.named_parameters():
            (self._matrices if value.ndim == 2 and ".h." in name else others).append(value)
        self._momenta = [torch.zeros_like(matrix) for matrix in self._matrices]
        self._decay = weight_decay
        self._adam = torch.optim.AdamW(others, lr=learning_rate, betas=BETAS, weight_decay=weight_decay)

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """A learning rate that is set here counts for both."""
        return self._adam.param_groups

    def zero_grad(self) -> None:
        """Forget the gradients of all weights."""
        self._adam.zero_grad(set_to_none=True)
        for matrix in self._matrices:
            matrix.grad = None

    def step(self) -> None:
        """Move all weights."""
        import torch

        self._adam.step()
        rate = float(self.param_groups[0]["lr"])
        with torch.no_grad():
            for matrix, momentum in zip(self._matrices, self._momenta, strict=True):
                if matrix.grad is None:
                    continue
                momentum.lerp_(matrix.grad, 1 - MOMENTUM)
                direction = orthogonal(matrix.grad.lerp(momentum, MOMENTUM))
                matrix.mul_(1 - rate * self._decay)
                matrix.add_(direction, alpha=-rate * RMS_OF_ADAM * max(matrix.shape) ** 0.5)

    def state_dict(self) -> dict[str, Any]:
        """By number: momenta of the matrices, then AdamW's."""
        return {"state": dict(self._states())}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """What `state_dict` gave."""
        count = len(self._matrices)
        adam = self._adam.state_dict()
        for number, state in state_dict["state"].items():
            if number < count:
                self._momenta[number].copy_(state["momentum"])
            else:
                adam["state"][number - count] = state
        self._adam.load_state_dict(adam)

    def _states(self) -> Iterator[tuple[int, dict[str, torch.Tensor]]]:
        for number, momentum in enumerate(self._momenta):
            yield number, {"momentum": momentum}
        for number, state in self._adam.state_dict()["state"].items():
            yield number + len(self._matrices), state


def orthogonal(matrix: Tensor) -> Tensor:
    """Nearly the nearest matrix with orthogonal rows or columns, by Newton-Schulz iterations in float32."""
    first, second, third = NEWTON_SCHULZ
    found = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    found = found / (found.norm() + 1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        square = found @ found.T
        found = first * found + (second * square + third * square @ square) @ found
    back: Tensor = found if matrix.shape[0] <= matrix.shape[1] else found.T
    return back
