"""Runs every benchmark in turn and writes docs/figures.md: ``python -m benchmarks``, about 10 minutes."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.report import page
from knowledge_base.reader.reader import SHIPPED_WEIGHTS

ALL = ("intents", "ask", "sample_answers", "footprint", "turns")


def main() -> None:
    """Each in order, with its name on stderr and its figures on stdout."""
    results: dict[str, Any] = {"reader": json.loads((SHIPPED_WEIGHTS / "figures.json").read_text())}
    for name in ALL:
        print(f"benchmarks.{name}", file=sys.stderr)
        results[name] = import_module(f"benchmarks.{name}").main()
    Path("docs/figures.md").write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
