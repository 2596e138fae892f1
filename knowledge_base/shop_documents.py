"""Which documents does a shop consist of? Product pages, their facts, reviews, policies and FAQ, ready for
the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge_base.documents import Document, Passage, cut_into_passages
from knowledge_base.products import Product, Review
from knowledge_base.shop_pages import faq_document, read_faq, read_policies


def price_text(price_cents: int, currency: str) -> str:
    """``129.00 EUR``."""
    return f"{price_cents // 100}.{price_cents % 100:02d} {currency}"


def product_documents(product: Product) -> Iterator[Document]:
    """The description, then the facts as lines ``Name: value``; both belong to the same page."""
    if product.description.strip():
        yield Document("product", product.sku, product.name, product.description, product.sku)
    availability = f"{product.stock} in stock" if product.stock > 0 else "out of stock"
    facts = {
        "Price": price_text(product.price_cents, product.currency),
        "Availability": availability,
        "Brand": product.brand,
        "Category": product.category,
        **product.attributes,
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value.strip()]
    yield Document("product", product.sku, product.name, "\n".join(lines), product.sku)


def review_document(review: Review, number: int, product_name: str) -> Document:
    """``number`` counts the product's reviews from 1 and makes the id ``<sku>/<number>``."""
    title = f"Review of {product_name} by {review.author} ({review.rating}/5)"
    return Document("review", f"{review.sku}/{number}", title, review.text, review.sku)


def shop_passages(
    products: Iterable[Product], reviews: Iterable[Review], knowledge_dir: Path
) -> list[Passage]:
    """Every passage of the shop in a fixed order. Raises BrokenPage for a policy or FAQ file that cannot be
    read."""
    return [
        passage
        for document in _documents(products, reviews, knowledge_dir)
        for passage in cut_into_passages(document)
    ]


def _documents(
    products: Iterable[Product], reviews: Iterable[Review], knowledge_dir: Path
) -> Iterator[Document]:
    names = {}
    for product in products:
        names[product.sku] = product.name
        yield from product_documents(product)
    counts: dict[str, int] = {}
    for review in reviews:
        counts[review.sku] = counts.get(review.sku, 0) + 1
        yield review_document(review, counts[review.sku], names.get(review.sku, review.sku))
    yield from read_policies(knowledge_dir)
    yield from (faq_document(entry) for entry in read_faq(knowledge_dir))
