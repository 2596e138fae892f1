"""Are verdicts about pairs counted for the right side, and is a missing one noticed?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.promotion_pairs import BrokenVerdicts, count

KEY = [
    {"number": 1, "ours": "A", "against": "template"},
    {"number": 2, "ours": "B", "against": "template"},
    {"number": 3, "ours": "B", "against": "free generation"},
]


def test_wins_losses_and_ties_are_those_of_ours(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    (tmp_path / "verdicts.txt").write_text("1 A\n2 A\n3 =\n")
    assert count(tmp_path, "one reader") == {
        "judges": "one reader",
        "template": {"pairs": 2, "wins": 1, "losses": 1, "ties": 0},
        "free generation": {"pairs": 1, "wins": 0, "losses": 0, "ties": 1},
    }


def test_a_pair_without_a_verdict_is_named(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    (tmp_path / "verdicts.txt").write_text("1 A\n3 C\n")
    with pytest.raises(BrokenVerdicts, match=r"\[2, 3\]"):
        count(tmp_path, "one reader")
