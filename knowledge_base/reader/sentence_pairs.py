"""How can questions be practised on of which only the answering sentence is known, not the words in it?

A reader that already reads marks the words itself (self-training; Lee 2013): within one sentence that is
known to answer, it is right far more
often than in a whole passage. The marks that it is least sure of are left out, and the sentence is hidden
among others.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.reader.examples import Example, Span, UnreadableExamples, read_text
from knowledge_base.reader.reader import Reader, Reading

SOURCE = "sentence"
KEPT_SHARE = 0.8
_MAX_STRANGERS = 4


@dataclass(frozen=True)
class SentencePair:
    """A question and the sentence that answers it."""

    question: str
    sentence: str


def read_sentence_pairs(path: Path) -> list[SentencePair]:
    """JSON with the lists ``questions`` and ``answers`` of equal length, gzip or plain. Raises
    UnreadableExamples.
    """
    try:
        content = json.loads(read_text(path))
        pairs = zip(content["questions"], content["answers"], strict=True)
        return [SentencePair(str(question).strip(), str(sentence).strip()) for question, sentence in pairs]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableExamples(
            f"{path}: expected JSON with the lists questions and answers of equal length ({error!r})"
        ) from error


def without_held_out(pairs: Sequence[SentencePair], held_out: Sequence[Example]) -> list[SentencePair]:
    """Drops every pair whose sentence stands in a held-out passage, or whose question is a held-out one."""
    passages = "\n".join({_plain(example.text) for example in held_out})
    questions = {_plain(example.question) for example in held_out}
    return [
        pair
        for pair in pairs
        if _plain(pair.sentence) not in passages and _plain(pair.question) not in questions
    ]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def mark_answers(
    pairs: Sequence[SentencePair],
    reader: Reader,
    rng: random.Random,
    progress: Callable[[], None] = lambda: None,
) -> list[Example]:
    """The surest KEPT_SHARE of the pairs with the reader's marks, each sentence between up to four
    strangers.
    """
    marked = []
    for pair in pairs:
        span = reader.read(pair.question, [Reading("", pair.sentence)])[0]
        if span is not None:
            marked.append((span.margin, pair, Span(span.start, span.end)))
        progress()
    marked.sort(key=lambda entry: (-entry[0], entry[1].question))
    kept = marked[: round(KEPT_SHARE * len(marked))]
    return [_hidden(pair, span, pairs, rng) for _, pair, span in kept]


def _hidden(pair: SentencePair, span: Span, pairs: Sequence[SentencePair], rng: random.Random) -> Example:
    strangers = [rng.choice(pairs).sentence for _ in range(rng.randint(0, _MAX_STRANGERS))]
    before = strangers[: rng.randint(0, len(strangers))]
    after = strangers[len(before) :]
    text = " ".join([*before, pair.sentence, *after])
    shift = sum(len(sentence) + 1 for sentence in before)
    return Example(pair.question, "", text, (Span(span.start + shift, span.end + shift),), SOURCE)
