"""Are our promotions better to read? Pairs without their origin, to be judged by people, and then counted.

``python -m benchmarks.promotion_pairs make FOLDER`` writes ``pairs.txt`` (to be read) and ``key.json`` (not
to be looked at while reading); the judge writes a line ``NUMBER A``, ``NUMBER B`` or ``NUMBER =`` a pair into
``verdicts.txt``. ``python -m benchmarks.promotion_pairs count FOLDER "WHO JUDGED"`` counts, and keeps the
result for docs/figures.md.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.promotions import FOOTERS, free_message, requests_for, sample_products
from bot.promotions.check import Message
from bot.promotions.layout import plain_message
from bot.promotions.promoter import Promoter
from bot.promotions.shared_writer import SharedWriter

PAIRS = 50
SEED = 29
RIVALS = ("template", "free generation")


class BrokenVerdicts(ValueError):
    """The verdicts are not one for each pair; the message says what is missing."""


def make(folder: Path) -> None:
    """Half of the pairs against the template, half against free generation."""
    writer = SharedWriter()
    promoter = Promoter(writer, FOOTERS)
    requests = requests_for(sample_products())
    draw = random.Random(SEED)
    draw.shuffle(requests)
    pairs: list[str] = []
    key: list[dict[str, Any]] = []
    for request in requests:
        if len(pairs) == PAIRS:
            break
        rival = RIVALS[len(pairs) % 2]
        found = promoter.promote(request).messages
        if not found or found[0].source != "model":
            continue
        if rival == "template":
            other: Message | None = plain_message(request.channel, request.facts, FOOTERS)
        else:
            other = free_message(writer.loaded(), request)
        if other is None:
            continue
        texts = [found[0].message, other]
        ours_is = draw.choice("AB")
        first, second = texts if ours_is == "A" else texts[::-1]
        number = len(pairs) + 1
        pairs.append(f"=== {number} ({request.channel})\n--- A\n{shown(first)}\n--- B\n{shown(second)}\n")
        key.append({"number": number, "ours": ours_is, "against": rival})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pairs.txt").write_text("\n".join(pairs), encoding="utf-8")
    (folder / "key.json").write_text(json.dumps(key), encoding="utf-8")


def count(folder: Path, judges: str) -> dict[str, Any]:
    """Wins, losses and ties of ours by rival. Raises BrokenVerdicts."""
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    verdicts = read_verdicts((folder / "verdicts.txt").read_text(encoding="utf-8"), len(key))
    results: dict[str, Any] = {"judges": judges}
    for rival in RIVALS:
        counted = Counter(
            "ties"
            if (said := verdicts[one["number"]]) == "="
            else "wins"
            if said == one["ours"]
            else "losses"
            for one in key
            if one["against"] == rival
        )
        results[rival] = {
            "pairs": counted.total(),
            **{name: counted[name] for name in ("wins", "losses", "ties")},
        }
    return results


def read_verdicts(text: str, pairs: int) -> dict[int, str]:
    """The verdict of each pair. Raises BrokenVerdicts."""
    found = {int(number): said for number, said in re.findall(r"(?m)^(\d+) ([AB=])$", text)}
    missing = [number for number in range(1, pairs + 1) if number not in found]
    if missing:
        raise BrokenVerdicts(f"a line 'NUMBER A', 'NUMBER B' or 'NUMBER =' is missing for {missing[:10]}")
    return found


def shown(message: Message) -> str:
    """As a reader sees it, without what every message of the channel has at its end."""
    return message.copy if message.subject is None else f"Subject: {message.subject}\n\n{message.copy}"


def main(arguments: list[str]) -> None:
    if len(arguments) == 2 and arguments[0] == "make":
        make(Path(arguments[1]))
    elif len(arguments) == 3 and arguments[0] == "count":
        from benchmarks.__main__ import keep

        results = count(Path(arguments[1]), arguments[2])
        keep("promotion_pairs", results)
        print(json.dumps(results))
    else:
        sys.exit("usage: python -m benchmarks.promotion_pairs make FOLDER | count FOLDER 'WHO JUDGED'")


if __name__ == "__main__":
    main(sys.argv[1:])
