"""How good is the recommender on Amazon Beauty? What ``storekeep evaluate recommendations`` says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.timing import hardware


def main(file: Path) -> dict[str, Any]:
    """The command's answer, three seeds; its progress goes to stderr."""
    command = [sys.executable, "-m", "bot.cli", "evaluate", "recommendations", str(file)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(answer)
    return {"hardware": hardware(), **json.loads(answer)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
