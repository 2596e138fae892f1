"""How well does the sample shop answer questions about pages that the reader was not trained on?

Run ``python -m benchmarks.sample_answers``. Every question goes through search and reader over the whole
index, on its product's page.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import numpy as np

from bot.assembly import load_answerer
from bot.settings import load_settings
from knowledge_base.answers import Answerer
from knowledge_base.reader.evaluation import token_f1
from knowledge_base.shop_questions import ShopQuestion, read_shop_questions

THRESHOLDS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class SampleFigures:
    """All 0..1. ``answered_right``: an answer was said and shares at least half of its words (F1) with the
    expected one, or lies in the expected sentence; ``wrong``: something else was said; the rest was refused.
    ``refused_unanswerable``: right refusals."""

    threshold: float
    questions: int
    answered_right: float
    wrong: float
    f1: float
    unanswerable: int
    refused_unanswerable: float


def measure(answerer: Answerer, questions: list[ShopQuestion], threshold: float) -> SampleFigures:
    """Asks every question on its own page."""
    right, wrong, f1, refused = [], [], [], []
    for question in questions:
        sku = question.page if answerer.knows_product(question.page) else None
        answer = answerer.answer(question.question, sku)
        if question.answer is None:
            refused.append(answer.text is None)
            continue
        f1.append(token_f1(answer.text or "", question.answer))
        is_right = answer.text is not None and (f1[-1] >= 0.5 or answer.text in (question.sentence or ""))
        right.append(is_right)
        wrong.append(answer.text is not None and not is_right)
    return SampleFigures(
        threshold,
        len(right),
        float(np.mean(right)),
        float(np.mean(wrong)),
        float(np.mean(f1)),
        len(refused),
        float(np.mean(refused)),
    )


def main() -> list[dict[str, object]]:
    """Figures over the held-out fifth of the pages for each threshold, as one JSON list on stdout."""
    settings = load_settings()
    questions = [question for question in read_shop_questions(settings.knowledge_dir) if question.is_held_out]
    result = [
        asdict(measure(load_answerer(settings.model_copy(update={"answer_threshold": t})), questions, t))
        for t in THRESHOLDS
    ]
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
