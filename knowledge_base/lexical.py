"""Which passages share the question's words? BM25 (Robertson & Zaragoza 2009) over stemmed words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class LexicalIndex:
    """BM25 scores of every passage for a question; kept on disk and memory-mapped."""

    def __init__(self, retriever: Any | None, size: int) -> None:
        """``retriever`` None stands for ``size`` texts without a single word to search for."""
        self._retriever = retriever
        self._size = size
        self._stemmer = _stemmer()

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """An index over ``texts`` in their order."""
        import bm25s

        words = bm25s.tokenize(list(texts), stopwords="en", stemmer=_stemmer(), show_progress=False)
        if not any(words.ids):
            return cls(None, len(texts))
        retriever = bm25s.BM25(method="lucene")
        retriever.index(words, show_progress=False)
        return cls(retriever, len(texts))

    @classmethod
    def open(cls, directory: Path, size: int) -> LexicalIndex:
        """What ``save`` left in ``directory``."""
        import bm25s

        return cls(bm25s.BM25.load(str(directory), mmap=True) if directory.exists() else None, size)

    def save(self, directory: Path) -> None:
        """Writes to ``directory``; nothing if there is no word."""
        if self._retriever is not None:
            self._retriever.save(str(directory))

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """Shape (passages,), 0 where no word is shared."""
        import bm25s

        if self._retriever is None:
            return np.zeros(self._size, dtype=np.float32)
        words = bm25s.tokenize(
            [question], stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )[0]
        known = [word for word in words if word in self._retriever.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._retriever.get_scores(known), dtype=np.float32)


def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
