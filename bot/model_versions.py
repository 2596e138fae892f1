"""Which versions of a trained model are there, which one is in use, and how does the last one come back?

`<directory>/<version>/` holds one version; `history.json` lists the versions in the order in which they came
into use and is replaced in one step. Whoever opens a version that is replaced meanwhile keeps a whole one.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

KEPT = 5
DRAFT = ".draft-"


class UnknownVersion(Exception):
    """There is no version of this name, or none to go back to."""


@dataclass(frozen=True)
class ModelVersion:
    """One trained model. `figures` are those of its evaluation; `is_current` says whether it is in use."""

    name: str
    made_at: datetime
    figures: Mapping[str, float]
    is_current: bool


class ModelVersions:
    """The versions of one kind of model in `directory`."""

    def __init__(self, directory: Path, clock: Callable[[], datetime]) -> None:
        self.directory = directory
        self._clock = clock

    def new(self) -> Path:
        """A new empty directory to write a version into; drafts that other runs left are kept for them."""
        self.directory.mkdir(parents=True, exist_ok=True)
        draft = self.directory / f"{DRAFT}{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        return draft

    def publish(self, draft: Path, figures: Mapping[str, float], use: bool = True) -> str:
        """Make a draft a version, in use at once unless `use` is False; gives its name.

        The name is the time, to the second, with a number where two are made within one.
        """
        with self._only_writer():
            name = self._free_name()
            made_at = self._clock().isoformat()
            (draft / "version.json").write_text(json.dumps({"made_at": made_at, "figures": dict(figures)}))
            draft.rename(self.directory / name)
            if use:
                self._write_history([*self._history(), name])
            self._clear_away()
        return name

    def current(self) -> Path | None:
        """The directory of the version in use, None before the first."""
        history = self._history()
        return self.directory / history[-1] if history else None

    def all(self) -> tuple[ModelVersion, ...]:
        """The versions on disk, oldest first."""
        history = self._history()
        current = history[-1] if history else None
        found = []
        for place in self._places():
            facts = json.loads((place / "version.json").read_text(encoding="utf-8"))
            made_at = datetime.fromisoformat(facts["made_at"])
            found.append(ModelVersion(place.name, made_at, facts["figures"], place.name == current))
        return tuple(found)

    def use(self, name: str) -> None:
        """Put a version into use. Raises UnknownVersion."""
        with self._only_writer():
            known = [place.name for place in self._places()]
            if name not in known:
                listed = ", ".join(known) if known else "none"
                raise UnknownVersion(f"There is no version {name!r}; there are: {listed}.")
            self._write_history([*self._history(), name])

    def go_back(self) -> str:
        """Put the version that was in use before into use again; gives its name. Raises UnknownVersion."""
        with self._only_writer():
            known = {place.name for place in self._places()}
            history = self._history()
            earlier = [name for name in history[:-1] if name in known and name != history[-1]]
            if not earlier:
                raise UnknownVersion("There is no earlier version to go back to.")
            last = len(history) - 1 - history[::-1].index(earlier[-1])
            self._write_history(history[: last + 1])
            return earlier[-1]

    def _places(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        return sorted(path.parent for path in self.directory.glob("[0-9]*/version.json"))

    def _history(self) -> list[str]:
        try:
            history: Any = json.loads((self.directory / "history.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return [str(name) for name in history]

    def _write_history(self, history: list[str]) -> None:
        draft = self.directory / f"history.{os.getpid()}"
        draft.write_text(json.dumps(history[-50:]), encoding="utf-8")
        draft.replace(self.directory / "history.json")

    def _free_name(self) -> str:
        stem = self._clock().strftime("%Y%m%d-%H%M%S")
        name, number = stem, 2
        while (self.directory / name).exists():
            name, number = f"{stem}-{number}", number + 1
        return name

    def _clear_away(self) -> None:
        """Keep the last five made, the one in use and the one before it."""
        used = list(dict.fromkeys(self._history()[::-1]))[:2]
        for place in self._places()[:-KEPT]:
            if place.name not in used:
                shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
