"""How good is a reader? SQuAD's exact match and F1, refusal and calibration over questions that it has not
seen."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from knowledge_base.reader.calibration import Calibration, expected_calibration_error, fit
from knowledge_base.reader.examples import Example
from knowledge_base.reader.reader import Reader, Reading

RIGHT_F1 = 0.5
"""An answer counts as right for calibration if its F1 with an expected answer is at least this."""


@dataclass(frozen=True)
class Outcome:
    """One question read: the best span's words and margin, and its scores as if it had been said.

    ``exact`` and ``f1`` are 0..1 against the best expected answer; both are 0 where nothing was to be
    answered.
    """

    is_answerable: bool
    answer: str
    margin: float
    exact: float
    f1: float

    @property
    def is_right(self) -> bool:
        return self.is_answerable and self.f1 >= RIGHT_F1


@dataclass(frozen=True)
class ReaderFigures:
    """All 0..1 except ``questions_per_second``. A refusal of an unanswerable question scores 1 in ``exact``
    and ``f1``, as in SQuAD 2.0; ``auroc`` tells answerable from unanswerable by confidence; None where the
    file has only one of the two kinds."""

    exact: float
    f1: float
    has_answer_f1: float | None
    no_answer_accuracy: float | None
    auroc: float | None
    ece: float
    questions_per_second: float


def normalise(answer: str) -> str:
    """SQuAD's normalisation: lower case, no punctuation, no articles, single spaces."""
    lowered = "".join(sign for sign in answer.lower() if sign not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", lowered).split())


def token_f1(answer: str, expected: str) -> float:
    """Harmonic mean of word precision and recall after normalisation, 0..1."""
    said, meant = normalise(answer).split(), normalise(expected).split()
    if not said or not meant:
        return float(said == meant)
    shared = sum((Counter(said) & Counter(meant)).values())
    return 2 * shared / (len(said) + len(meant)) if shared else 0.0


def read_all(
    reader: Reader, examples: Sequence[Example], progress: Callable[[], None] = lambda: None
) -> tuple[list[Outcome], float]:
    """The outcomes in order, and how many questions were read a second."""
    started = perf_counter()
    outcomes = []
    for example in examples:
        span = reader.read(example.question, [Reading(example.title, example.text)])[0]
        answer = example.text[span.start : span.end] if span is not None else ""
        expected = [example.text[gold.start : gold.end] for gold in example.answers]
        exact = max((float(normalise(answer) == normalise(gold)) for gold in expected), default=0.0)
        f1 = max((token_f1(answer, gold) for gold in expected), default=0.0)
        outcomes.append(Outcome(bool(expected), answer, span.margin if span is not None else -1e9, exact, f1))
        progress()
    return outcomes, len(examples) / max(1e-9, perf_counter() - started)


def figures(
    outcomes: Sequence[Outcome], calibration: Calibration, questions_per_second: float
) -> ReaderFigures:
    """Scores at the calibration's threshold. Raises ValueError without any outcome."""
    if not outcomes:
        raise ValueError("no questions to measure: the file is empty")
    confidences = [calibration.confidence(outcome.margin) for outcome in outcomes]
    said = [confidence >= calibration.threshold for confidence in confidences]
    exact = [_score(o, s, o.exact) for o, s in zip(outcomes, said, strict=True)]
    f1 = [_score(o, s, o.f1) for o, s in zip(outcomes, said, strict=True)]
    with_answer = [score for score, o in zip(f1, outcomes, strict=True) if o.is_answerable]
    without = [not s for s, o in zip(said, outcomes, strict=True) if not o.is_answerable]
    return ReaderFigures(
        exact=float(np.mean(exact)),
        f1=float(np.mean(f1)),
        has_answer_f1=float(np.mean(with_answer)) if with_answer else None,
        no_answer_accuracy=float(np.mean(without)) if without else None,
        auroc=_auroc(confidences, [o.is_answerable for o in outcomes]),
        ece=expected_calibration_error(confidences, [o.is_right for o in outcomes]),
        questions_per_second=questions_per_second,
    )


def _score(outcome: Outcome, is_said: bool, score: float) -> float:
    return score if outcome.is_answerable and is_said else float(not outcome.is_answerable and not is_said)


def _auroc(confidences: Sequence[float], positives: Sequence[bool]) -> float | None:
    """Area under the ROC curve by the rank sum, ties counted half."""
    values, is_positive = np.asarray(confidences), np.asarray(positives, dtype=bool)
    if is_positive.all() or not is_positive.any():
        return None
    above, below = values[is_positive], values[~is_positive]
    wins = (above[:, None] > below[None, :]).mean() + 0.5 * (above[:, None] == below[None, :]).mean()
    return float(wins)


def calibrate(outcomes: Sequence[Outcome]) -> Calibration:
    """Fits confidence to being right, and takes the threshold with the best SQuAD 2.0 F1 on these
    outcomes."""
    fitted = fit([o.margin for o in outcomes], [o.is_right for o in outcomes], threshold=0.5)
    candidates = [step / 100 for step in range(10, 91)]
    scores = []
    for threshold in candidates:
        said = [fitted.confidence(o.margin) >= threshold for o in outcomes]
        scores.append(float(np.mean([_score(o, s, o.f1) for o, s in zip(outcomes, said, strict=True)])))
    return Calibration(fitted.slope, fitted.offset, candidates[int(np.argmax(scores))])
