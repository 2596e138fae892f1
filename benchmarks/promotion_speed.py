"""How quick is the writer, how much memory does it take, and what would int8 or bf16 change?

``python -m benchmarks.promotion_speed``: three candidates a request, with plan, check and ranking; tokens a
second of the writer alone in three number formats; beside it a model of GPT-2's size (124 M, random weights)
with the plain ``generate`` call, three times ninety tokens.
"""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from benchmarks.promotions import FOOTERS, requests_for, sample_products
from benchmarks.timing import Durations, hardware
from bot.promotions.plans import CHANNELS, Plan
from bot.promotions.promoter import Promoter, Request
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.writer import Writer

REQUESTS = 20
TEXTS, TURNS, GENERATED = 4, 8, 45
GPT2_TOKENS, GPT2_TURNS = 90, 3


def main() -> dict[str, Any]:
    import torch

    before = resident_mb()
    shared = SharedWriter()
    writer = shared.loaded()
    loaded = resident_mb()
    promoter = Promoter(shared, FOOTERS)
    requests = [Request(one.facts, one.channel, 3, seed=one.seed) for one in requests_for(sample_products())]
    random.Random(3).shuffle(requests)
    promoter.promote(requests[0])
    by_channel = {}
    for channel in CHANNELS:
        some = [request for request in requests if request.channel == channel][:REQUESTS]
        seconds = [promoter.promote(request).milliseconds / 1000 for request in some]
        by_channel[channel] = vars(Durations.of(seconds))
    mixed = [promoter.promote(request).milliseconds / 1000 for request in requests[: 4 * REQUESTS]]
    plans = _plans(promoter, requests)
    formats = {
        "float32": writer.model,
        "bfloat16": copy.deepcopy(writer.model).to(torch.bfloat16),
        "int8 (dynamic)": in_int8(writer.model),
    }
    results: dict[str, Any] = {
        "hardware": hardware(),
        "three_candidates": {"all": vars(Durations.of(mixed)), **by_channel},
        "pieces_per_second": {
            "the writer (float32, plan and continuations)": pieces_per_second(writer, plans),
            **{f"generate, {name}": generated_per_second(model) for name, model in formats.items()},
        },
        "writer_mb": round(loaded - before, 1),
        "peak_mb": round(resident_mb() - before, 1),
        "gpt2_124m_three_times_90": vars(Durations.of(gpt2_seconds())),
    }
    print(json.dumps(results))
    return results


def pieces_per_second(writer: Writer, plans: Sequence[Plan]) -> float:
    """Pieces that the writer writes in a second, `TEXTS` texts at once."""
    writer.write(plans[:TEXTS], 0)
    started, pieces = time.perf_counter(), 0
    for turn in range(TURNS):
        some = plans[turn * TEXTS : (turn + 1) * TEXTS]
        for text in writer.write(some, turn):
            pieces += sum(len(writer.tokenizer.encode(part)) for part in text.parts)
    return round(pieces / (time.perf_counter() - started), 1)


def generated_per_second(model: Any) -> float:
    """Pieces a second of the library's own call, `TEXTS` texts at once, nothing narrowed."""
    import torch

    ids = torch.randint(300, 3000, (TEXTS, 12))
    started = time.perf_counter()
    with torch.inference_mode():
        for _ in range(TURNS // 2):
            model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=True,
                min_new_tokens=GENERATED,
                max_new_tokens=GENERATED,
                pad_token_id=0,
            )
    return round(TEXTS * GENERATED * (TURNS // 2) / (time.perf_counter() - started), 1)


def in_int8(model: Any) -> Any:
    """The same model with its matrices in int8, activations quantised as they come."""
    import torch
    from torch import nn
    from transformers.pytorch_utils import Conv1D

    changed = copy.deepcopy(model)
    for parent in list(changed.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, Conv1D):
                linear = nn.Linear(child.weight.shape[0], child.weight.shape[1])
                linear.weight.data, linear.bias.data = child.weight.data.T.contiguous(), child.bias.data
                setattr(parent, name, linear)
    with catch_warnings(action="ignore"):
        quantise: Any = torch.ao.quantization.quantize_dynamic
        return quantise(changed, {nn.Linear}, dtype=torch.qint8)


def gpt2_seconds() -> list[float]:
    """A model of GPT-2's shape, ninety tokens at a time, three in one batch as the plain snippet does."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config()).eval()
    ids = torch.randint(0, 50_000, (3, 12))
    seconds = []
    for _ in range(GPT2_TURNS):
        started = time.perf_counter()
        with torch.inference_mode():
            model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=True,
                min_new_tokens=GPT2_TOKENS,
                max_new_tokens=GPT2_TOKENS,
                pad_token_id=0,
            )
        seconds.append(time.perf_counter() - started)
    return seconds


def resident_mb() -> float:
    """What this process holds in memory, in MB."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes.split()[1]) / 1024


def _plans(promoter: Promoter, requests: Sequence[Request]) -> list[Plan]:
    found = [
        plan
        for request in requests[: TEXTS * TURNS * 3]
        for candidate in promoter.promote(request).messages[:1]
        for plan in candidate.plans
    ]
    return (found * 2)[: TEXTS * TURNS]


if __name__ == "__main__":
    main()
