"""Are good files read whole, and is every problem of a bad one named?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.products import Product, Review
from knowledge_base.row_files import BrokenRows, UnknownFormat

LAMP: dict[str, Any] = {
    "sku": "L-1",
    "name": "Ovelle Reading Lamp",
    "brand": "Ovelle",
    "category": "Lamps",
    "price_cents": 4990,
    "currency": "EUR",
    "stock": 3,
    "attributes": {"Weight": "1.2 kg"},
    "tags": ["desk", "led"],
    "description": "A lamp.",
}
LAMP_PRODUCT = Product(
    "L-1",
    "Ovelle Reading Lamp",
    "Ovelle",
    "Lamps",
    4990,
    "EUR",
    3,
    {"Weight": "1.2 kg"},
    ("desk", "led"),
    "A lamp.",
)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(BrokenRows) as error:
        read_products(path)
    return str(error.value).splitlines()


def without(field: str, **changes: object) -> dict[str, object]:
    return {name: value for name, value in {**LAMP, **changes}.items() if name != field}


def test_json_lines_with_our_own_fields(tmp_path: Path) -> None:
    assert read_products(lines(tmp_path / "p.jsonl", LAMP, "")) == (LAMP_PRODUCT,)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_the_same_columns(tmp_path: Path, delimiter: str) -> None:
    cells = (
        "L-1",
        "Ovelle Reading Lamp",
        "Ovelle",
        "Lamps",
        "4990",
        "EUR",
        "3",
        '"Weight: 1.2 kg"',
        "desk|led",
        "A lamp.",
    )
    header = [
        "sku",
        "name",
        "brand",
        "category",
        "price_cents",
        "currency",
        "stock",
        "attributes",
        "tags",
        "description",
    ]
    path = lines(tmp_path / "p.csv", "\ufeff" + delimiter.join(header), delimiter.join(cells))
    assert read_products(path) == (LAMP_PRODUCT,)


def test_csv_cells_may_hold_line_breaks_and_json(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "p.csv",
        "sku,name,category,price,stock,attributes,tags,description",
        'L-1,Lamp,Lamps,49.9,3,"{""Weight"": ""1.2 kg""}","desk, led","One.',
        'Two."',
        "L-2,Lamp,Lamps,x,3,,,",
    )
    with pytest.raises(BrokenRows) as error:
        read_products(path)
    assert str(error.value) == (
        "p.csv, line 4, price: should be a price like 129.90, with a point and at most two decimals; came 'x'"
    )
    good = lines(tmp_path / "q.csv", *path.read_text().splitlines()[:3])
    assert read_products(good) == (
        Product(
            "L-1", "Lamp", "", "Lamps", 4990, "EUR", 3, {"Weight": "1.2 kg"}, ("desk", "led"), "One.\nTwo."
        ),
    )


@pytest.mark.parametrize(
    ("price", "cents"), [("49.90", 4990), (49.9, 4990), (129.99, 12999), (0.29, 29), (50, 5000)]
)
def test_a_price_may_be_in_whole_units(tmp_path: Path, price: object, cents: int) -> None:
    path = lines(tmp_path / "p.jsonl", without("price_cents", price=price))
    assert [product.price_cents for product in read_products(path)] == [cents]


@pytest.mark.parametrize("price", ["49,90", "49.999", -1, "1e99", "NaN", True, "", [], "9" * 5000])
def test_a_price_that_is_none_is_a_problem(tmp_path: Path, price: object) -> None:
    (problem,) = problems(lines(tmp_path / "p.jsonl", without("price_cents", price=price)))
    assert problem.startswith("p.jsonl, line 1, price: should be a price like 129.90")


def test_the_names_of_other_shops_are_understood(tmp_path: Path) -> None:
    row = {
        "id": "6579c22f-be2b",
        "name": "Backpack",
        "category": "accessories",
        "price": 129.99,
        "current_stock": 15,
        "description": "A pack.",
        "image": "a.jpg",
        "style": "backpack",
        "gender_affinity": "F",
        "promoted": True,
        "aliases": ["pack", "bag"],
        "link": None,
    }
    attributes = {
        "Aliases": "pack, bag",
        "Gender affinity": "F",
        "Image": "a.jpg",
        "Promoted": "yes",
        "Style": "backpack",
    }
    assert read_products(lines(tmp_path / "p.jsonl", row), currency="USD") == (
        Product("6579c22f-be2b", "Backpack", "", "accessories", 12999, "USD", 15, attributes, (), "A pack."),
    )


def test_every_problem_of_every_row_is_named(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "p.jsonl",
        {**LAMP, "stock": -1, "currency": "euro"},
        LAMP,
        "{broken",
        "[1]",
        {**LAMP, "sku": "a/b"},
        LAMP,
        without("name", sku="L-3"),
        {**LAMP, "sku": "L-4", "attributes": {"Weight": {"kg": 1}}},
        {**LAMP, "sku": "L-5", "name": "a\0b"},
        {**LAMP, "sku": "L-6", "price": "1.00"},
    )
    assert problems(path) == [
        "p.jsonl, line 1, currency: should be three letters like EUR (ISO 4217); came 'euro'",
        "p.jsonl, line 1, stock: should be a whole number from 0 to 2147483647; came -1",
        "p.jsonl, line 3, line: should be one JSON object; came '{broken'",
        "p.jsonl, line 4, line: should be one JSON object; came [1]",
        "p.jsonl, line 5, sku: should be 1 to 80 letters, digits or . _ : + -, the first a letter or digit; "
        "came 'a/b'",
        "p.jsonl, line 6, sku: should be there once in the file; line 2 has it too; came 'L-1'",
        "p.jsonl, line 7, name: should be a text of 1 to 300 characters; came nothing",
        "p.jsonl, line 8, attributes, Weight: should be a text of 0 to 1000 characters; came {'kg': 1}",
        "p.jsonl, line 9, name: should be a text of 1 to 300 characters without control characters; "
        "came 'a\\x00b'",
        "p.jsonl, line 10, price: should be the same as price_cents, 4990, or missing; came '1.00'",
    ]


def test_only_the_first_twenty_problems_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    shown = problems(lines(tmp_path / "p.jsonl", *["x"] * 25))
    assert (len(shown), shown[-1]) == (21, "and 5 more")


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    for name in ("p.jsonl", "p.csv"):
        (tmp_path / name).write_bytes(b"sku,name\n\xff\xfe,x\n")
        assert any(
            f"{name}, line 2, line: should be text in UTF-8" in line for line in problems(tmp_path / name)
        )


def test_a_csv_row_with_too_many_cells_is_a_problem(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.csv", "sku,name,category,price,stock", "a,b,c,1,2,3")
    assert problems(path) == ["p.csv, line 2, line: should be 5 cells as in the first line; came '6 cells'"]


def test_an_empty_file_holds_no_products(tmp_path: Path) -> None:
    assert read_products(lines(tmp_path / "p.jsonl")) == ()
    assert read_products(lines(tmp_path / "p.csv")) == ()


def test_the_format_follows_from_the_ending_or_is_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "products.txt", LAMP)
    assert read_products(path, "jsonl") == (LAMP_PRODUCT,)
    with pytest.raises(UnknownFormat, match=r"should end in \.jsonl, \.ndjson, \.csv; came '\.txt'"):
        read_products(path)
    with pytest.raises(UnknownFormat, match="came 'xml'"):
        read_products(path, "xml")


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", LAMP)
    seen: list[int] = []
    read_products(path, progress=seen.append)
    assert sum(seen) == path.stat().st_size


def test_reviews_in_our_columns_and_in_others(tmp_path: Path) -> None:
    ours = {
        "sku": "L-1",
        "rating": 4,
        "date": "2026-03-14",
        "author": "Ida",
        "title": "Good",
        "text": "Bright.",
    }
    others = {
        "product_id": "L-1",
        "stars": "4",
        "created_at": "2026-03-14T10:00:00Z",
        "name": "Ida",
        "body": "Bright.",
    }
    review = Review("L-1", 4, date(2026, 3, 14), "Ida", "Good", "Bright.")
    assert read_reviews(lines(tmp_path / "a.jsonl", ours), skus={"L-1"}) == (review,)
    assert read_reviews(lines(tmp_path / "b.jsonl", others)) == (
        Review("L-1", 4, date(2026, 3, 14), "Ida", "", "Bright."),
    )


def test_bad_reviews_are_named_too(tmp_path: Path) -> None:
    row = {"sku": "X-1", "rating": 6, "date": "14.3.2026", "author": "Ida", "title": "", "text": "Bright."}
    with pytest.raises(BrokenRows) as error:
        read_reviews(lines(tmp_path / "r.jsonl", row), skus={"L-1"})
    assert str(error.value).splitlines() == [
        "r.jsonl, line 1, rating: should be a whole number from 1 to 5; came 6",
        "r.jsonl, line 1, date: should be a date like 2026-03-14; came '14.3.2026'",
        "r.jsonl, line 1, title: should be a text of 1 to 20000 characters; came ''",
        "r.jsonl, line 1, sku: should be a product in the catalogue; came 'X-1'",
    ]


def test_the_whole_sample_shop_can_be_read() -> None:
    sample = Path("knowledge_base/sample")
    products = [p for path in sorted((sample / "products").glob("*.jsonl")) for p in read_products(path)]
    skus = {product.sku for product in products}
    reviews = [
        r for path in sorted((sample / "reviews").glob("*.jsonl")) for r in read_reviews(path, skus=skus)
    ]
    assert len(skus) == len(products) >= 120
    assert len(reviews) >= 300
