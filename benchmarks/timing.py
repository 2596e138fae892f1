"""How are durations summed up, the same way in every benchmark?"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Durations:
    """Milliseconds of single runs: how many, median, 95th percentile."""

    count: int
    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Durations:
        """Raises ValueError without any run."""
        if not seconds:
            raise ValueError("nothing was timed")
        milliseconds = 1000 * np.asarray(seconds)
        return cls(
            len(seconds), float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95))
        )


def hardware() -> str:
    """The processor's name and how many cores this process may use."""
    import os

    info = Path("/proc/cpuinfo")
    names = (
        [
            line.split(":", 1)[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        if info.exists()
        else []
    )
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {len(os.sched_getaffinity(0))} cores"
