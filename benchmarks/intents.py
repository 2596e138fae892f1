"""How well does the bot understand utterances that nobody looked at while making it?

Run ``python -m benchmarks.intents``: the figures of ``storekeep evaluate intents`` on
tests/data/intents_holdout.csv.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

HOLDOUT = "tests/data/intents_holdout.csv"


def main() -> dict[str, Any]:
    """The figures as one JSON object on stdout."""
    command = [sys.executable, "-m", "bot.cli", "evaluate", "intents", HOLDOUT]
    result: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
