"""Are the shop's written questions answered by its pages, and do they become right exercises?"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sample_shop import SAMPLE, sample_products

from knowledge_base.products import Product
from knowledge_base.reader.examples import Example, Span
from knowledge_base.shop_questions import (
    BrokenQuestions,
    ShopQuestion,
    make_examples,
    pages_of,
    read_shop_questions,
)

LAMP = Product("L", "Stavell Lamp", "", "", 500, "EUR", 1, {}, (), "It is bright. It weighs 2 kg.")
CHAIR = Product("C", "Orrin Chair", "", "", 900, "EUR", 1, {}, (), "It has 4 legs.")


def write(directory: Path, text: str) -> None:
    (directory / "questions").mkdir(parents=True, exist_ok=True)
    (directory / "questions/q.jsonl").write_text(text, encoding="utf-8")


def test_every_answer_of_the_sample_shop_stands_in_a_passage_of_its_page() -> None:
    pages = pages_of(sample_products(), SAMPLE)
    missing = [
        question
        for question in read_shop_questions(SAMPLE)
        if question.answer is not None
        and not any(
            question.sentence is not None and question.sentence in p.text and question.answer in p.text
            for p in pages.get(question.page, ())
        )
    ]
    assert missing == []


def test_every_question_of_the_sample_shop_is_about_a_page_that_exists() -> None:
    pages = pages_of(sample_products(), SAMPLE)
    assert {question.page for question in read_shop_questions(SAMPLE)} - pages.keys() == set()


def test_about_a_fifth_of_the_pages_is_held_out() -> None:
    pages = {question.page: question.is_held_out for question in read_shop_questions(SAMPLE)}
    assert 0.12 < sum(pages.values()) / len(pages) < 0.28


def test_every_exercise_of_the_sample_shop_quotes_its_text() -> None:
    examples = make_examples(read_shop_questions(SAMPLE), sample_products(), SAMPLE, random.Random(7))
    assert all(example.text[s.start : s.end].strip() for example in examples for s in example.answers)
    assert sum(bool(example.answers) for example in examples) > 500
    assert sum(not example.answers for example in examples) > 300


def test_the_same_seed_makes_the_same_exercises() -> None:
    questions = read_shop_questions(SAMPLE)[:50]
    one, other = (make_examples(questions, sample_products(), SAMPLE, random.Random(3)) for _ in range(2))
    assert one == other


def test_a_question_is_answered_where_its_sentence_stands(tmp_path: Path) -> None:
    question = ShopQuestion("how heavy?", "L", "2 kg", "It weighs 2 kg.")
    examples = make_examples([question], [LAMP], tmp_path, random.Random(1))
    assert examples[0] == Example("how heavy?", "Stavell Lamp", LAMP.description, (Span(24, 28),), "shop")


def test_a_question_that_names_its_product_is_not_answered_by_another(tmp_path: Path) -> None:
    question = ShopQuestion("how heavy is the Stavell?", "L", "2 kg", "It weighs 2 kg.")
    examples = make_examples([question], [LAMP, CHAIR], tmp_path, random.Random(1))
    assert [e for e in examples if e.title == "Orrin Chair"] != []
    assert all(e.answers == () for e in examples if e.title == "Orrin Chair")


def test_a_file_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        '{"sku": "L", "question": "q", "answer": "2 kg", "sentence": "It weighs 2 kg."}\n\n'
        '{"document": "policies/shipping.md", "question": "r", "answer": null, "sentence": null}\n',
    )
    assert read_shop_questions(tmp_path) == [
        ShopQuestion("q", "L", "2 kg", "It weighs 2 kg."),
        ShopQuestion("r", "shipping", None, None),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"sku": "L"}', "line 1: expected sku or document, question, answer, sentence"),
        ("[1]", "line 1: expected sku or document"),
        ('{"document": 3, "question": "q", "answer": null, "sentence": null}', "line 1: expected sku"),
        (
            '{"sku": "L", "question": "q", "answer": "x", "sentence": "y"}',
            "line 1: the answer 'x' is not in the sentence",
        ),
        (
            '{"sku": "L", "question": "q", "answer": "x", "sentence": null}',
            "line 1: the answer 'x' is not in",
        ),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, line: str, told: str) -> None:
    write(tmp_path, line)
    with pytest.raises(BrokenQuestions, match=told):
        read_shop_questions(tmp_path)
