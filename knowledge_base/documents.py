"""What can be searched and quoted? Documents of the shop, cut into passages that remember where they come
from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["product", "policy", "faq", "review"]

MAX_PASSAGE_WORDS = 100


@dataclass(frozen=True)
class Document:
    """One text of the shop under one title; ``sku`` names the product that it is about, if it is about one.

    ``id`` is unique within its kind: a SKU, ``shipping#bulky-goods``, ``faq-001``, or a SKU with a review's
    number.
    """

    kind: Kind
    id: str
    title: str
    text: str
    sku: str | None = None


@dataclass(frozen=True)
class Passage:
    """A part of a document that is searched and read as one; ``position`` counts from 0 within the
    document."""

    kind: Kind
    document_id: str
    title: str
    position: int
    text: str
    sku: str | None

    @property
    def fingerprint(self) -> str:
        """Equal for passages that an encoder would give the same embedding."""
        return hashlib.sha256(self.searchable.encode()).hexdigest()

    @property
    def searchable(self) -> str:
        """What search looks at: the title belongs to it, because the text often only says "it"."""
        return f"{self.title}. {self.text}" if self.title else self.text


_SENTENCE_END = re.compile(r"(?<=[.!?])(?P<closing>[\"')\]]*)\s+(?=[\"'(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?<![A-Za-z])(?:e\.g|i\.e|approx|max|min|no|incl|dia|ca|vs|St|Dr|Mr|Mrs)\.\Z")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence starts and ends in ``text``; line breaks end one, decimals and abbreviations do
    not."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        begin = line.start()
        for gap in _SENTENCE_END.finditer(line.group()):
            if not _ABBREVIATION.search(text, begin, line.start() + gap.start()):
                spans.append((begin, line.start() + gap.end("closing")))
                begin = line.start() + gap.end()
        if text[begin : line.end()].strip():
            spans.append((begin, line.end()))
    return spans


def sentence_around(text: str, start: int, end: int) -> str:
    """The whole sentence, or the run of sentences, that holds the characters ``start`` to ``end``, word for
    word."""
    touching = [span for span in sentence_spans(text) if span[0] < end and span[1] > start]
    return text[touching[0][0] : touching[-1][1]].strip() if touching else text[start:end]


def cut_into_passages(document: Document, max_words: int = MAX_PASSAGE_WORDS) -> Iterator[Passage]:
    """Cuts at sentence ends into parts of at most ``max_words`` words (a longer single sentence stays whole),
    of even length."""
    spans = sentence_spans(document.text)
    words = [len(document.text[start:end].split()) for start, end in spans]
    parts = max(1, -(-sum(words) // max_words))
    target = sum(words) / parts
    begin, counted, position = 0, 0, 0
    for index, count in enumerate(words):
        counted += count
        is_last = index == len(words) - 1
        if is_last or counted >= target or counted + words[index + 1] > max_words:
            text = document.text[spans[begin][0] : spans[index][1]]
            yield Passage(document.kind, document.id, document.title, position, text, document.sku)
            begin, counted, position = index + 1, 0, position + 1
