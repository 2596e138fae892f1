"""What is in the sample shop? Read from its files, for the tests that look at it as a whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.products import Product, Review

SAMPLE = Path(__file__).parents[1] / "knowledge_base" / "sample"


@cache
def sample_products() -> tuple[Product, ...]:
    return tuple(p for path in sorted((SAMPLE / "products").glob("*.jsonl")) for p in read_products(path))


@cache
def sample_reviews() -> tuple[Review, ...]:
    return tuple(r for path in sorted((SAMPLE / "reviews").glob("*.jsonl")) for r in read_reviews(path))
