"""Runs every benchmark one after the other; ``python -m benchmarks`` prints one JSON object a benchmark."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = ("ask", "sample_answers", "footprint", "turns")


def main() -> None:
    """Each in order, with its name on stderr."""
    for name in ALL:
        print(f"benchmarks.{name}", file=sys.stderr)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
