"""Are the figures of understanding what they say they are?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intent_evaluation import (
    BrokenIntentFile,
    Confusion,
    IntentFigures,
    LabelledText,
    read_labelled_texts,
    score_intents,
)


def test_figures_count_refusals_on_both_sides() -> None:
    texts = [
        LabelledText("a", "greet"),
        LabelledText("b", "greet"),
        LabelledText("c", "out_of_scope"),
        LabelledText("d", "help"),
    ]

    figures = score_intents(texts, ["greet", "nlu_fallback", "nlu_fallback", "greet"])

    assert figures == IntentFigures(
        accuracy=0.25,
        macro_f1=(0.0 + 0.0 + 0.5) / 3,
        out_of_scope_recall=1.0,
        false_refusal_rate=1 / 3,
        confusions=(
            Confusion("greet", "nlu_fallback", 1),
            Confusion("help", "greet", 1),
            Confusion("out_of_scope", "nlu_fallback", 1),
        ),
    )


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("utterance,label\nhello,greet\n")

    with pytest.raises(BrokenIntentFile, match="line 1: expected the columns text and intent"):
        read_labelled_texts(path)


def test_a_row_without_an_intent_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("text,intent\nhello,greet\nbye,\n")

    with pytest.raises(BrokenIntentFile, match="line 3"):
        read_labelled_texts(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("text,intent\n")

    with pytest.raises(BrokenIntentFile, match="at least one row"):
        read_labelled_texts(path)
