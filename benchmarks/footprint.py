"""How long does a start take, how much memory does each process hold, and how large is an install?

Run ``python -m benchmarks.footprint`` after ``make setup``; it starts the sample shop on free ports and
stops it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import hardware
from benchmarks.turns import free_port, measure_first_answer, running
from bot.settings import load_settings


def tree_megabytes(pid: int) -> dict[str, float]:
    """Proportional memory (PSS) of a process and its descendants by what each runs, in MB of 10^6 bytes.
    Linux only.
    """
    sizes: dict[str, float] = {}
    for process in _descendants(pid):
        try:
            command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        name = (
            "rasa"
            if any(part.endswith("/rasa") for part in command)
            else command[3]
            if len(command) > 3
            else command[0]
        )
        sizes[name] = sizes.get(name, 0.0) + kilobytes * 1024 / 1e6
    return sizes


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def directory_megabytes(directory: Path) -> float:
    """Size of all files below, in MB of 10^6 bytes."""
    return (
        sum(path.lstat().st_size for path in directory.rglob("*") if path.is_file() and not path.is_symlink())
        / 1e6
    )


async def measure() -> dict[str, object]:
    """Starts the whole on free ports with what is already prepared."""
    settings = load_settings()
    ports = {name: free_port() for name in ("WEB", "RASA", "ACTIONS")}
    environment = {
        **os.environ,
        **{f"STOREKEEP_{name}_PORT": str(port) for name, port in ports.items()},
        "STOREKEEP_DEMO": "true",
    }
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot.cli", "up"]
        with running(command, Path.cwd(), environment, Path(folder) / "up.log") as pid:
            seconds = await measure_first_answer(f"http://127.0.0.1:{ports['WEB']}")
            memory = tree_megabytes(pid)
    return {
        "hardware": hardware(),
        "seconds_to_first_answer": seconds,
        "memory_mb": memory,
        "install_mb": {
            name: directory_megabytes(Path(name)) for name in (".venv", str(settings.rasa_environment))
        },
    }


def main() -> dict[str, object]:
    """The figures as one JSON object on stdout."""
    result = asyncio.run(measure())
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
