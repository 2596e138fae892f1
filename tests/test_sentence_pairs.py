"""Are questions with only an answering sentence made into exercises without leaking what is measured on?"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge_base.reader.calibration import Calibration
from knowledge_base.reader.examples import Example, Span, UnreadableExamples
from knowledge_base.reader.reader import Reading
from knowledge_base.reader.sentence_pairs import (
    SentencePair,
    mark_answers,
    read_sentence_pairs,
    without_held_out,
)
from knowledge_base.reader.spans import ScoredSpan


class FirstWordReader:
    """Marks the first word; the longer the sentence, the surer."""

    calibration = Calibration()

    def read(self, question: str, passages: Sequence[Reading]) -> list[ScoredSpan | None]:
        return [ScoredSpan(0, passage.text.index(" "), float(len(passage.text))) for passage in passages]


def pairs(count: int) -> list[SentencePair]:
    return [SentencePair(f"who is {n}?", f"Person{n} is number {n}{'!' * n}") for n in range(count)]


def test_the_surest_marks_are_kept_and_still_mark_the_answer_among_strangers() -> None:
    examples = mark_answers(pairs(10), FirstWordReader(), random.Random(1))

    assert [example.question for example in examples] == [f"who is {n}?" for n in range(9, 1, -1)]
    assert [e.text[e.answers[0].start : e.answers[0].end] for e in examples] == [
        f"Person{n}" for n in range(9, 1, -1)
    ]
    assert max(example.text.count("Person") for example in examples) > 1


def test_nothing_of_the_held_out_passages_is_practised_on() -> None:
    held_out = [Example("Who is  2?", "", "Before. Person1 is number 1! After.", (Span(0, 6),), "squad")]

    left = without_held_out(pairs(4), held_out)

    assert [pair.question for pair in left] == ["who is 0?", "who is 3?"]


def test_pairs_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(json.dumps({"questions": ["a? ", "b?"], "answers": ["A.", " B."]}))

    assert read_sentence_pairs(path) == [SentencePair("a?", "A."), SentencePair("b?", "B.")]


@pytest.mark.parametrize("content", ["[]", '{"questions": ["a"], "answers": []}', "no json"])
def test_another_shape_is_refused_with_what_was_expected(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(content)

    with pytest.raises(UnreadableExamples, match="expected JSON with the lists questions and answers"):
        read_sentence_pairs(path)
