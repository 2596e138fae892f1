"""How do several parts of a process use one encoder, whichever of them needs it first?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from knowledge_base.encoder import DEFAULT_ENCODER, Embeddings, MiniLmEncoder


class SharedEncoder:
    """A SentenceEncoder that loads its model at the first use, once, from whatever thread."""

    def __init__(
        self, model: str | None = None, load: Callable[[str | None], MiniLmEncoder] = MiniLmEncoder
    ) -> None:
        """`model` as for MiniLmEncoder."""
        self.name = model if model is not None else DEFAULT_ENCODER
        self._model = model
        self._load = load
        self._loading = Lock()
        self._loaded: MiniLmEncoder | None = None

    def loaded(self) -> MiniLmEncoder:
        """The encoder; who comes while it loads waits. Raises ModelMissing, and tries anew next time."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load(self._model)
            return self._loaded

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings:
        """As MiniLmEncoder.encode; the first call may take seconds. Raises ModelMissing."""
        return self.loaded().encode(texts, progress)
