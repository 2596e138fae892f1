"""In which number format does the reader think on this processor?

- ``bfloat16`` where the processor has matrix units for it (AMX): half the time of float32.
- ``float32`` on everything else: quick enough on two cores, and as good as the reader was trained.
- ``int8`` only if the shop asks for it, best where the processor has dot products for bytes (VNNI): the
  weights of the linear layers are quantised once, with a scale for each output channel, activations at each
  call (Jacob et al. 2018).
  A quarter quicker, and 1.8 F1 worse on held-out SQuAD; with one scale a layer, worse still.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Precision = Literal["auto", "bfloat16", "int8", "float32"]


def fitting_precision(processor_flags: frozenset[str]) -> Precision:
    """The format for a processor with these flags, named as Linux names them in /proc/cpuinfo."""
    return "bfloat16" if "amx_bf16" in processor_flags else "float32"


def processor_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """What the processor can do, as far as the system says; empty where there is no such file."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())


def in_precision(model: PreTrainedModel, precision: Precision) -> PreTrainedModel:
    """A float32 model, in evaluation mode, brought into the format; "auto" is what fits this processor."""
    import torch

    chosen = fitting_precision(processor_flags()) if precision == "auto" else precision
    if chosen == "bfloat16":
        return model.to(torch.bfloat16)
    if chosen == "float32":
        return model
    from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

    with warnings.catch_warnings():
        # torch announces a successor package, which has no kernels for these processors yet.
        warnings.simplefilter("ignore")
        layers = {torch.nn.Linear: per_channel_dynamic_qconfig}
        quantised: PreTrainedModel = quantize_dynamic(model, layers)  # type: ignore[no-untyped-call]
    return quantised
