"""How well does the trained bot understand what is wanted? Measured on utterances with their right intent."""

from __future__ import annotations

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.rasa_model import rasa_program, rasa_variables

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"


class BrokenIntentFile(ValueError):
    """The file is not a CSV with the columns text and intent."""


class ParsingFailed(RuntimeError):
    """Rasa's process ended before it had parsed every line."""


@dataclass(frozen=True)
class LabelledText:
    """What somebody typed and what they wanted."""

    text: str
    intent: str


@dataclass(frozen=True)
class Confusion:
    """How often ``intent`` was taken for ``taken_for``."""

    intent: str
    taken_for: str
    count: int


@dataclass(frozen=True)
class IntentFigures:
    """All 0..1. A fallback counts as wrong in ``accuracy``, and as recognised for texts that are out of
    scope.

    ``false_refusal_rate``: texts within scope that were taken for out of scope or fell back; ``confusions``
    most frequent first.
    ``out_of_scope_recall`` and ``false_refusal_rate`` are None where the file has no such texts.
    """

    accuracy: float
    macro_f1: float
    out_of_scope_recall: float | None
    false_refusal_rate: float | None
    confusions: tuple[Confusion, ...]


def read_labelled_texts(path: Path) -> list[LabelledText]:
    """Raises BrokenIntentFile, naming the line, if a column or a value is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "intent"} <= set(rows.fieldnames or ()):
            raise BrokenIntentFile(
                f"{path}, line 1: expected the columns text and intent; came {rows.fieldnames}"
            )
        texts = []
        for row in rows:
            if not row["text"] or not row["intent"]:
                raise BrokenIntentFile(f"{path}, line {rows.line_num}: expected a text and an intent")
            texts.append(LabelledText(row["text"], row["intent"]))
    if not texts:
        raise BrokenIntentFile(f"{path}: expected at least one row under the header")
    return texts


def parse_with_rasa(texts: Sequence[str], model: Path, environment: Path, data_dir: Path) -> list[str]:
    """The intent that the trained model gives each text, in order. Raises RasaMissing or ParsingFailed."""
    python = rasa_program(environment).parent / "python"
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    result = subprocess.run(
        [str(python), "-m", "bot.rasa.parse_lines", str(model.absolute())],
        input=lines,
        capture_output=True,
        text=True,
        env=rasa_variables(data_dir),
        check=False,
    )
    found = [
        json.loads(line)["intent"] for line in result.stdout.splitlines() if line.startswith('{"intent"')
    ]
    if result.returncode != 0 or len(found) != len(texts):
        raise ParsingFailed(
            f"Rasa parsed {len(found)} of {len(texts)} texts, exit code {result.returncode}: "
            f"{result.stderr[-500:]}"
        )
    return found


def score_intents(texts: Sequence[LabelledText], found: Sequence[str]) -> IntentFigures:
    """The figures of ``found`` (same order) against the labels. Raises ValueError without any text."""
    if not texts:
        raise ValueError("no texts to score")
    pairs = [(text.intent, intent) for text, intent in zip(texts, found, strict=True)]
    refused = {OUT_OF_SCOPE, FALLBACK}
    outside = [intent in refused for label, intent in pairs if label == OUT_OF_SCOPE]
    inside = [intent in refused for label, intent in pairs if label != OUT_OF_SCOPE]
    labels = sorted({label for label, _ in pairs})
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return IntentFigures(
        accuracy=sum(label == intent for label, intent in pairs) / len(pairs),
        macro_f1=sum(_f1(label, pairs) for label in labels) / len(labels),
        out_of_scope_recall=sum(outside) / len(outside) if outside else None,
        false_refusal_rate=sum(inside) / len(inside) if inside else None,
        confusions=tuple(
            Confusion(*pair, count)
            for pair, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _f1(label: str, pairs: Sequence[tuple[str, str]]) -> float:
    hits = sum(pair == (label, label) for pair in pairs)
    total = sum((pair[0] == label) + (pair[1] == label) for pair in pairs)
    return 2 * hits / total if total else 0.0
