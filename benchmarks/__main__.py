"""Runs benchmarks and renders docs/figures.md: ``python -m benchmarks [--data FOLDER] [NAME...]``.

Without names all of them, about half an hour. What each returned is kept in docs/figures.json, so that one
can be measured anew alone. FOLDER has the public data that some read (interactions/amazon_beauty/Beauty.txt,
interactions/completejourney, interactions/customer_personality, catalogue/aws_retail_demo_store);
without it those are left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.report import page
from knowledge_base.reader.reader import SHIPPED_WEIGHTS

RESULTS, PAGE = Path("docs/figures.json"), Path("docs/figures.md")
ALONE = (
    "intents",
    "ask",
    "sample_answers",
    "footprint",
    "turns",
    "events",
    "profiles",
    "recommendation_speed",
    "promotion_speed",
)
OTHER_CATALOGUE = "catalogue/aws_retail_demo_store/products.yaml"
JOURNEY = "interactions/completejourney"
WITH_DATA = {
    "promotions": OTHER_CATALOGUE,
    "recommendations": JOURNEY,
    "beauty": "interactions/amazon_beauty/Beauty.txt",
    "segments": "interactions/customer_personality/marketing_campaign.csv",
}


def main() -> None:
    """Each in order, with its name on stderr and its figures on stdout; the page is written after each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*ALONE, *WITH_DATA)))
    parser.add_argument("--data", type=Path, default=None, metavar="FOLDER")
    arguments = parser.parse_args()
    unknown = sorted({*arguments.names} - {*ALONE, *WITH_DATA})
    if unknown:
        parser.error(f"NAME should be one of {', '.join((*ALONE, *WITH_DATA))}; came {unknown[0]!r}")
    for name in arguments.names or (*ALONE, *WITH_DATA):
        run = _run_of(name, arguments.data)
        if run is None:
            print(f"benchmarks.{name} is left out: --data FOLDER has no {WITH_DATA[name]}", file=sys.stderr)
            continue
        print(f"benchmarks.{name}", file=sys.stderr)
        keep(name, run())


def _run_of(name: str, data: Path | None) -> Callable[[], Any] | None:
    """How to run it; None if its data are not there."""
    module = import_module(f"benchmarks.{name}")
    if name not in WITH_DATA:
        return lambda: module.main()
    path = None if data is None else data / WITH_DATA[name]
    if path is None or not path.exists():
        return (lambda: module.main()) if name in ("promotions", "recommendations") else None
    return lambda: module.main(path)


def keep(name: str, result: Any) -> None:
    """Keep what a benchmark returned, in docs/figures.json and on the page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = json.loads(json.dumps(result))
    results["reader"] = json.loads((SHIPPED_WEIGHTS / "figures.json").read_text(encoding="utf-8"))
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
