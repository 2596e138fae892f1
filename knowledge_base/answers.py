"""What do the shop's own pages answer to a question, in their exact words, and where do they say so?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import perf_counter

from knowledge_base.documents import Kind, sentence_around
from knowledge_base.encoder import SentenceEncoder
from knowledge_base.product_mentions import NamedProduct, ProductMentions
from knowledge_base.reader.reader import Reader, Reading
from knowledge_base.search import Hit, Searcher
from knowledge_base.search_index import current_version, open_index

PASSAGES_READ = 4
PRODUCT_PASSAGES_READ = 3
GENERAL_PASSAGES_READ = 1
_OWN_PAGES: tuple[Kind, ...] = ("product", "policy", "faq")
_PRODUCT_PAGES: tuple[Kind, ...] = ("product",)
_GENERAL_PAGES: tuple[Kind, ...] = ("policy", "faq")
_REVIEWS: tuple[Kind, ...] = ("review",)
_SEARCH_WEIGHT = 4.0
_PRODUCT_FAVOUR = 2.0
NEEDED_CONFIDENCE_ABOUT_A_PRODUCT: dict[Kind, float] = {
    "product": 0.0,
    "policy": 0.6,
    "faq": 0.6,
    "review": 0.5,
}
"""0..1: a question about a product is seldom answered by the shop's rules, and a review is one buyer's
opinion."""
_REFERS_BACK = re.compile(r"\b(it|its|they|them|their|this|these|that one|those)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """Where an answer stands: ``start`` and ``end`` count characters of the passage, and of nothing else."""

    kind: Kind
    id: str
    title: str
    start: int
    end: int
    sku: str | None


@dataclass(frozen=True)
class Answer:
    """The answer, word for word out of ``passage``; ``text``, ``source`` and ``passage`` are None where the
    pages do not say.

    ``confidence`` is the measured probability, 0..1, that the best span found is right, also where it was too
    low to be said.
    """

    text: str | None
    confidence: float
    source: Source | None
    passage: str | None
    milliseconds: float

    @property
    def sentence(self) -> str | None:
        """The whole sentence that holds the answer, or None."""
        if self.passage is None or self.source is None:
            return None
        return sentence_around(self.passage, self.source.start, self.source.end)


def refers_back(question: str) -> bool:
    """Does the question say "it" or the like, so that it needs a product that was spoken of before?"""
    return _REFERS_BACK.search(question) is not None


@dataclass(frozen=True)
class _OpenedIndex:
    """One version of the index, ready for questions; replaced as a whole, so that no question sees two."""

    searcher: Searcher
    mentions: ProductMentions


class Answerer:
    """Search and reader over the index in ``index_dir``; a rebuilt index is taken up at the next question."""

    def __init__(
        self,
        index_dir: Path,
        encoder: SentenceEncoder,
        reader: Reader,
        threshold: float | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """``threshold`` 0..1 overrides the one fitted with the reader. Raises IndexMissing if there is no
        index."""
        self._index_dir = index_dir
        self._encoder = encoder
        self._reader = reader
        self._threshold = reader.calibration.threshold if threshold is None else threshold
        self._clock = clock
        self._opening = Lock()
        self._opened = self._open()

    def _open(self) -> _OpenedIndex:
        searcher = Searcher(open_index(self._index_dir, self._encoder.name), self._encoder)
        passages = searcher.index.passages
        named = {
            p.sku: NamedProduct(p.sku, p.title) for p in passages if p.sku is not None and p.kind == "product"
        }
        mentions = ProductMentions(named.values(), (passage.text for passage in passages))
        return _OpenedIndex(searcher, mentions)

    def _up_to_date(self) -> _OpenedIndex:
        """One thread opens a rebuilt index, the others wait for it."""
        if current_version(self._index_dir) != self._opened.searcher.index.version:
            with self._opening:
                if current_version(self._index_dir) != self._opened.searcher.index.version:
                    self._opened = self._open()
        return self._opened

    def knows_product(self, sku: str) -> bool:
        """Is there a page of this product in the index?"""
        return sku in self._up_to_date().searcher.skus

    def answer(self, question: str, sku: str | None = None) -> Answer:
        """``sku`` is the product that "it" means; a product named in the question itself goes before it.

        Safe to call from several threads. Raises IndexMissing if the index was removed.
        """
        started = self._clock()
        best = self._best(self._up_to_date(), question, sku)
        milliseconds = 1000 * (self._clock() - started)
        if best is None or best.confidence < self._threshold:
            return Answer(None, best.confidence if best is not None else 0.0, None, None, milliseconds)
        passage = best.hit.passage
        source = Source(passage.kind, passage.document_id, passage.title, best.start, best.end, passage.sku)
        text = passage.text[best.start : best.end]
        return Answer(text, best.confidence, source, passage.text, milliseconds)

    def _best(self, opened: _OpenedIndex, question: str, sku: str | None) -> Found | None:
        """Reviews are read only where the shop's own pages do not answer about a product: what the shop says
        goes first."""
        searcher = opened.searcher
        skus = _products_meant(opened.mentions, question, sku)
        scores = searcher.scores(question)
        if skus is None:
            kinds = _GENERAL_PAGES if refers_back(question) else _OWN_PAGES
            return choose(self._reader, question, searcher.best(scores, kinds, PASSAGES_READ))
        own = searcher.best(scores, _PRODUCT_PAGES, PRODUCT_PASSAGES_READ, skus)
        general = searcher.best(scores, _GENERAL_PAGES, GENERAL_PASSAGES_READ)
        favour = _PRODUCT_FAVOUR if refers_back(question) else 0.0
        best = _most_fitting(read_hits(self._reader, question, own + general, favour))
        if best is not None and best.confidence >= self._threshold:
            return best
        reviews = read_hits(self._reader, question, searcher.best(scores, _REVIEWS, PASSAGES_READ, skus))
        return _surer(best, _most_fitting(reviews))


def _products_meant(mentions: ProductMentions, question: str, sku: str | None) -> tuple[str, ...] | None:
    mention = mentions.find(question)
    if mention is not None and (mention.is_certain or sku is None):
        return mention.skus
    return None if sku is None else (sku,)


@dataclass(frozen=True)
class Found:
    """The span chosen out of several passages: characters of ``hit.passage.text``, and how likely it is
    right."""

    hit: Hit
    start: int
    end: int
    confidence: float


def choose(reader: Reader, question: str, hits: Sequence[Hit]) -> Found | None:
    """Reads all hits and takes the best by margin and search score together; None without hits."""
    return next(iter(read_hits(reader, question, hits)), None)


def read_hits(reader: Reader, question: str, hits: Sequence[Hit], product_favour: float = 0.0) -> list[Found]:
    """The best span of each hit, by margin and search score together, best first; pages of products get
    ``product_favour`` on top, in units of margin."""
    spans = reader.read(question, [Reading(hit.passage.title, hit.passage.text) for hit in hits])
    found = [
        (
            span.margin
            + _SEARCH_WEIGHT * hit.score
            + (product_favour if hit.passage.kind == "product" else 0.0),
            Found(hit, span.start, span.end, reader.calibration.confidence(span.margin)),
        )
        for hit, span in zip(hits, spans, strict=True)
        if span is not None
    ]
    return [entry for _, entry in sorted(found, key=lambda pair: -pair[0])]


def _most_fitting(found: Sequence[Found]) -> Found | None:
    """The best one about a product: what does not come from the product's own page has to be surer of
    itself.
    """
    sure = (f for f in found if f.confidence >= NEEDED_CONFIDENCE_ABOUT_A_PRODUCT[f.hit.passage.kind])
    return next(sure, None)


def _surer(one: Found | None, other: Found | None) -> Found | None:
    if one is None or other is None:
        return other if one is None else one
    return other if other.confidence > one.confidence else one
