"""What stands in for models in fast tests? Encoder and reader whose results can be worked out by head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from knowledge_base.documents import Kind, Passage
from knowledge_base.encoder import Embeddings
from knowledge_base.reader.calibration import Calibration
from knowledge_base.reader.reader import Reading
from knowledge_base.reader.spans import ScoredSpan

TOPICS = ("battery", "weight", "delivery", "return", "colour")


class FakeEncoder:
    """One dimension a topic, 1 where the text names it, and a last one for texts without any; length 1."""

    def __init__(self, name: str = "topics") -> None:
        self.name = name
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings:
        self.encoded += texts
        if progress is not None:
            progress(len(texts))
        rows = np.zeros((len(texts), len(TOPICS) + 1), dtype=np.float32)
        for row, text in enumerate(texts):
            named = [topic in text.lower() for topic in TOPICS]
            rows[row] = [*named, not any(named)]
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class FailingEncoder(FakeEncoder):
    """Breaks down at the first text."""

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Embeddings:
        raise RuntimeError("the encoder broke down")


class FakeReader:
    """Finds, in every passage, the first of its phrases that stands there, with the margin given for it."""

    def __init__(self, margins: Mapping[str, float], threshold: float = 0.5) -> None:
        self.calibration = Calibration(slope=1.0, offset=0.0, threshold=threshold)
        self.read_texts: list[str] = []
        self._margins = margins

    def read(self, question: str, passages: Sequence[Reading]) -> list[ScoredSpan | None]:
        self.read_texts += [passage.text for passage in passages]
        return [self._span(passage.text) for passage in passages]

    def _span(self, text: str) -> ScoredSpan | None:
        for phrase, margin in self._margins.items():
            if phrase in text:
                start = text.index(phrase)
                return ScoredSpan(start, start + len(phrase), margin)
        return None


def passage(kind: Kind, document_id: str, title: str, text: str, sku: str | None = None) -> Passage:
    """The first passage of a document."""
    return Passage(kind, document_id, title, 0, text, sku)
