"""Is the sample shop as large, varied and consistent as it should be?"""

from __future__ import annotations

import re
from collections import Counter

from sample_shop import SAMPLE, sample_products, sample_reviews

from knowledge_base.shop_details import read_shop_details
from knowledge_base.shop_documents import shop_passages
from knowledge_base.shop_pages import read_faq, read_policies

SHARED_WORDS = 8


def test_it_sells_many_products_in_many_categories() -> None:
    counts = Counter(product.category for product in sample_products())
    assert sum(counts.values()) >= 120
    assert len(counts) >= 8
    assert min(counts.values()) >= 5


def test_every_product_has_its_own_sku_and_name() -> None:
    products = sample_products()
    assert (
        len({product.sku for product in products})
        == len({product.name for product in products})
        == len(products)
    )


def test_every_product_has_a_price_a_brand_and_facts() -> None:
    wrong = [
        product.sku
        for product in sample_products()
        if product.price_cents <= 0
        or product.stock < 0
        or product.currency != "EUR"
        or not product.brand
        or not product.tags
        or len(product.attributes) < 3
    ]
    assert wrong == []


def test_every_description_has_80_to_200_words() -> None:
    lengths = {product.sku: len(product.description.split()) for product in sample_products()}
    assert {sku: length for sku, length in lengths.items() if not 80 <= length <= 200} == {}


def test_no_two_descriptions_share_a_run_of_words() -> None:
    seen: dict[tuple[str, ...], str] = {}
    shared = set()
    for product in sample_products():
        words = re.findall(r"\w+", product.description.lower())
        for begin in range(len(words) - SHARED_WORDS + 1):
            run = tuple(words[begin : begin + SHARED_WORDS])
            if seen.setdefault(run, product.sku) != product.sku:
                shared.add((seen[run], product.sku, " ".join(run)))
    assert shared == set()


def test_it_has_many_reviews_of_products_that_it_sells() -> None:
    reviews, skus = sample_reviews(), {product.sku for product in sample_products()}
    assert len(reviews) >= 300
    assert {review.sku for review in reviews} - skus == set()
    assert {review.rating for review in reviews} <= {1, 2, 3, 4, 5}
    assert len({review.text for review in reviews}) == len(reviews)


def test_it_answers_many_frequent_questions() -> None:
    entries = read_faq(SAMPLE)
    assert len(entries) >= 40
    assert len({entry.id for entry in entries}) == len({entry.question for entry in entries}) == len(entries)


def test_it_has_its_six_policies() -> None:
    pages = {document.id.partition("#")[0] for document in read_policies(SAMPLE)}
    assert pages == {"account", "payment", "privacy", "returns", "shipping", "warranty"}


def test_every_section_of_a_policy_has_its_own_link() -> None:
    ids = [document.id for document in read_policies(SAMPLE)]
    assert len(set(ids)) == len(ids)


def test_it_says_who_it_is() -> None:
    assert read_shop_details(SAMPLE).name == "Larkfield Supply"


def test_every_page_is_searched() -> None:
    passages = shop_passages(sample_products(), sample_reviews(), SAMPLE)
    skus = {product.sku for product in sample_products()}
    assert {passage.document_id for passage in passages if passage.kind == "product"} == skus
    assert len([p for p in passages if p.kind == "review"]) >= len(sample_reviews())
    assert all(passage.text.strip() and len(passage.text.split()) <= 120 for passage in passages)
