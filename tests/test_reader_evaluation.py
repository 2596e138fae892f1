"""Are exact match, F1, refusal and threshold those of SQuAD?"""

from __future__ import annotations

from dataclasses import asdict

import pytest
from knowledge_fakes import FakeReader

from knowledge_base.reader.calibration import Calibration
from knowledge_base.reader.evaluation import (
    Outcome,
    calibrate,
    figures,
    normalise,
    read_all,
    token_f1,
)
from knowledge_base.reader.examples import Example, Span

SURE = Calibration(slope=1.0, offset=0.0, threshold=0.5)


def answered(margin: float, f1: float) -> Outcome:
    return Outcome(True, "x", margin, float(f1 == 1.0), f1)


def unanswerable(margin: float) -> Outcome:
    return Outcome(False, "x", margin, 0.0, 0.0)


@pytest.mark.parametrize(
    ("answer", "expected", "f1"),
    [
        ("The 38 hours.", "38 hours", 1.0),
        ("38 hours", "about 38 hours", 0.8),
        ("red", "blue", 0.0),
        ("", "", 1.0),
        ("the", "", 1.0),
        ("", "red", 0.0),
        ("red red", "red", 2 / 3),
        ("U.S.A.", "USA", 1.0),
    ],
)
def test_f1_counts_shared_words_after_normalisation(answer: str, expected: str, f1: float) -> None:
    assert token_f1(answer, expected) == pytest.approx(f1)


def test_normalisation_is_that_of_squad() -> None:
    assert normalise("  The (QUICK) brown-fox, an answer! ") == "quick brownfox answer"


def test_the_best_of_several_expected_answers_counts() -> None:
    text = "It lasts about 38 hours."
    example = Example("how long?", "", text, (Span(9, 23), Span(15, 23)), "squad")
    (outcome,), speed = read_all(FakeReader({"38 hours": 2.0}), [example])
    assert outcome == Outcome(True, "38 hours", 2.0, 1.0, 1.0)
    assert speed > 0


def test_where_no_span_is_found_the_answer_is_empty_and_refused() -> None:
    (outcome,), _ = read_all(FakeReader({}), [Example("q", "", "Text.", (), "squad")])
    assert (outcome.answer, outcome.is_right, SURE.confidence(outcome.margin) < 0.5) == ("", False, True)


def test_progress_is_told_for_every_question() -> None:
    told: list[int] = []
    read_all(FakeReader({}), [Example("q", "", "Text.", (), "s")] * 3, lambda: told.append(1))
    assert told == [1, 1, 1]


def test_refusing_scores_where_nothing_is_answerable() -> None:
    result = figures(
        [answered(3, 1.0), answered(2, 0.5), answered(-2, 1.0), unanswerable(-3), unanswerable(1)], SURE, 7.0
    )
    assert asdict(result) == pytest.approx(
        {
            "exact": 2 / 5,
            "f1": 2.5 / 5,
            "has_answer_f1": 1.5 / 3,
            "no_answer_accuracy": 1 / 2,
            "auroc": 5 / 6,
            "ece": result.ece,
            "questions_per_second": 7.0,
        }
    )


def test_figures_without_their_kind_of_question_are_none() -> None:
    only_answered, only_unanswerable = (
        figures([answered(1, 1.0)], SURE, 1.0),
        figures([unanswerable(1)], SURE, 1.0),
    )
    assert (only_answered.no_answer_accuracy, only_answered.auroc) == (None, None)
    assert (only_unanswerable.has_answer_f1, only_unanswerable.f1) == (None, 0.0)


def test_ties_count_half_in_auroc() -> None:
    assert figures([answered(1, 1.0), unanswerable(1)], SURE, 1.0).auroc == 0.5


def test_no_question_at_all_is_told() -> None:
    with pytest.raises(ValueError, match="no questions to measure"):
        figures([], SURE, 1.0)


def test_the_threshold_with_the_best_f1_is_taken() -> None:
    outcomes = (
        [answered(4, 1.0)] * 40 + [answered(1, 0.0)] * 10 + [unanswerable(1)] * 30 + [unanswerable(-3)] * 20
    )
    fitted = calibrate(outcomes)
    assert fitted.confidence(1) < fitted.threshold <= fitted.confidence(4)
    assert figures(outcomes, fitted, 1.0).f1 == pytest.approx(0.9)
