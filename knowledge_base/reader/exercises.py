"""What does the reader practise on? Questions with their passage, and the same questions over passages that
do not answer them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge_base.reader.examples import Example, Span
from knowledge_base.reader.windows import MAX_TOKENS, Window, make_windows

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Exercise:
    """One window with the token positions of the first and last answer token; 0 and 0 where it holds no
    answer."""

    window: Window
    start: int
    end: int


def split_by_paragraph(
    examples: Sequence[Example], held_out_from: Sequence[Example], one_in: int
) -> tuple[list[Example], list[Example]]:
    """(to train on, held out): one in ``one_in`` paragraphs of ``held_out_from`` by their fingerprint; 0
    holds none out.

    No paragraph lies on both sides, whatever file it stands in.
    """
    kept_back = {
        example.paragraph
        for example in held_out_from
        if one_in > 0 and int(example.paragraph[:8], 16) % one_in == 0
    }
    train = [example for example in examples if example.paragraph not in kept_back]
    return train, [example for example in held_out_from if example.paragraph in kept_back]


def add_unanswerable(examples: Sequence[Example], share: float, rng: random.Random) -> list[Example]:
    """Adds, for ``share`` of the answerable examples (0..1), the same question over a similar passage without
    its answer.

    "Similar" is the passage sharing most rare words with the question, out of other passages of the same
    source: the way of hard negatives after Clark & Gardner 2018 (multi-paragraph reading).
    """
    added = []
    by_source: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_source[example.source].append(example)
    for group in by_source.values():
        passages = list({example.paragraph: example for example in group}.values())
        postings = _postings(passages)
        for example in group:
            if example.answers and rng.random() < share:
                other = _most_similar_without(example, passages, postings)
                if other is not None:
                    added.append(replace(example, title=other.title, text=other.text, answers=()))
    return [*examples, *added]


_MAX_POSTING = 400


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.lower()))


def _postings(passages: Sequence[Example]) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for position, passage in enumerate(passages):
        for word in _words(passage.text + " " + passage.title):
            postings[word].append(position)
    return {word: places for word, places in postings.items() if len(places) <= _MAX_POSTING}


def _most_similar_without(
    example: Example, passages: Sequence[Example], postings: dict[str, list[int]]
) -> Example | None:
    scores: dict[int, float] = defaultdict(float)
    for word in sorted(_words(example.question)):
        for position in postings.get(word, ()):
            scores[position] += 1 / len(postings[word])
    answers = [example.text[span.start : span.end].lower() for span in example.answers]
    for position in sorted(scores, key=lambda place: (-scores[place], place)):
        other = passages[position]
        if other.paragraph != example.paragraph and not any(
            answer in other.text.lower() for answer in answers
        ):
            return other
    return None


def make_exercises(
    examples: Iterable[Example],
    tokenizer: PreTrainedTokenizerBase,
    rng: random.Random,
    max_tokens: int = MAX_TOKENS,
) -> list[Exercise]:
    """One exercise an example: the window that holds the whole answer, or a random one where nothing is
    answered.

    Answers that no window holds completely are left out.
    """
    exercises = []
    for example in examples:
        windows = make_windows(tokenizer, example.question, example.title, example.text, max_tokens)
        if not example.answers:
            exercises.append(Exercise(rng.choice(windows), 0, 0))
            continue
        placed = [(window, _token_range(window, example.answers[0])) for window in windows]
        holding = [Exercise(window, *tokens) for window, tokens in placed if tokens is not None]
        if holding:
            exercises.append(rng.choice(holding))
    return exercises


def _token_range(window: Window, span: Span) -> tuple[int, int] | None:
    """First and last token that touch the span, or None if the window cuts it."""
    touching = [
        (index, *place)
        for index, place in enumerate(window.places)
        if place is not None and place[0] < span.end and place[1] > span.start
    ]
    if not touching:
        return None
    (first, begin, _), (last, _, end) = touching[0], touching[-1]
    return (first, last) if begin <= span.start and end >= span.end else None
