"""Are held-out paragraphs kept apart, and are unanswerable questions really unanswered?"""

from __future__ import annotations

import random
import subprocess
import sys

from knowledge_base.reader.examples import Example, Span
from knowledge_base.reader.exercises import add_unanswerable, split_by_paragraph


def example(question: str, text: str, answer: str | None, source: str = "squad") -> Example:
    start = -1 if answer is None else text.index(answer)
    spans = () if answer is None else (Span(start, start + len(answer)),)
    return Example(question, f"About {text[:4]}", text, spans, source)


LAMP = example("how heavy is the lamp?", "The lamp weighs 2 kg.", "2 kg")
CHAIR = example("how heavy is the chair?", "The chair weighs 9 kg.", "9 kg")
TWIN = example("how heavy is the other lamp?", "The other lamp is 2 kg too.", "2 kg")


def test_no_paragraph_is_trained_on_and_held_out() -> None:
    many = [example(f"q{n}?", f"Passage number {n // 2} says {n // 2}.", None) for n in range(400)]
    train, held_out = split_by_paragraph(many, many, 10)
    assert {e.paragraph for e in train} & {e.paragraph for e in held_out} == set()
    assert len(train) + len(held_out) == 400
    assert 20 <= len(held_out) <= 70


def test_a_paragraph_in_two_files_is_held_out_of_both() -> None:
    many = [example(f"q{n}?", f"Passage number {n}.", None) for n in range(200)]
    same_words = [example("other?", f"passage  number {n}!", None, "qamr") for n in range(200)]
    train, held_out = split_by_paragraph([*many, *same_words], many, 10)
    assert {e.paragraph for e in train} & {e.paragraph for e in held_out} == set()
    assert {e.source for e in held_out} == {"squad"}


def test_zero_holds_nothing_out() -> None:
    assert split_by_paragraph([LAMP], [LAMP], 0) == ([LAMP], [])


def test_each_answered_question_is_asked_where_it_is_not_answered() -> None:
    added = add_unanswerable([LAMP, CHAIR], 1.0, random.Random(1))[2:]
    assert [(e.question, e.title, e.text, e.answers) for e in added] == [
        (LAMP.question, CHAIR.title, CHAIR.text, ()),
        (CHAIR.question, LAMP.title, LAMP.text, ()),
    ]


def test_a_passage_that_says_the_answer_too_is_not_taken() -> None:
    added = add_unanswerable([LAMP, TWIN], 1.0, random.Random(1))[2:]
    assert added == []


def test_passages_of_other_files_are_not_taken() -> None:
    other = example("how heavy is the chair?", "The chair weighs 9 kg.", "9 kg", "qamr")
    assert add_unanswerable([LAMP, other], 1.0, random.Random(1)) == [LAMP, other]


def test_a_share_of_zero_adds_nothing_and_half_adds_about_half() -> None:
    many = [
        example(f"is thing{n // 2} heavy?", f"The thing{n // 2} weighs {n + 1000} kg.", f"{n + 1000}")
        for n in range(200)
    ]
    assert add_unanswerable(many, 0.0, random.Random(1)) == many
    assert 70 <= len(add_unanswerable(many, 0.5, random.Random(1))) - 200 <= 130


_PROGRAM = """
import random
from knowledge_base.reader.examples import Example, Span
from knowledge_base.reader.exercises import add_unanswerable
rng = random.Random(5)
words = [f"word{n}" for n in range(40)]
texts = [" ".join(rng.sample(words, 12)) + f" end{n}" for n in range(60)]
many = [Example(" ".join(rng.sample(words, 9)), "", t, (Span(len(t) - 3, len(t)),), "squad") for t in texts]
print([e.text for e in add_unanswerable(many, 1.0, rng)])
"""


def test_another_process_makes_the_same_exercises() -> None:
    def run(hash_seed: str) -> str:
        command = [sys.executable, "-c", _PROGRAM]
        return subprocess.run(
            command, env={"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True
        ).stdout

    assert run("1") == run("2") != ""
