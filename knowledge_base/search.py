"""Which passages are most likely to answer a question? Words and meaning together, within the product that is
asked about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.documents import Kind, Passage
from knowledge_base.encoder import SentenceEncoder
from knowledge_base.search_index import SearchIndex

LEXICAL_WEIGHT = 0.2
"""Share of BM25 in the fused score, 0..1; the rest is cosine similarity. Chosen on the sample shop's
questions (docs/figures.md)."""


@dataclass(frozen=True)
class Hit:
    """A found passage; ``score`` is the fused score of this question, 0..1, higher is better."""

    passage: Passage
    score: float


class Searcher:
    """Hybrid search: convex combination of normalised BM25 and cosine similarity (Bruch et al. 2023)."""

    def __init__(self, index: SearchIndex, encoder: SentenceEncoder) -> None:
        self.index = index
        self._encoder = encoder
        self._kinds = np.array([passage.kind for passage in index.passages], dtype=object)
        self.skus = frozenset(passage.sku for passage in index.passages if passage.sku is not None)
        self._skus = np.array([passage.sku for passage in index.passages], dtype=object)

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """The fused score of every passage, shape (passages,)."""
        if not self.index.passages:
            return np.zeros(0, dtype=np.float32)
        lexical = self.index.lexical.scores(question)
        highest = float(lexical.max())
        lexical = lexical / highest if highest > 0 else lexical
        meaning = np.clip(self.index.embeddings @ self._encoder.encode([question])[0], 0.0, 1.0)
        return np.asarray(LEXICAL_WEIGHT * lexical + (1 - LEXICAL_WEIGHT) * meaning, dtype=np.float32)

    def best(
        self,
        scores: npt.NDArray[np.float32],
        kinds: Collection[Kind],
        limit: int,
        skus: Collection[str] | None = None,
    ) -> list[Hit]:
        """The ``limit`` best passages of these kinds, best first, ties in index order.

        ``skus`` None looks at everything; otherwise passages must be about one of these products.
        """
        allowed = np.isin(self._kinds, list(kinds))
        if skus is not None:
            allowed &= np.isin(self._skus, list(skus))
        places = np.flatnonzero(allowed)
        order = places[np.argsort(-scores[places], kind="stable")[:limit]]
        return [Hit(self.index.passages[place], float(scores[place])) for place in order]
