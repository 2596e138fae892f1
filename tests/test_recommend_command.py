"""Does ``storekeep recommend`` tell what chat and site would show, and refuse what it cannot use?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.assembly import open_shop
from bot.cli.storekeep import main
from bot.customers import Customer
from bot.settings import Settings
from bot.shoppers.events import Event
from knowledge_base.products import Product

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHELF = (
    Product("OFF-001", "Stavell Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, ("lamp",), ""),
    Product("OFF-002", "Stavell Desk", "Stavell", "Office", 30000, "EUR", 3, {}, ("desk",), ""),
)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anna agreed to profiling and looked at a desk; Ben did not agree."""
    url = f"sqlite:///{tmp_path}/storekeep.db"
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STOREKEEP_DATABASE_URL", url)
    opened = open_shop(Settings(data_dir=tmp_path, database_url=url), lambda: NOON)
    opened.catalogue.put_products(SHELF)
    opened.customers.add(
        [
            Customer("C00001", "anna@mail.example", "Anna", "DE", NOON, True),
            Customer("C00002", "ben@mail.example", "Ben", "DE", NOON),
        ]
    )
    opened.events.record([Event("e1", "Product Viewed", NOON, "C00001", None, "OFF-002")])
    opened.database.close()


def recommend(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["recommend", *arguments])


def test_it_answers_in_the_agreed_json() -> None:
    result = recommend("C00001", "-n", "2", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, set(answer)) == (0, {"items", "milliseconds"})
    assert {tuple(item) for item in answer["items"]} == {("sku", "name", "score", "reason")}
    assert {item["sku"] for item in answer["items"]} <= {"OFF-001", "OFF-002"}


def test_it_answers_in_lines_that_people_read() -> None:
    result = recommend("C00001")
    assert result.exit_code == 0
    assert any(
        line.startswith("OFF-001  Stavell Lamp") and "49.50 EUR" in line for line in result.stdout.split("\n")
    )


def test_who_did_not_agree_gets_what_is_popular_and_that_is_said() -> None:
    result = recommend("C00002", "--json")
    assert (result.exit_code, json.loads(result.stdout)["items"] != []) == (0, True)
    assert "C00002 did not agree to profiling" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("C99999",), "CUSTOMER_ID should be a customer's id, such as C00017; came 'C99999'."),
        (("C00001", "--wish", "  "), "--wish should be text of 1 to 2000 characters; came 0."),
        (("C00001", "--wish", "x" * 2001), "came 2001"),
        (("C00001", "-n", "0"), "0 is not in the range"),
        ((), "Missing argument 'CUSTOMER_ID'"),
    ],
)
def test_what_cannot_be_used_is_said_with_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    result = recommend(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
