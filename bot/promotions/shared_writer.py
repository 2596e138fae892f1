"""How do several threads of a process use one writer, whichever needs it first?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from bot.promotions.plans import Plan
from bot.promotions.writer import SHIPPED_WRITER, Writer, Written, load_writer


class SharedWriter:
    """A writer that loads at the first use, once, and writes for one thread at a time."""

    def __init__(self, directory: Path | None = None, load: Callable[[Path], Writer] = load_writer) -> None:
        """`directory` None takes the weights that are shipped."""
        self._directory = SHIPPED_WRITER if directory is None else directory
        self._load = load
        self._lock = Lock()
        self._loaded: Writer | None = None

    def loaded(self) -> Writer:
        """The writer; who comes while it loads waits. Raises WriterMissing, and tries anew next time."""
        with self._lock:
            return self._writer()

    @property
    def sets(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """As Writer.sets. Raises WriterMissing."""
        return self.loaded().sets

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        """As Writer.write. Raises WriterMissing."""
        with self._lock:
            return self._writer().write(plans, seed)

    def _writer(self) -> Writer:
        if self._loaded is None:
            self._loaded = self._load(self._directory)
        return self._loaded
