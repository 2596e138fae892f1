"""How good are search and reading together? Measured on questions that bring their own passages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.answers import PASSAGES_READ, choose
from knowledge_base.documents import Kind, Passage
from knowledge_base.encoder import SentenceEncoder
from knowledge_base.reader.evaluation import token_f1
from knowledge_base.reader.reader import Reader
from knowledge_base.search import Searcher
from knowledge_base.search_index import build_index, open_index

_KINDS: tuple[Kind, ...] = ("policy",)


class BrokenAnswerFile(ValueError):
    """A line of the file lacks something; the message names file, line and what was expected."""


@dataclass(frozen=True)
class AnswerRow:
    """``passages`` are (id, text); ``answers`` None means that none of them answers, and refusing is
    right."""

    question: str
    passages: tuple[tuple[str, str], ...]
    relevant: frozenset[str]
    answers: tuple[str, ...] | None


@dataclass(frozen=True)
class AnswerFigures:
    """All 0..1, None where the file has no question to measure it on. Retrieval counts questions with
    relevant passages only.

    ``refusal_precision``: of the refusals, how many were right; ``refusal_recall``: of the unanswerable
    questions, how many were refused.
    """

    hit_at_1: float | None
    hit_at_3: float | None
    mrr: float | None
    f1: float | None
    refusal_precision: float | None
    refusal_recall: float | None

    def as_contract(self) -> dict[str, float | None]:
        """The JSON shape that others rely on."""
        return {
            "hit@1": self.hit_at_1,
            "hit@3": self.hit_at_3,
            "mrr": self.mrr,
            "f1": self.f1,
            "refusal_precision": self.refusal_precision,
            "refusal_recall": self.refusal_recall,
        }


def read_answer_file(path: Path) -> list[AnswerRow]:
    """Raises BrokenAnswerFile for the first line that does not fit, or for an empty file."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line)))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BrokenAnswerFile(
                f"{path}, line {number}: expected question, passages of id and text, relevant, "
                f"and answers or null ({error!r})"
            ) from error
    if not rows:
        raise BrokenAnswerFile(f"{path}: expected one JSON object a line, the file is empty")
    return rows


def _row(content: dict[str, Any]) -> AnswerRow:
    answers = content["answers"]
    return AnswerRow(
        content["question"].strip(),
        tuple((str(passage["id"]), str(passage["text"])) for passage in content["passages"]),
        frozenset(str(name) for name in content["relevant"]),
        tuple(str(answer) for answer in answers) if answers else None,
    )


def evaluate_answers(
    rows: Sequence[AnswerRow],
    encoder: SentenceEncoder,
    reader: Reader,
    threshold: float | None,
    progress: Callable[[], None] = lambda: None,
) -> AnswerFigures:
    """Ranks each question's own passages, reads the best and refuses below the threshold (None: the reader's
    own)."""
    limit = reader.calibration.threshold if threshold is None else threshold
    ranks: list[int | None] = []
    f1: list[float] = []
    refusals: list[tuple[bool, bool]] = []
    with tempfile.TemporaryDirectory() as folder:
        searcher = _search_all(rows, encoder, Path(folder))
        for number, row in enumerate(rows):
            hits = searcher.best(searcher.scores(row.question), _KINDS, len(row.passages), (str(number),))
            if row.relevant:
                ranks.append(
                    next(
                        (r for r, hit in enumerate(hits, 1) if hit.passage.document_id in row.relevant), None
                    )
                )
            found = choose(reader, row.question, hits[:PASSAGES_READ])
            said = found is not None and found.confidence >= limit
            refusals.append((not said, row.answers is None))
            if row.answers is not None:
                text = found.hit.passage.text[found.start : found.end] if found is not None and said else ""
                f1.append(max((token_f1(text, answer) for answer in row.answers), default=0.0))
            progress()
    right_refusals = [is_right for was_refused, is_right in refusals if was_refused]
    unanswerable = [was_refused for was_refused, is_right in refusals if is_right]
    return AnswerFigures(
        _mean([rank == 1 for rank in ranks]),
        _mean([rank is not None and rank <= 3 for rank in ranks]),
        _mean([0.0 if rank is None else 1 / rank for rank in ranks]),
        _mean(f1),
        _mean(right_refusals),
        _mean(unanswerable),
    )


def _search_all(rows: Sequence[AnswerRow], encoder: SentenceEncoder, folder: Path) -> Searcher:
    """One index over all rows; a row's number stands where a shop's passage has its product."""
    passages = [
        Passage("policy", name, "", place, text, str(number))
        for number, row in enumerate(rows)
        for place, (name, text) in enumerate(row.passages)
    ]
    build_index(folder, passages, encoder)
    return Searcher(open_index(folder, encoder.name), encoder)


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None
