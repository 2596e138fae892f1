"""Is a file of choices read whole, or refused with the line that is wrong?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.recommendations.interaction_files import BrokenInteractions, read_interactions
from bot.recommendations.interactions import ADDED, BOUGHT, Interactions


def read(tmp_path: Path, text: str, name: str = "choices.txt") -> Interactions:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_interactions(path)


def test_a_line_is_a_user_with_items_in_order(tmp_path: Path) -> None:
    made = read(tmp_path, "ann x y\n\nbob y\n")
    assert made.items == ("x", "y")
    assert [(history.user, history.items.tolist()) for history in made.histories] == [
        ("ann", [0, 1]),
        ("bob", [1]),
    ]


def test_rows_of_a_csv_are_put_into_order_by_time(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        "customer_id,sku,timestamp,kind\n"
        "ann,y,2026-03-02,added\nann,x,2026-03-01T09:00:00+01:00,\nbob,x,1772355600,bought\n",
        "choices.csv",
    )
    assert made.items == ("x", "y")
    assert made.histories[0].items.tolist() == [0, 1]
    assert made.histories[0].kinds.tolist() == [BOUGHT, ADDED]


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        ("", "c.txt", "came an empty file"),
        ("ann x\nbob\n", "c.txt", "line 2: should be a user and at least one item; came 'bob'"),
        ("ann x\nann y\n", "c.txt", "line 2: should be another user; line 1 has 'ann' too"),
        ("user,item\n", "c.csv", "should have the columns customer_id, sku, timestamp; came user, item"),
        ("customer_id,sku,timestamp\n", "c.csv", "at least one row under its header; came none"),
        (
            "customer_id,sku,timestamp\nann,x,soon\n",
            "c.csv",
            "line 2, timestamp: should be like .* came 'soon'",
        ),
        ("customer_id,sku,timestamp\n,x,2026-03-01\n", "c.csv", "line 2, customer_id: should be a text"),
        (
            "customer_id,sku,timestamp,kind\nann,x,2026-03-01,eaten\n",
            "c.csv",
            "kind: should be one of viewed, added, bought; came 'eaten'",
        ),
    ],
)
def test_a_broken_file_says_what_was_allowed_and_what_came(
    tmp_path: Path, text: str, name: str, problem: str
) -> None:
    with pytest.raises(BrokenInteractions, match=problem):
        read(tmp_path, text, name)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "choices.txt"
    path.write_bytes(b"ann x\xff\n")
    with pytest.raises(BrokenInteractions, match="text in UTF-8; came a byte 0xff"):
        read_interactions(path)
