"""Which rows does a JSON Lines or CSV file hold, and what is wrong with them?"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

FORMATS = ("jsonl", "csv")
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
SHOWN_PROBLEMS = 20
SHOWN_CHARACTERS = 60

Progress = Callable[[int], None]


class UnknownFormat(Exception):
    """The file's format is none that we read."""


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong: where, what was allowed there, and what came. Lines count from 1."""

    file: str
    line: int
    field: str
    allowed: str
    came: object

    def __str__(self) -> str:
        return (
            f"{self.file}, line {self.line}, {self.field}: should be {self.allowed}; came {_shown(self.came)}"
        )


class BrokenRows(Exception):
    """A file has rows that cannot be used. The text names the first 20 problems, `problems` has all."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        lines = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
        if len(problems) > SHOWN_PROBLEMS:
            lines.append(f"and {len(problems) - SHOWN_PROBLEMS} more")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Row:
    """A row of the file as it came: texts in CSV, what JSON has in JSON Lines (its fractions as Decimal)."""

    file: str
    line: int
    values: Mapping[str, Any]


def read_rows(path: Path, format: str, progress: Progress | None = None) -> Iterator[Row | RowProblem]:
    """The rows of a file in order, a RowProblem in place of each that cannot be read. Blank lines are
    skipped.

    `format` is auto (by the file's ending), jsonl or csv. `progress` is told how many bytes were read since
    last time. Raises UnknownFormat.
    """
    kind = _format_of(path, format)
    return _csv_rows(path, progress) if kind == "csv" else _json_rows(path, progress)


def _format_of(path: Path, format: str) -> str:
    if format in FORMATS:
        return format
    if format != "auto":
        raise UnknownFormat(f"The format should be auto, {' or '.join(FORMATS)}; came {format!r}.")
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownFormat(
            f"{path.name} should end in {', '.join(SUFFIXES)}; came {path.suffix!r}. "
            "Otherwise name the format."
        )
    return SUFFIXES[path.suffix.lower()]


def _json_rows(path: Path, progress: Progress | None) -> Iterator[Row | RowProblem]:
    for number, line in enumerate(_lines(path, progress), start=1):
        if isinstance(line, bytes):
            yield RowProblem(path.name, number, "line", "text in UTF-8", line)
        elif line.strip():
            yield _json_row(path.name, number, line)


def _json_row(file: str, number: int, line: str) -> Row | RowProblem:
    try:
        values = json.loads(line, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return RowProblem(file, number, "line", "one JSON object", line.strip())
    if not isinstance(values, dict):
        return RowProblem(file, number, "line", "one JSON object", values)
    return Row(file, number, values)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _csv_rows(path: Path, progress: Progress | None) -> Iterator[Row | RowProblem]:
    undecoded: list[bytes] = []
    lines = _decoded(path, progress, undecoded)
    first = next(lines, "")
    reader = csv.reader(_put_back(first, lines), delimiter=_delimiter_of(first), strict=True)
    header: list[str] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_row(path.name, reader.line_num, header, cells)
    except csv.Error as error:
        yield RowProblem(path.name, reader.line_num, "line", "valid CSV", str(error))
    if undecoded:
        yield RowProblem(path.name, reader.line_num + 1, "line", "text in UTF-8", undecoded[0])


def _csv_row(file: str, line: int, header: list[str], cells: list[str]) -> Row | RowProblem:
    if len(cells) != len(header):
        return RowProblem(
            file, line, "line", f"{len(header)} cells as in the first line", f"{len(cells)} cells"
        )
    # An empty cell says that the row has no such value.
    return Row(file, line, {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()})


def _delimiter_of(header: str) -> str:
    return max(",;\t", key=header.count)


def _put_back(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _decoded(path: Path, progress: Progress | None, undecoded: list[bytes]) -> Iterator[str]:
    """The lines up to the first that is no UTF-8, which goes to `undecoded`."""
    for line in _lines(path, progress):
        if isinstance(line, bytes):
            undecoded.append(line)
            return
        yield line


def _lines(path: Path, progress: Progress | None) -> Iterator[str | bytes]:
    """The lines with their ends; as bytes those that are no UTF-8."""
    with path.open("rb") as file:
        for number, raw in enumerate(file):
            if progress is not None:
                progress(len(raw))
            try:
                yield raw.decode("utf-8-sig" if number == 0 else "utf-8")
            except UnicodeDecodeError:
                yield raw


def _shown(came: object) -> str:
    if came is None:
        return "nothing"
    shown = str(came) if isinstance(came, Decimal) else repr(came)
    return shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[: SHOWN_CHARACTERS - 3]}..."
