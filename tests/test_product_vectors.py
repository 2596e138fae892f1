"""Is every product's text embedded once, and are the vectors always whole?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conversation_fakes import LAMP
from knowledge_fakes import FakeEncoder

from knowledge_base.product_vectors import open_product_vectors, product_text, update_product_vectors

DESK = replace(LAMP, sku="OFF-002", name="Stavell Desk", tags=("standing desk",))


def test_there_are_no_vectors_before_the_first_time(tmp_path: Path) -> None:
    assert open_product_vectors(tmp_path / "none") is None


def test_vectors_come_back_by_sku(tmp_path: Path) -> None:
    made = update_product_vectors(tmp_path, [LAMP, DESK], FakeEncoder())
    opened = open_product_vectors(tmp_path)
    assert opened is not None
    assert opened.skus == made.skus == ("OFF-001", "OFF-002")
    np.testing.assert_array_equal(opened.matrix, made.matrix)
    vector = opened.vector("OFF-002")
    assert vector is not None
    np.testing.assert_array_equal(vector, made.matrix[1])
    assert opened.vector("OFF-009") is None


def test_only_new_and_changed_texts_are_embedded(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    update_product_vectors(tmp_path, [LAMP, DESK], encoder)
    cheaper, renamed = replace(LAMP, price_cents=1, stock=0), replace(DESK, name="Stavell Table")
    update_product_vectors(tmp_path, [renamed, cheaper], encoder)
    assert encoder.encoded == [product_text(product) for product in (LAMP, DESK, renamed)]
    opened = open_product_vectors(tmp_path)
    assert opened is not None
    assert opened.skus == ("OFF-002", "OFF-001")
    assert len(list(tmp_path.glob("vectors-*.npy"))) == 1


def test_another_encoder_begins_anew(tmp_path: Path) -> None:
    update_product_vectors(tmp_path, [LAMP], FakeEncoder())
    other = FakeEncoder("other")
    update_product_vectors(tmp_path, [LAMP], other)
    assert other.encoded == [product_text(LAMP)]


def test_a_shop_without_products_has_vectors_without_rows(tmp_path: Path) -> None:
    update_product_vectors(tmp_path, [LAMP], FakeEncoder())
    update_product_vectors(tmp_path, [], FakeEncoder())
    opened = open_product_vectors(tmp_path)
    assert opened is not None
    assert opened.matrix.shape[0] == 0


@pytest.mark.parametrize("words", ["lamp", "Office", "450 lumens"])
def test_the_text_tells_what_the_product_is(words: str) -> None:
    assert words.casefold() in product_text(LAMP).casefold()
