"""Are the best passages found, by words and by meaning, among those that are asked for?"""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_fakes import FakeEncoder, passage

from knowledge_base.documents import Kind, Passage
from knowledge_base.search import LEXICAL_WEIGHT, Searcher
from knowledge_base.search_index import build_index, open_index

FJELL = passage("product", "AUD-001", "Fjell", "The battery lasts 38 hours.", "AUD-001")
SKOG = passage("product", "AUD-002", "Skog", "The battery lasts 19 hours.", "AUD-002")
REVIEW = passage("review", "AUD-001/1", "Review", "Its battery is fine.", "AUD-001")
SHIPPING = passage("policy", "shipping", "Shipping", "Delivery takes 2 days.")
EVERYTHING = [SHIPPING, FJELL, SKOG, REVIEW]
PRODUCTS: tuple[Kind, ...] = ("product",)
KINDS: tuple[Kind, ...] = ("product", "policy", "faq", "review")


def searcher(directory: Path, passages: list[Passage]) -> Searcher:
    build_index(directory, passages, FakeEncoder())
    return Searcher(open_index(directory, "topics"), FakeEncoder())


def found(searcher: Searcher, question: str, kinds: tuple[Kind, ...], skus: list[str] | None) -> list[str]:
    return [hit.passage.document_id for hit in searcher.best(searcher.scores(question), kinds, 9, skus)]


def test_words_and_meaning_count_by_their_weights(tmp_path: Path) -> None:
    scores = searcher(tmp_path, [SHIPPING, FJELL]).scores("battery")
    assert scores.tolist() == pytest.approx([0.0, 1.0])
    meaning_only = searcher(tmp_path, [SHIPPING, FJELL]).scores("batteryx")
    assert meaning_only.tolist() == pytest.approx([0.0, 1 - LEXICAL_WEIGHT])


def test_only_the_kinds_asked_for_are_found(tmp_path: Path) -> None:
    assert found(searcher(tmp_path, EVERYTHING), "battery", PRODUCTS, None) == ["AUD-001", "AUD-002"]


def test_only_the_products_asked_for_are_found(tmp_path: Path) -> None:
    assert sorted(found(searcher(tmp_path, EVERYTHING), "battery", KINDS, ["AUD-001"])) == [
        "AUD-001",
        "AUD-001/1",
    ]
    assert found(searcher(tmp_path, EVERYTHING), "battery", KINDS, []) == []
    assert found(searcher(tmp_path, EVERYTHING), "battery", KINDS, ["AUD-999"]) == []


def test_many_products_can_be_asked_for_at_once(tmp_path: Path) -> None:
    skus = [f"X-{number}" for number in range(500)]
    assert found(searcher(tmp_path, EVERYTHING), "battery", PRODUCTS, [*skus, "AUD-002"]) == ["AUD-002"]


def test_the_best_comes_first_and_ties_keep_the_order_of_the_index(tmp_path: Path) -> None:
    engine = searcher(tmp_path, EVERYTHING)
    hits = engine.best(engine.scores("delivery battery"), KINDS, 2)
    assert hits[0].score >= hits[1].score
    assert found(engine, "zebra", PRODUCTS, None) == ["AUD-001", "AUD-002"]


def test_no_more_than_the_limit_is_found(tmp_path: Path) -> None:
    engine = searcher(tmp_path, EVERYTHING)
    assert len(engine.best(engine.scores("battery"), KINDS, 2)) == 2
    assert engine.best(engine.scores("battery"), KINDS, 0) == []


def test_an_empty_shop_finds_nothing(tmp_path: Path) -> None:
    engine = searcher(tmp_path, [])
    assert engine.best(engine.scores("battery"), KINDS, 3) == []


def test_it_knows_which_products_have_pages(tmp_path: Path) -> None:
    assert searcher(tmp_path, EVERYTHING).skus == {"AUD-001", "AUD-002"}
