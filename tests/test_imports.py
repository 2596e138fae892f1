"""Does ``storekeep import`` bring in a whole file, or say what is wrong and bring in nothing?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.catalogue import Catalogue
from bot.cli.imports import command
from bot.database.connection import Database

LAMP = {
    "id": "L-1",
    "title": "Lamp",
    "category": "Lamps",
    "price": "49.90",
    "inventory": 3,
    "description": "Shines.",
}


class Shop:
    """A shop's command line and its catalogue."""

    def __init__(self, url: str, folder: Path, database: Database) -> None:
        self._runner = CliRunner(env={"STOREKEEP_DATABASE_URL": url, "STOREKEEP_DATA_DIR": str(folder)})
        self._folder = folder
        self.catalogue = Catalogue(database)

    def bring_in(self, kind: str, *rows: object, options: tuple[str, ...] = ()) -> Result:
        path = self._folder / "rows.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return self._runner.invoke(command, [kind, str(path), *options])


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    database = Database(database_url)
    database.upgrade()
    yield Shop(database_url, tmp_path, database)
    database.close()


def test_products_come_in_and_a_second_time_nothing_changes(shop: Shop) -> None:
    first = shop.bring_in("products", LAMP, options=("--json", "--currency", "USD"))
    assert json.loads(first.stdout) == {"added": 1, "changed": 0, "unchanged": 0}
    second = shop.bring_in("products", LAMP, options=("--currency", "USD"))
    assert second.stdout.startswith("products: 0 added, 0 changed, 1 unchanged.")
    product = shop.catalogue.product("L-1")
    assert product is not None
    assert (product.price_cents, product.currency, product.stock) == (4990, "USD", 3)


def test_reviews_come_in_for_products_that_are_there(shop: Shop) -> None:
    review = {
        "sku": "L-1",
        "rating": 4,
        "date": "2026-03-14",
        "author": "Ida",
        "title": "Good",
        "text": "Bright.",
    }
    missing = shop.bring_in("reviews", review)
    assert missing.exit_code == 2
    assert "rows.jsonl, line 1, sku: should be a product in the catalogue; came 'L-1'" in missing.stderr
    shop.bring_in("products", LAMP)
    assert json.loads(shop.bring_in("reviews", review, options=("--json",)).stdout)["added"] == 1


def test_one_broken_row_keeps_all_rows_out(shop: Shop) -> None:
    result = shop.bring_in("products", LAMP, {**LAMP, "id": "L-2", "inventory": "many"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: rows.jsonl, line 2, stock: should be a whole number from 0 to 2147483647; came 'many'\n"
    )
    assert shop.catalogue.products() == ()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("orders", ()),
        ("customers", ()),
        ("events", ()),
        ("products", ("--format", "shopify")),
        ("reviews", ("--format", "google")),
    ],
)
def test_what_cannot_be_imported_says_what_can(shop: Shop, kind: str, options: tuple[str, ...]) -> None:
    result = shop.bring_in(kind, LAMP, options=options)
    assert result.exit_code == 2
    assert "supported are products and reviews as jsonl and csv" in result.stderr


def test_a_big_file_shows_its_progress_on_stderr(shop: Shop) -> None:
    rows = [{**LAMP, "id": f"L-{number}", "description": "x" * 9000} for number in range(300)]
    result = shop.bring_in("products", *rows, options=("--json",))
    assert json.loads(result.stdout)["added"] == 300
    assert "rows.jsonl" in result.stderr


def test_a_currency_that_is_none_is_refused(shop: Shop) -> None:
    result = shop.bring_in("products", LAMP, options=("--currency", "euro"))
    assert result.exit_code == 2
    assert "--currency should be three capitals like EUR" in result.stderr
