"""Which choices does a file hold? Lines `user item item ...`, oldest first, or CSV with three columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.recommendations.interactions import BOUGHT, KINDS, Choice, Interactions, gather

COLUMNS = ("customer_id", "sku", "timestamp")
PROBLEMS_SHOWN = 10


class BrokenInteractions(Exception):
    """A file of choices cannot be used; the text names file, line, what was allowed and what came."""


def read_interactions(path: Path) -> Interactions:
    """The choices of a file. CSV is told by its suffix; its rows may stand in any order, equal times keep the
    order of the file, and a column `kind` (viewed, added, bought) may be there.

    Raises BrokenInteractions, OSError.
    """
    try:
        if path.suffix.lower() == ".csv":
            return gather(_from_csv(path).items())
        return gather(list(_from_lines(path)))
    except UnicodeDecodeError as error:
        raise BrokenInteractions(
            f"{path.name} should be text in UTF-8; came a byte {error.object[error.start]:#x}."
        ) from None


def _from_lines(path: Path) -> Iterator[tuple[str, Sequence[Choice]]]:
    seen: dict[str, int] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            user, *items = line.split()
            if not items:
                raise BrokenInteractions(
                    f"{path.name}, line {number}: should be a user and at least one item; "
                    f"came {line.strip()[:60]!r}."
                )
            if seen.setdefault(user, number) != number:
                raise BrokenInteractions(
                    f"{path.name}, line {number}: should be another user; "
                    f"line {seen[user]} has {user[:60]!r} too."
                )
            yield user, [Choice(item) for item in items]
    if not seen:
        raise BrokenInteractions(f"{path.name} should have lines like 'user item item'; came an empty file.")


def _from_csv(path: Path) -> dict[str, list[Choice]]:
    problems: list[str] = []
    chosen: dict[str, list[Choice]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or []
        missing = [column for column in COLUMNS if column not in header]
        if missing:
            raise BrokenInteractions(
                f"{path.name} should have the columns {', '.join(COLUMNS)}; "
                f"came {', '.join(header) or 'nothing'}."
            )
        for row in reader:
            choice = _choice(path.name, reader.line_num, row, problems)
            if choice is not None:
                chosen.setdefault(row["customer_id"].strip(), []).append(choice)
    if problems:
        more = f"\nand {len(problems) - PROBLEMS_SHOWN} more" if len(problems) > PROBLEMS_SHOWN else ""
        raise BrokenInteractions("\n".join(problems[:PROBLEMS_SHOWN]) + more)
    if not chosen:
        raise BrokenInteractions(f"{path.name} should have at least one row under its header; came none.")
    for choices in chosen.values():
        choices.sort(key=lambda choice: choice.at or datetime.min.replace(tzinfo=UTC))
    return chosen


def _choice(file: str, line: int, row: dict[str, str | None], problems: list[str]) -> Choice | None:
    user, sku, timestamp = ((row[column] or "").strip() for column in COLUMNS)
    kind = (row.get("kind") or KINDS[BOUGHT]).strip()
    for field, value in (("customer_id", user), ("sku", sku)):
        if not value:
            problems.append(f"{file}, line {line}, {field}: should be a text; came nothing.")
            return None
    if kind not in KINDS:
        problems.append(
            f"{file}, line {line}, kind: should be one of {', '.join(KINDS)}; came {kind[:40]!r}."
        )
        return None
    at = _time(timestamp)
    if at is None:
        problems.append(
            f"{file}, line {line}, timestamp: should be like 2026-03-14T09:30:00 or seconds since 1970; "
            f"came {timestamp[:40]!r}."
        )
        return None
    return Choice(sku, KINDS.index(kind), at)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromtimestamp(float(text), UTC) if _is_number(text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() and len(text) > 8
