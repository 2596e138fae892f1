"""Do passages that share the question's words score, on disk as in memory?"""

from __future__ import annotations

from pathlib import Path

from knowledge_base.lexical import LexicalIndex

TEXTS = ["The battery lasts long.", "Returns are free of charge.", "Batteries and returns."]


def test_only_passages_with_a_word_in_common_score() -> None:
    scores = LexicalIndex.of(TEXTS).scores("battery?")
    assert [bool(score > 0) for score in scores] == [True, False, True]


def test_word_forms_are_the_same_word() -> None:
    scores = LexicalIndex.of(TEXTS).scores("how do I return")
    assert [bool(score > 0) for score in scores] == [False, True, True]


def test_unknown_words_and_no_words_score_nothing() -> None:
    index = LexicalIndex.of(TEXTS)
    assert index.scores("zebra").tolist() == index.scores("").tolist() == [0.0, 0.0, 0.0]


def test_the_index_on_disk_gives_the_same_scores(tmp_path: Path) -> None:
    index = LexicalIndex.of(TEXTS)
    index.save(tmp_path / "bm25")
    opened = LexicalIndex.open(tmp_path / "bm25", len(TEXTS))
    assert opened.scores("battery returns").tolist() == index.scores("battery returns").tolist()


def test_an_empty_shop_can_be_asked(tmp_path: Path) -> None:
    LexicalIndex.of([]).save(tmp_path / "bm25")
    assert LexicalIndex.open(tmp_path / "bm25", 0).scores("battery").tolist() == []


def test_texts_of_nothing_but_function_words_can_be_asked(tmp_path: Path) -> None:
    index = LexicalIndex.of(["the", "a"])
    index.save(tmp_path / "bm25")
    assert LexicalIndex.open(tmp_path / "bm25", 2).scores("the battery").tolist() == [0.0, 0.0]
