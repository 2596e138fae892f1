"""Are search and reading measured as their contract says?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from knowledge_fakes import FakeEncoder, FakeReader

from knowledge_base.answer_evaluation import (
    AnswerFigures,
    AnswerRow,
    BrokenAnswerFile,
    evaluate_answers,
    read_answer_file,
)

PASSAGES = (("b", "The battery lasts 38 hours."), ("d", "Delivery takes 2 days."), ("c", "Any colour."))


def row(question: str, relevant: set[str], answers: tuple[str, ...] | None) -> AnswerRow:
    return AnswerRow(question, PASSAGES, frozenset(relevant), answers)


def measured(
    rows: list[AnswerRow], margins: dict[str, float], threshold: float | None = None
) -> AnswerFigures:
    return evaluate_answers(rows, FakeEncoder(), FakeReader(margins), threshold)


def test_right_answers_and_right_refusals_score_one() -> None:
    unanswerable = AnswerRow("weight?", (("c", "Any colour."),), frozenset(), None)
    figures = measured([row("battery?", {"b"}, ("38 hours",)), unanswerable], {"38 hours": 1.0})
    assert figures.as_contract() == {
        "hit@1": 1.0,
        "hit@3": 1.0,
        "mrr": 1.0,
        "f1": 1.0,
        "refusal_precision": 1.0,
        "refusal_recall": 1.0,
    }


def test_each_figure_counts_what_it_says() -> None:
    rows = [
        row("battery?", {"b"}, ("38 hours", "a whole day")),
        row("delivery?", {"c"}, ("any",)),
        row("return?", set(), None),
    ]
    figures = measured(rows, {"38 hours": 2.0, "2 days": -2.0})
    assert figures.as_contract() == pytest.approx(
        {
            "hit@1": 0.5,
            "hit@3": 1.0,
            "mrr": (1 + 1 / 3) / 2,
            "f1": 0.5,
            "refusal_precision": 0.0,
            "refusal_recall": 0.0,
        }
    )


def test_a_refusal_of_an_answerable_question_scores_nothing() -> None:
    figures = measured([row("battery?", {"b"}, ("38 hours",))], {"38 hours": -3.0})
    assert (figures.f1, figures.refusal_precision, figures.refusal_recall) == (0.0, 0.0, None)


def test_the_threshold_can_be_given() -> None:
    figures = measured([row("battery?", {"b"}, ("38 hours",))], {"38 hours": -3.0}, threshold=0.0)
    assert (figures.f1, figures.refusal_precision) == (1.0, None)


def test_a_question_sees_its_own_passages_only() -> None:
    other = AnswerRow("battery?", (("x", "Delivery takes 2 days."),), frozenset({"x"}), None)
    figures = measured([row("battery?", {"b"}, ("38 hours",)), other], {"38 hours": 3.0})
    assert (figures.hit_at_1, figures.f1, figures.refusal_precision, figures.refusal_recall) == (
        1.0,
        1.0,
        1.0,
        1.0,
    )


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


WHOLE = {"question": " q ", "passages": [{"id": 1, "text": "t"}], "relevant": [1], "answers": ["t"]}


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "f.jsonl", WHOLE, {**WHOLE, "answers": None}, {**WHOLE, "answers": []})
    assert read_answer_file(path) == [
        AnswerRow("q", (("1", "t"),), frozenset({"1"}), ("t",)),
        AnswerRow("q", (("1", "t"),), frozenset({"1"}), None),
        AnswerRow("q", (("1", "t"),), frozenset({"1"}), None),
    ]


@pytest.mark.parametrize("broken", [{}, [], {**WHOLE, "passages": ["t"]}, {**WHOLE, "question": None}, 3])
def test_a_broken_line_is_named(tmp_path: Path, broken: object) -> None:
    with pytest.raises(
        BrokenAnswerFile, match=r"f\.jsonl, line 2: expected question, passages of id and text"
    ):
        read_answer_file(write(tmp_path / "f.jsonl", WHOLE, broken))


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenAnswerFile, match="the file is empty"):
        read_answer_file(write(tmp_path / "f.jsonl").with_name("f.jsonl"))
