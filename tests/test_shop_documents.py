"""Do products and reviews become the pages that are searched?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.documents import Document
from knowledge_base.products import Product, Review
from knowledge_base.shop_documents import price_text, product_documents, review_document, shop_passages

LAMP = Product(
    "OFF-001", "Lamp", "Stavell", "Office", 4905, "EUR", 0, {"Weight": "2 kg"}, ("desk",), "Bright."
)


def test_a_product_has_its_description_and_its_facts() -> None:
    facts = "Price: 49.05 EUR\nAvailability: out of stock\nBrand: Stavell\nCategory: Office\nWeight: 2 kg"
    assert list(product_documents(LAMP)) == [
        Document("product", "OFF-001", "Lamp", "Bright.", "OFF-001"),
        Document("product", "OFF-001", "Lamp", facts, "OFF-001"),
    ]


def test_what_is_empty_is_left_out() -> None:
    bare = Product("X", "Thing", "", "", 100, "EUR", 3, {}, (), " ")
    assert [document.text for document in product_documents(bare)] == [
        "Price: 1.00 EUR\nAvailability: 3 in stock"
    ]


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00 EUR"), (5, "0.05 EUR"), (12900, "129.00 EUR")])
def test_a_price_has_two_decimals(cents: int, text: str) -> None:
    assert price_text(cents, "EUR") == text


def test_reviews_are_counted_by_product(tmp_path: Path) -> None:
    def review(sku: str, text: str) -> Review:
        return Review(sku, 4, date(2026, 1, 2), "Ada", "Fine", text)

    passages = shop_passages(
        [LAMP], [review("OFF-001", "A."), review("B", "B."), review("OFF-001", "C.")], tmp_path
    )
    assert [(p.document_id, p.title, p.text) for p in passages if p.kind == "review"] == [
        ("OFF-001/1", "Review of Lamp by Ada (4/5)", "A."),
        ("B/1", "Review of B by Ada (4/5)", "B."),
        ("OFF-001/2", "Review of Lamp by Ada (4/5)", "C."),
    ]
    assert review_document(review("B", "B."), 3, "Bag").id == "B/3"
