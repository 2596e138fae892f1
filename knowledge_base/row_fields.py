"""How do the rows of a file become our things, with every problem of every row named at once?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from knowledge_base.row_files import BrokenRows, Progress, Row, RowProblem, read_rows
from knowledge_base.row_values import UnusableValue

Made = TypeVar("Made")


class Fields:
    """A row's values under our names. Collects what is wrong instead of stopping at the first."""

    def __init__(self, row: Row, aliases: Mapping[str, str]) -> None:
        self.row = row
        self.problems: list[RowProblem] = []
        self.values: dict[str, Any] = {}
        for column, value in row.values.items():
            ours = _column_name(column)
            # Our own name wins over another shop's where a file has both.
            ours = aliases[ours] if ours in aliases and aliases[ours] not in row.values else ours
            self.values[ours] = value

    def get(self, field: str, parse: Callable[[object], Made], fallback: Made, required: bool = True) -> Made:
        """The parsed value; on a problem, which is noted, or if it is missing, the fallback."""
        value = self.values.get(field)
        if value is None and not required:
            return fallback
        try:
            return parse(value)
        except UnusableValue as problem:
            where = field if not problem.field else f"{field}, {problem.field}"
            self.problem(where, problem.allowed, problem.came)
            return fallback

    def problem(self, field: str, allowed: str, came: object) -> None:
        self.problems.append(RowProblem(self.row.file, self.row.line, field, allowed, came))


def read_table(
    path: Path,
    format: str,
    progress: Progress | None,
    make: Callable[[Fields], Made],
    aliases: Mapping[str, str],
    key: tuple[str, Callable[[Made], str]] | None = None,
) -> tuple[Made, ...]:
    """What `make` makes of each row. `key` is a field and its value that no two rows may share.

    Raises BrokenRows, UnknownFormat, OSError.
    """
    made: list[Made] = []
    problems: list[RowProblem] = []
    line_of: dict[str, int] = {}
    for row in read_rows(path, format, progress):
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        fields = Fields(row, aliases)
        thing = make(fields)
        if key is not None and not fields.problems:
            name, value = key[0], key[1](thing)
            if line_of.setdefault(value, row.line) != row.line:
                fields.problem(name, f"there once in the file; line {line_of[value]} has it too", value)
        made.append(thing)
        problems.extend(fields.problems)
    if problems:
        raise BrokenRows(tuple(problems))
    return tuple(made)


def _column_name(column: str) -> str:
    return re.sub(r"[\s\-]+", "_", column.strip().lower())
